/// Reads integers, byte runs and attributes with every bound checked.
struct NetlinkReader {
    private let bytes: ArraySlice<UInt8>
    var position: Int

    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        position = bytes.startIndex
    }

    var remaining: Int { bytes.endIndex - position }

    mutating func read<T: FixedWidthInteger>(_ type: T.Type) throws -> T {
        let size = T.bitWidth / 8
        let value = T(hostOrder: try take(size))
        return value
    }

    mutating func take(_ count: Int) throws -> ArraySlice<UInt8> {
        guard count >= 0, remaining >= count else {
            throw NetlinkFormatError(what: "field", detail: "\(count) bytes wanted, \(remaining) left")
        }
        defer { position += count }
        return bytes[position..<position + count]
    }

    /// All attributes from here to the end.
    mutating func attributes() throws -> NetlinkAttributes {
        var list: [(type: UInt16, value: ArraySlice<UInt8>)] = []
        while remaining >= NLA.headerLength {
            let start = position
            let length = Int(try read(UInt16.self))
            let type = try read(UInt16.self) & NLA.typeMask
            guard length >= NLA.headerLength, start + length <= bytes.endIndex else {
                throw NetlinkFormatError(what: "attribute \(type)", detail: "length \(length) does not fit")
            }
            list.append((type, bytes[start + NLA.headerLength..<start + length]))
            position = min(start + (length + 3) & ~3, bytes.endIndex)
        }
        return NetlinkAttributes(list: list)
    }
}

/// The attributes of a message or of a nested attribute, in their order.
struct NetlinkAttributes {
    let list: [(type: UInt16, value: ArraySlice<UInt8>)]

    /// The value of the first attribute of a type.
    subscript(type: UInt16) -> ArraySlice<UInt8>? {
        list.first { $0.type == type }?.value
    }

    /// An integer in host order; nil when the attribute is absent or of another size.
    func integer<T: FixedWidthInteger>(_ type: UInt16, as: T.Type = T.self) -> T? {
        guard let value = self[type], value.count == T.bitWidth / 8 else { return nil }
        return T(hostOrder: value)
    }

    func networkOrder<T: FixedWidthInteger>(_ type: UInt16, as: T.Type = T.self) -> T? {
        integer(type, as: T.self).map { T(bigEndian: $0) }
    }

    /// A string up to its NUL.
    func string(_ type: UInt16) -> String? {
        self[type].map { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }

    /// The attributes within an attribute; empty when it is absent.
    func nested(_ type: UInt16) throws -> NetlinkAttributes {
        guard let value = self[type] else { return NetlinkAttributes(list: []) }
        return try NetlinkAttributes(of: value)
    }
}

extension NetlinkAttributes {
    init(of bytes: ArraySlice<UInt8>) throws {
        var reader = NetlinkReader(bytes)
        self = try reader.attributes()
    }
}

extension FixedWidthInteger {
    /// From exactly as many bytes as the integer has, in host order.
    init(hostOrder bytes: ArraySlice<UInt8>) {
        var value = Self.zero
        withUnsafeMutableBytes(of: &value) { $0.copyBytes(from: bytes.prefix(Self.bitWidth / 8)) }
        self = value
    }
}
