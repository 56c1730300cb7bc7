internal import NIOCore

/// The kinds of WebSocket frames (RFC 6455 section 5.2).
public enum WebSocketOpcode: UInt8, Sendable {
    case continuation = 0
    case text = 1
    case binary = 2
    case close = 8
    case ping = 9
    case pong = 10

    var isControl: Bool { rawValue >= 8 }
}

/// A frame to send.
struct WebSocketFrame: Sendable {
    let opcode: WebSocketOpcode
    let payload: ByteBuffer

    /// Appends the frame to a buffer; clients mask their payload (RFC 6455 section 5.3).
    func encode(into buffer: inout ByteBuffer, mask: UInt32?) {
        buffer.writeInteger(0x80 | opcode.rawValue)
        let maskBit: UInt8 = mask == nil ? 0 : 0x80
        let length = payload.readableBytes
        if length < 126 {
            buffer.writeInteger(maskBit | UInt8(length))
        } else if length <= Int(UInt16.max) {
            buffer.writeInteger(maskBit | 126)
            buffer.writeInteger(UInt16(length))
        } else {
            buffer.writeInteger(maskBit | 127)
            buffer.writeInteger(UInt64(length))
        }
        guard let mask else {
            buffer.writeImmutableBuffer(payload)
            return
        }
        buffer.writeInteger(mask)
        buffer.writeBytes(WebSocketMask.apply(mask, phase: 0, to: payload))
    }
}

enum WebSocketMask {
    /// Masks or unmasks bytes; `phase` is how many bytes of the frame came before them.
    static func apply(_ mask: UInt32, phase: Int, to buffer: ByteBuffer) -> [UInt8] {
        let key = [UInt8(mask >> 24), UInt8(mask >> 16 & 0xff), UInt8(mask >> 8 & 0xff), UInt8(mask & 0xff)]
        var bytes = Array(buffer.readableBytesView)
        for index in bytes.indices { bytes[index] ^= key[(index + phase) & 3] }
        return bytes
    }
}
