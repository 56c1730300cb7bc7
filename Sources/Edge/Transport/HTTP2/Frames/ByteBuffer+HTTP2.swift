internal import NIOCore

extension ByteBuffer {
    mutating func writeFrameHeader(_ kind: UInt8, length: Int, flags: UInt8 = 0, stream: UInt32 = 0) {
        writeInteger(UInt32(truncatingIfNeeded: length) << 8 | UInt32(kind))
        writeInteger(flags)
        writeInteger(stream)
    }

    /// Room for a frame's header; the place where its payload begins.
    mutating func beginFrame() -> Int {
        writeRepeatingByte(0, count: HTTP2FrameHeader.size)
        return writerIndex
    }

    /// Fills the header of the frame whose payload began at `payload` and ends here.
    mutating func endFrame(_ kind: UInt8, payload: Int, flags: UInt8, stream: UInt32) {
        let start = payload - HTTP2FrameHeader.size
        setInteger(UInt32(truncatingIfNeeded: writerIndex - payload) << 8 | UInt32(kind), at: start)
        setInteger(flags, at: start + 4)
        setInteger(stream, at: start + 5)
    }

    mutating func writeSettings(_ settings: [(UInt16, UInt32)]) {
        writeFrameHeader(HTTP2FrameHeader.Kind.settings, length: settings.count * 6)
        for (name, value) in settings {
            writeInteger(name)
            writeInteger(value)
        }
    }

    mutating func writeSettingsAcknowledgement() {
        writeFrameHeader(HTTP2FrameHeader.Kind.settings, length: 0, flags: HTTP2FrameHeader.Flag.ack)
    }

    mutating func writePing(_ payload: UInt64, isAcknowledgement: Bool) {
        writeFrameHeader(
            HTTP2FrameHeader.Kind.ping, length: 8, flags: isAcknowledgement ? HTTP2FrameHeader.Flag.ack : 0)
        writeInteger(payload)
    }

    mutating func writeResetStream(_ stream: UInt32, _ code: HTTP2ErrorCode) {
        writeFrameHeader(HTTP2FrameHeader.Kind.resetStream, length: 4, stream: stream)
        writeInteger(code.rawValue)
    }

    mutating func writeGoAway(last: UInt32, _ code: HTTP2ErrorCode, _ message: String = "") {
        writeFrameHeader(HTTP2FrameHeader.Kind.goAway, length: 8 + message.utf8.count)
        writeInteger(last)
        writeInteger(code.rawValue)
        writeString(message)
    }

    mutating func writeWindowUpdate(_ stream: UInt32, _ increment: Int) {
        writeFrameHeader(HTTP2FrameHeader.Kind.windowUpdate, length: 4, stream: stream)
        writeInteger(UInt32(truncatingIfNeeded: increment))
    }
}
