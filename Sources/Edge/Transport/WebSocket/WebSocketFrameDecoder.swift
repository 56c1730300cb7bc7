internal import NIOCore

/// Takes WebSocket frames out of a stream of bytes. The payload of data frames is handed on as it arrives, so
/// that a large message needs no large buffer.
struct WebSocketFrameDecoder {
    enum Event: Equatable {
        /// A part of a text or binary message. `isStart` and `isEnd` mark the message's, not the frame's,
        /// ends.
        case data(opcode: WebSocketOpcode, bytes: ByteBuffer, isStart: Bool, isEnd: Bool)
        case ping(ByteBuffer)
        case pong(ByteBuffer)
        case close(code: UInt16?, reason: String)
    }

    private struct Payload {
        let opcode: WebSocketOpcode
        let isFinal: Bool
        let mask: UInt32?
        var left: Int
        var phase = 0
    }

    /// Frames of a client are masked, those of a server are not.
    private let expectsMask: Bool
    private var payload: Payload?
    /// The kind of the message of which some frames have come, and whether none of its bytes has been handed
    /// on.
    private var message: (opcode: WebSocketOpcode, isStart: Bool)?

    init(expectsMask: Bool) {
        self.expectsMask = expectsMask
    }

    mutating func next(from buffer: inout ByteBuffer) throws(StreamError) -> Event? {
        while true {
            if payload == nil {
                guard let header = try readHeader(&buffer) else { return nil }
                payload = header
            }
            guard let current = payload else { return nil }
            if current.opcode.isControl {
                guard var bytes = buffer.readSlice(length: current.left) else { return nil }
                payload = nil
                unmask(&bytes, current)
                return try control(current.opcode, bytes)
            }
            if current.left > 0, buffer.readableBytes == 0 { return nil }
            return data(current, &buffer)
        }
    }

    private mutating func data(_ current: Payload, _ buffer: inout ByteBuffer) -> Event? {
        let length = min(current.left, buffer.readableBytes)
        guard var bytes = buffer.readSlice(length: length), let message else { return nil }
        unmask(&bytes, current)
        let isFrameEnd = length == current.left
        let isEnd = isFrameEnd && current.isFinal
        if isFrameEnd {
            payload = nil
        } else {
            payload?.left -= length
            payload?.phase = (current.phase + length) & 3
        }
        self.message = isEnd ? nil : (message.opcode, false)
        return .data(opcode: message.opcode, bytes: bytes, isStart: message.isStart, isEnd: isEnd)
    }

    private func unmask(_ bytes: inout ByteBuffer, _ payload: Payload) {
        guard let mask = payload.mask else { return }
        bytes = ByteBuffer(bytes: WebSocketMask.apply(mask, phase: payload.phase, to: bytes))
    }

    private mutating func readHeader(_ buffer: inout ByteBuffer) throws(StreamError) -> Payload? {
        var reader = buffer
        guard let first: UInt8 = reader.readInteger(), let second: UInt8 = reader.readInteger() else {
            return nil
        }
        guard first & 0x70 == 0 else { throw .protocolViolation("WebSocket frame with reserved bits") }
        guard let opcode = WebSocketOpcode(rawValue: first & 0x0f) else {
            throw .protocolViolation("WebSocket frame of unknown kind \(first & 0x0f)")
        }
        let isFinal = first & 0x80 != 0
        guard (second & 0x80 != 0) == expectsMask else {
            throw .protocolViolation(
                expectsMask ? "WebSocket client did not mask a frame" : "WebSocket server masked a frame")
        }
        var length = UInt64(second & 0x7f)
        if length == 126 {
            guard let long: UInt16 = reader.readInteger() else { return nil }
            length = UInt64(long)
        } else if length == 127 {
            guard let long: UInt64 = reader.readInteger() else { return nil }
            length = long
        }
        guard length <= UInt64(Int32.max) else { throw .limitExceeded("WebSocket frame of \(length) bytes") }
        var mask: UInt32?
        if expectsMask {
            guard let bytes: UInt32 = reader.readInteger() else { return nil }
            mask = bytes
        }
        if opcode.isControl {
            guard isFinal, length <= 125 else {
                throw .protocolViolation("WebSocket control frame that is fragmented or too long")
            }
        } else if opcode == .continuation {
            guard message != nil else { throw .protocolViolation("WebSocket continuation of nothing") }
        } else {
            guard message == nil else { throw .protocolViolation("WebSocket message inside of a message") }
            message = (opcode, true)
        }
        buffer = reader
        return Payload(opcode: opcode, isFinal: isFinal, mask: mask, left: Int(length))
    }

    private func control(_ opcode: WebSocketOpcode, _ bytes: ByteBuffer) throws(StreamError) -> Event {
        switch opcode {
        case .ping: return .ping(bytes)
        case .pong: return .pong(bytes)
        default:
            var bytes = bytes
            guard bytes.readableBytes != 1 else {
                throw .protocolViolation("WebSocket close with half a code")
            }
            let code: UInt16? = bytes.readInteger()
            return .close(code: code, reason: String(buffer: bytes))
        }
    }
}
