/// A value inside encoded canonical JSON: found and compared without decoding the text around it.
public struct EncodedValue: Sendable {
    public let bytes: [UInt8]
    /// Where in `bytes` the value stands.
    public let range: Range<Int>

    /// The whole text.
    public init(_ bytes: [UInt8]) {
        self.bytes = bytes
        range = 0..<bytes.count
    }

    private init(_ bytes: [UInt8], _ range: Range<Int>) {
        self.bytes = bytes
        self.range = range
    }

    /// The value at the end of a path of members; nil where there is none.
    public subscript(path: EncodedPath) -> EncodedValue? {
        bytes.withUnsafeBytes { buffer in
            var scanner = JSONScanner(buffer, range)
            for key in path.keys {
                guard scanner.enterMember(key) else { return nil }
            }
            let start = scanner.index
            scanner.skipValue()
            return scanner.index > start ? EncodedValue(bytes, start..<scanner.index) : nil
        }
    }

    /// The encoded text of the value.
    public var text: ArraySlice<UInt8> { bytes[range] }

    public var isNull: Bool { bytes[range].elementsEqual("null".utf8) }

    /// The value when it is a string.
    public var string: String? {
        guard range.count >= 2, bytes[range.lowerBound] == UInt8(ascii: "\"") else { return nil }
        let inner = bytes[range.lowerBound + 1..<range.upperBound - 1]
        guard inner.contains(UInt8(ascii: "\\")) else { return String(decoding: inner, as: UTF8.self) }
        return decoded?.string
    }

    /// Whether the value is this string.
    public func isString(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { expected in
            guard range.count == expected.count + 2 else {
                return string == String(decoding: expected, as: UTF8.self)
            }
            let inner = bytes[range.lowerBound + 1..<range.upperBound - 1]
            return bytes[range.lowerBound] == UInt8(ascii: "\"")
                && (inner.elementsEqual(expected) || string == String(decoding: expected, as: UTF8.self))
        }
    }

    /// The value decoded; nil for a damaged text.
    public var decoded: JSONValue? { try? JSONParser.parse(bytes[range]) }

    /// The string members of an object such as `metadata.labels`, in their order; stops when `body` returns
    /// false. Members that are no strings are passed over.
    public func forEachStringMember(_ body: (_ key: String, _ value: EncodedValue) -> Bool) {
        bytes.withUnsafeBytes { buffer in
            var scanner = JSONScanner(buffer, range)
            guard scanner.take(UInt8(ascii: "{")) else { return }
            while scanner.current == UInt8(ascii: "\"") {
                let keyStart = scanner.index
                scanner.skipString()
                let key = EncodedValue(bytes, keyStart..<scanner.index).string ?? ""
                guard scanner.take(UInt8(ascii: ":")) else { return }
                let start = scanner.index
                scanner.skipValue()
                guard scanner.index > start else { return }
                if bytes[start] == UInt8(ascii: "\""), !body(key, EncodedValue(bytes, start..<scanner.index))
                {
                    return
                }
                guard scanner.take(UInt8(ascii: ",")) else { return }
            }
        }
    }
}
