import EdgeJSON
import Testing

struct ProtobufReaderTests {
    private func fields(_ bytes: [UInt8]) throws -> [ProtobufReader.Field] {
        var reader = ProtobufReader(bytes)
        var fields: [ProtobufReader.Field] = []
        while let field = try reader.next() { fields.append(field) }
        return fields
    }

    @Test func `reads all wire types`() throws {
        let read = try fields([
            0x08, 0x96, 0x01,  // 1: varint 150
            0x12, 0x02, 0x68, 0x69,  // 2: bytes "hi"
            0x19, 1, 0, 0, 0, 0, 0, 0, 0x80,  // 3: fixed64
            0x25, 2, 0, 0, 0,  // 4: fixed32
            0x28, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01,  // 5: varint -1
        ])
        #expect(read.map(\.number) == [1, 2, 3, 4, 5])
        #expect(
            read.map(\.value) == [
                .varint(150), .bytes(5..<7), .fixed64(0x8000_0000_0000_0001), .fixed32(2), .varint(.max),
            ])
    }

    @Test(
        arguments: [
            ([0x08], "unexpected EOF"), ([0x08, 0x80], "unexpected EOF"),
            ([0x12, 0x05, 0x01], "unexpected EOF"),
            ([0x12, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01], "negative length found"),
            ([0x12, 0xff, 0xff, 0xff, 0xff, 0x7f], "unexpected EOF"), ([0x19, 1], "unexpected EOF"),
            ([0x00, 0x00], "illegal tag 0"), ([0x0b], "illegal wireType 3"), ([0x0f], "illegal wireType 7"),
            ([0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02], "integer overflow"),
            ([0x08, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00], "integer overflow"),
        ] as [([UInt8], String)])
    func `refuses broken messages`(bytes: [UInt8], message: String) {
        let error = #expect(throws: ProtobufError.self) { try fields(bytes) }
        #expect(error?.message == message)
    }

    @Test func `stays inside its range`() throws {
        var reader = ProtobufReader([0x08, 0x01, 0x08, 0x02], 0..<2)
        #expect(try reader.next()?.value == .varint(1))
        #expect(try reader.next() == nil)
    }

    @Test func `reads what the writer writes`() throws {
        var inner = ProtobufWriter()
        inner.field(1, integer: -5)
        var writer = ProtobufWriter()
        writer.field(1, varint: 300)
        writer.field(2, string: "é")
        writer.field(3, double: -1.5)
        writer.field(4, message: inner)
        writer.field(5, bool: true)
        let read = try fields(writer.bytes)
        #expect(read[0].value == .varint(300))
        #expect(read[2].value == .fixed64((-1.5).bitPattern))
        guard case .bytes(let range) = read[3].value else { return #expect(Bool(false)) }
        #expect(try fields(Array(writer.bytes[range])).first?.value == .varint(UInt64(bitPattern: -5)))
        #expect(read[4].value == .varint(1))
    }
}
