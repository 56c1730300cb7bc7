/// Reads the fields of one protobuf message. Lengths are checked against what is there before anything is
/// made of them; nothing is copied until a value is asked for.
public struct ProtobufReader {
    public struct Field: Sendable, Equatable {
        public let number: Int
        public let value: Value
        /// Where the field begins.
        public let offset: Int
    }

    public enum Value: Sendable, Equatable {
        case varint(UInt64)
        case fixed64(UInt64)
        case fixed32(UInt32)
        /// A string, bytes, a message or packed scalars: where they stand.
        case bytes(Range<Int>)
    }

    private let bytes: [UInt8]
    private var index: Int
    private let end: Int

    public init(_ bytes: [UInt8]) {
        self.init(bytes, 0..<bytes.count)
    }

    /// A message inside another one.
    public init(_ bytes: [UInt8], _ range: Range<Int>) {
        self.bytes = bytes
        index = range.lowerBound
        end = min(range.upperBound, bytes.count)
    }

    public var isAtEnd: Bool { index >= end }

    /// The next field; nil at the end of the message.
    public mutating func next() throws(ProtobufError) -> Field? {
        guard index < end else { return nil }
        let offset = index
        let tag = try varint()
        let number = tag >> 3
        guard number > 0, number < 1 << 29 else {
            throw ProtobufError("illegal tag \(number)", offset: offset)
        }
        let value: Value
        switch tag & 7 {
        case 0: value = .varint(try varint())
        case 1: value = .fixed64(try fixed(8))
        case 2: value = .bytes(try lengthDelimited())
        case 5: value = .fixed32(UInt32(truncatingIfNeeded: try fixed(4)))
        default: throw ProtobufError("illegal wireType \(tag & 7)", offset: offset)
        }
        return Field(number: Int(number), value: value, offset: offset)
    }

    /// Seven bits a byte, the lowest first; at most ten bytes.
    public mutating func varint() throws(ProtobufError) -> UInt64 {
        let start = index
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), through: 63, by: 7) {
            guard index < end else { throw ProtobufError("unexpected EOF", offset: index) }
            let byte = bytes[index]
            index += 1
            if shift == 63, byte > 1 { break }
            value |= UInt64(byte & 0x7f) << shift
            if byte & 0x80 == 0 { return value }
        }
        throw ProtobufError("integer overflow", offset: start)
    }

    private mutating func fixed(_ count: Int) throws(ProtobufError) -> UInt64 {
        guard end - index >= count else { throw ProtobufError("unexpected EOF", offset: index) }
        var value: UInt64 = 0
        for place in 0..<count { value |= UInt64(bytes[index + place]) << UInt64(8 * place) }
        index += count
        return value
    }

    private mutating func lengthDelimited() throws(ProtobufError) -> Range<Int> {
        let start = index
        let length = try varint()
        guard length <= UInt64(end - index) else {
            throw ProtobufError(
                length > UInt64(Int.max) ? "negative length found" : "unexpected EOF", offset: start)
        }
        let range = index..<index + Int(length)
        index = range.upperBound
        return range
    }
}
