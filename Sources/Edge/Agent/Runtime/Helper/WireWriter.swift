/// Flat bytes for C: see wire.h. Numbers are native-endian; a string is its length, its bytes, a NUL and padding
/// to four bytes.
struct WireWriter {
    private(set) var bytes: [UInt8] = []

    mutating func append(_ value: UInt32) {
        withUnsafeBytes(of: value) { bytes.append(contentsOf: $0) }
    }

    mutating func append(_ value: UInt64) {
        withUnsafeBytes(of: value) { bytes.append(contentsOf: $0) }
    }

    mutating func append(_ text: String) {
        append(blob: text.utf8)
    }

    mutating func append(blob: some Collection<UInt8>) {
        append(UInt32(blob.count))
        bytes.append(contentsOf: blob)
        bytes.append(contentsOf: repeatElement(0, count: 4 - blob.count % 4))
    }

    mutating func append(_ texts: [String]) {
        append(UInt32(texts.count))
        for text in texts { append(text) }
    }

    /// A number written earlier is replaced.
    mutating func patch(_ value: UInt32, at offset: Int) {
        withUnsafeBytes(of: value) { bytes.replaceSubrange(offset..<offset + 4, with: $0) }
    }
}

/// The other direction. Reading past the end gives nil once, and every time after that.
struct WireReader {
    private let bytes: [UInt8]
    private var offset = 0

    init(_ bytes: [UInt8], from offset: Int = 0) {
        self.bytes = bytes
        self.offset = offset
    }

    private mutating func take(_ count: Int) -> Range<Int>? {
        guard count >= 0, bytes.count - offset >= count else {
            offset = bytes.count
            return nil
        }
        defer { offset += count }
        return offset..<offset + count
    }

    mutating func u32() -> UInt32? {
        guard let range = take(4) else { return nil }
        return bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: range.lowerBound, as: UInt32.self) }
    }

    mutating func u64() -> UInt64? {
        guard let range = take(8) else { return nil }
        return bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: range.lowerBound, as: UInt64.self) }
    }

    mutating func string() -> String? {
        guard let count = u32().map(Int.init), let range = take(count + 4 - count % 4) else { return nil }
        return String(decoding: bytes[range.lowerBound..<range.lowerBound + count], as: UTF8.self)
    }
}
