/// Walks over encoded JSON without making values of it. Values that are passed over are skipped at the speed
/// of a byte loop, strings eight bytes at a time. The text must be what `JSONWriter` writes; of anything else
/// it finds nothing, or a range inside the text.
struct JSONScanner {
    private let base: UnsafeRawPointer
    private let end: Int
    private(set) var index: Int

    init(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) {
        // An empty buffer has no address; its end is 0, so it is never read.
        base = bytes.baseAddress ?? UnsafeRawPointer(bitPattern: 1).unsafelyUnwrapped
        index = range.lowerBound
        end = min(range.upperBound, bytes.count)
    }

    private func byte(_ place: Int) -> UInt8 { base.load(fromByteOffset: place, as: UInt8.self) }

    /// The byte at the index; 0 at the end.
    var current: UInt8 { index < end ? byte(index) : 0 }

    mutating func take(_ expected: UInt8) -> Bool {
        guard index < end, byte(index) == expected else { return false }
        index += 1
        return true
    }

    /// From the begin of an object to the value of the member with this encoded key.
    mutating func enterMember(_ key: [UInt8]) -> Bool {
        guard take(UInt8(ascii: "{")) else { return false }
        while index < end, byte(index) == UInt8(ascii: "\"") {
            let start = index
            skipString()
            let isMatch = index - start == key.count && isEqual(key, at: start)
            guard take(UInt8(ascii: ":")) else { return false }
            if isMatch { return true }
            skipValue()
            guard take(UInt8(ascii: ",")) else { return false }
        }
        return false
    }

    private func isEqual(_ key: [UInt8], at start: Int) -> Bool {
        var offset = 0
        while offset < key.count {
            if byte(start + offset) != key[offset] { return false }
            offset += 1
        }
        return true
    }

    /// Behind the value that begins here.
    mutating func skipValue() {
        guard index < end else { return }
        switch byte(index) {
        case UInt8(ascii: "\""): skipString()
        case UInt8(ascii: "{"), UInt8(ascii: "["): skipNested()
        default: skipScalar()
        }
    }

    private mutating func skipScalar() {
        while index < end {
            switch byte(index) {
            case UInt8(ascii: ","), UInt8(ascii: "}"), UInt8(ascii: "]"): return
            default: index += 1
            }
        }
    }

    private mutating func skipNested() {
        var depth = 0
        while index < end {
            switch byte(index) {
            case UInt8(ascii: "\""): skipString()
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
                index += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                index += 1
                if depth == 0 { return }
            default: index += 1
            }
        }
    }

    /// Behind the closing quote. Looks at eight bytes at once for a quote or a backslash.
    mutating func skipString() {
        index += 1
        while true {
            while index + 8 <= end {
                let word = base.loadUnaligned(fromByteOffset: index, as: UInt64.self)
                let hits = Self.zeroBytes(word ^ Self.quotes) | Self.zeroBytes(word ^ Self.backslashes)
                if hits != 0 {
                    index += UInt64(littleEndian: hits).trailingZeroBitCount / 8
                    break
                }
                index += 8
            }
            guard index < end else { return }
            switch byte(index) {
            case UInt8(ascii: "\""):
                index += 1
                return
            case UInt8(ascii: "\\"): index = min(index + 2, end)
            default: index += 1
            }
        }
    }

    private static let quotes: UInt64 = 0x2222_2222_2222_2222
    private static let backslashes: UInt64 = 0x5c5c_5c5c_5c5c_5c5c

    /// The high bit of each byte that is zero; the lowest set bit is exact.
    private static func zeroBytes(_ word: UInt64) -> UInt64 {
        (word &- 0x0101_0101_0101_0101) & ~word & 0x8080_8080_8080_8080
    }
}
