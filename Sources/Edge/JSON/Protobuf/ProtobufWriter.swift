/// Writes protobuf messages into a byte array.
public struct ProtobufWriter {
    public private(set) var bytes: [UInt8] = []

    public init() {}

    public mutating func varint(_ value: UInt64) {
        var value = value
        while value >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: value) | 0x80)
            value >>= 7
        }
        bytes.append(UInt8(value))
    }

    private mutating func tag(_ number: Int, _ wireType: UInt64) {
        varint(UInt64(number) << 3 | wireType)
    }

    public mutating func field(_ number: Int, varint value: UInt64) {
        tag(number, 0)
        varint(value)
    }

    /// A negative number takes ten bytes, as in Go.
    public mutating func field(_ number: Int, integer value: Int64) {
        field(number, varint: UInt64(bitPattern: value))
    }

    public mutating func field(_ number: Int, bool value: Bool) {
        field(number, varint: value ? 1 : 0)
    }

    public mutating func field(_ number: Int, double value: Double) {
        tag(number, 1)
        for shift in stride(from: UInt64(0), to: 64, by: 8) {
            bytes.append(UInt8(truncatingIfNeeded: value.bitPattern >> shift))
        }
    }

    public mutating func field(_ number: Int, bytes value: some Collection<UInt8>) {
        tag(number, 2)
        varint(UInt64(value.count))
        bytes.append(contentsOf: value)
    }

    public mutating func field(_ number: Int, string value: String) {
        field(number, bytes: value.utf8)
    }

    public mutating func field(_ number: Int, message value: ProtobufWriter) {
        field(number, bytes: value.bytes)
    }

    /// Appends bytes that are fields already.
    public mutating func append(_ fields: some Sequence<UInt8>) {
        bytes.append(contentsOf: fields)
    }
}
