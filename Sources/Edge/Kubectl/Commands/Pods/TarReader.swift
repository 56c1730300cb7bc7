/// Takes a tar stream apart as it arrives.
struct TarReader {
    enum Event: Equatable {
        case entry(TarArchive.Entry)
        /// A piece of the content of the last entry.
        case content([UInt8])
        /// The content of the last entry is complete.
        case endOfEntry
    }

    /// How long a name in an extension entry may be.
    private static let maximumName = 64 << 10

    private var buffer: [UInt8] = []
    private var remaining = 0
    private var skipping = 0
    private var isInEntry = false
    private var longName: (collected: [UInt8], isPax: Bool)?
    private var nextName: String?

    /// What can be read now that `bytes` have come. Throws for a broken archive.
    mutating func read(_ bytes: [UInt8]) throws -> [Event] {
        buffer += bytes
        var events: [Event] = []
        var index = 0
        while true {
            if remaining > 0 {
                let count = min(remaining, buffer.count - index)
                guard count > 0 else { break }
                try take(Array(buffer[index..<index + count]), into: &events)
                index += count
                remaining -= count
                if remaining > 0 { break }
            }
            if isInEntry, remaining == 0 { finish(into: &events) }
            if skipping > 0 {
                let count = min(skipping, buffer.count - index)
                index += count
                skipping -= count
                if skipping > 0 { break }
            }
            guard buffer.count - index >= TarArchive.blockSize else { break }
            try header(buffer[index..<index + TarArchive.blockSize], into: &events)
            index += TarArchive.blockSize
        }
        buffer.removeFirst(index)
        return events
    }

    private mutating func take(_ bytes: [UInt8], into events: inout [Event]) throws {
        if longName != nil {
            longName?.collected += bytes
        } else {
            events.append(.content(bytes))
        }
    }

    private mutating func finish(into events: inout [Event]) {
        isInEntry = false
        guard let name = longName else { return events.append(.endOfEntry) }
        longName = nil
        if name.isPax {
            nextName = Self.paxPath(name.collected) ?? nextName
        } else {
            nextName = String(decoding: name.collected.prefix { $0 != 0 }, as: UTF8.self)
        }
    }

    private mutating func header(_ block: ArraySlice<UInt8>, into events: inout [Event]) throws {
        let block = Array(block)
        if block.allSatisfy({ $0 == 0 }) { return }
        var sum = 0
        for (index, byte) in block.enumerated() { sum += (148..<156).contains(index) ? 0x20 : Int(byte) }
        guard Self.octal(block[148..<156]) == sum, let size = Self.number(block[124..<136]), size >= 0 else {
            throw KubectlError("tar contents corrupted")
        }
        let type = block[156]
        remaining = size
        skipping = TarArchive.padding(size)
        isInEntry = true
        switch type {
        case UInt8(ascii: "L"), UInt8(ascii: "x"):
            guard size <= Self.maximumName else {
                throw KubectlError("tar contents corrupted: name too long")
            }
            longName = ([], type == UInt8(ascii: "x"))
        case UInt8(ascii: "g"):
            guard size <= Self.maximumName else {
                throw KubectlError("tar contents corrupted: header too long")
            }
            // Global headers hold nothing that matters here; kept apart from contents and thrown away.
            longName = (Array("0\n".utf8), true)
        default:
            let mode = UInt32(truncatingIfNeeded: Self.octal(block[100..<108]) ?? 0o644)
            let kind: TarArchive.Entry.Kind =
                switch type {
                case 0, UInt8(ascii: "0"), UInt8(ascii: "7"): .file
                case UInt8(ascii: "5"): .directory
                default: .other(type)
                }
            events.append(.entry(.init(path: name(block), kind: kind, mode: mode & 0o777, size: size)))
        }
    }

    private mutating func name(_ block: [UInt8]) -> String {
        if let name = nextName {
            nextName = nil
            return name
        }
        let name = String(decoding: block[0..<100].prefix { $0 != 0 }, as: UTF8.self)
        let isUstar = block[257..<262].elementsEqual("ustar".utf8) && block[262] == 0
        let prefix = isUstar ? String(decoding: block[345..<500].prefix { $0 != 0 }, as: UTF8.self) : ""
        return prefix.isEmpty ? name : "\(prefix)/\(name)"
    }

    private static func octal(_ field: ArraySlice<UInt8>) -> Int? {
        var value = 0
        var hasDigit = false
        for byte in field {
            if byte == 0x20, !hasDigit { continue }
            guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "7") else { break }
            hasDigit = true
            value = value << 3 | Int(byte - UInt8(ascii: "0"))
        }
        return hasDigit ? value : nil
    }

    /// Octal digits, or GNU's base-256 form for sizes above 8 GiB.
    private static func number(_ field: ArraySlice<UInt8>) -> Int? {
        guard let first = field.first, first & 0x80 != 0 else { return octal(field) }
        guard first == 0x80 else { return nil }
        var value: UInt64 = 0
        for byte in field.dropFirst() {
            guard value >> 55 == 0 else { return nil }
            value = value << 8 | UInt64(byte)
        }
        return Int(exactly: value)
    }

    /// The `path` record of a pax header: lines of `<length> <key>=<value>\n`.
    private static func paxPath(_ bytes: [UInt8]) -> String? {
        for line in bytes.split(separator: UInt8(ascii: "\n")) {
            guard let space = line.firstIndex(of: UInt8(ascii: " ")) else { continue }
            let record = line[(space + 1)...]
            if record.starts(with: "path=".utf8) {
                return String(decoding: record.dropFirst(5), as: UTF8.self)
            }
        }
        return nil
    }
}
