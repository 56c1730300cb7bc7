internal import NIOCore

/// Writes frames; the compression of headers makes their order matter.
struct SPDYFrameEncoder {
    private static let fin: UInt8 = 1

    private let deflater: SPDYHeaderDeflater

    init() throws(StreamError) {
        deflater = try SPDYHeaderDeflater()
    }

    mutating func encode(_ frame: SPDYFrame, into buffer: inout ByteBuffer) throws(StreamError) {
        switch frame {
        case .synStream(let id, let headers, let fin):
            let block = try deflater.compress(Self.block(headers))
            writeControl(SPDYFrameType.synStream, fin ? Self.fin : 0, 10 + block.count, &buffer)
            buffer.writeInteger(id)
            // No associated stream, highest priority, no slot.
            buffer.writeRepeatingByte(0, count: 6)
            buffer.writeBytes(block)
        case .synReply(let id, let headers, let fin):
            try writeHeaders(SPDYFrameType.synReply, id, headers, fin, &buffer)
        case .headers(let id, let headers, let fin):
            try writeHeaders(SPDYFrameType.headers, id, headers, fin, &buffer)
        case .rstStream(let id, let status): writePair(SPDYFrameType.rstStream, id, status.rawValue, &buffer)
        case .goAway(let lastID, let status): writePair(SPDYFrameType.goAway, lastID, status, &buffer)
        case .windowUpdate(let id, let delta): writePair(SPDYFrameType.windowUpdate, id, delta, &buffer)
        case .ping(let id):
            writeControl(SPDYFrameType.ping, 0, 4, &buffer)
            buffer.writeInteger(id)
        case .settings(let initialWindow):
            let count: UInt32 = initialWindow == nil ? 0 : 1
            writeControl(SPDYFrameType.settings, 0, 4 + 8 * Int(count), &buffer)
            buffer.writeInteger(count)
            if let initialWindow {
                buffer.writeInteger(UInt32(7))
                buffer.writeInteger(initialWindow)
            }
        case .data(let id, let bytes, let fin):
            buffer.writeInteger(id & 0x7fff_ffff)
            buffer.writeInteger(UInt32(fin ? Self.fin : 0) << 24 | UInt32(bytes.readableBytes))
            buffer.writeImmutableBuffer(bytes)
        case .unknown: break
        }
    }

    private func writeControl(_ type: UInt16, _ flags: UInt8, _ length: Int, _ buffer: inout ByteBuffer) {
        buffer.writeInteger(UInt16(0x8003))
        buffer.writeInteger(type)
        buffer.writeInteger(UInt32(flags) << 24 | UInt32(length))
    }

    private func writePair(_ type: UInt16, _ first: UInt32, _ second: UInt32, _ buffer: inout ByteBuffer) {
        writeControl(type, 0, 8, &buffer)
        buffer.writeInteger(first)
        buffer.writeInteger(second)
    }

    private func writeHeaders(
        _ type: UInt16, _ id: UInt32, _ headers: SPDYHeaders, _ fin: Bool, _ buffer: inout ByteBuffer
    ) throws(StreamError) {
        let block = try deflater.compress(Self.block(headers))
        writeControl(type, fin ? Self.fin : 0, 4 + block.count, &buffer)
        buffer.writeInteger(id)
        buffer.writeBytes(block)
    }

    /// The name/value block (section 2.6.10): the values of one name are separated by zero bytes.
    static func block(_ headers: SPDYHeaders) -> [UInt8] {
        var buffer = ByteBuffer()
        buffer.writeInteger(UInt32(headers.fields.count))
        for (name, values) in headers.fields {
            let value = values.joined(separator: "\0")
            buffer.writeInteger(UInt32(name.utf8.count))
            buffer.writeString(name)
            buffer.writeInteger(UInt32(value.utf8.count))
            buffer.writeString(value)
        }
        return Array(buffer.readableBytesView)
    }
}
