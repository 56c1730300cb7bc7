internal import NIOCore

/// A frame of the agent tunnel, version 1.
///
///     byte 0      kind
///     bytes 1-4   stream, big endian; 0 for the session
///     bytes 5-8   length of the payload, big endian
///     then        the payload
///
/// Each side begins with HELLO. Streams that the server side opens have odd numbers, those of the agent side
/// even ones, each higher than the one before. A side may have sent `window` bytes of DATA on a stream more
/// than it was told by WINDOW frames have been consumed. FIN ends one direction of a stream, RESET both.
enum TunnelFrame: Sendable, Equatable {
    /// The sender's version and how many bytes it takes per stream before it has consumed any.
    case hello(version: UInt8, window: UInt32)
    /// Asks for a stream to `host:port`.
    case open(stream: UInt32, target: String)
    /// The stream stands.
    case opened(stream: UInt32)
    case data(stream: UInt32, bytes: ByteBuffer)
    case fin(stream: UInt32)
    case reset(stream: UInt32, reason: String)
    case window(stream: UInt32, delta: UInt32)
    case ping(UInt64)
    case pong(UInt64)
    /// The session ends.
    case goAway(reason: String)

    /// What an upgrade request and its answer name.
    static let protocolName = "edge-tunnel/1"
    static let version: UInt8 = 1
    static let magic = "edgetun"
    static let headerSize = 9
    /// The most payload of any frame; a peer that sends more is cut off.
    static let maximumPayload = 64 * 1024
    /// The most bytes of a DATA frame that we send.
    static let dataSize = 32 * 1024

    private enum Kind {
        static let hello: UInt8 = 0
        static let open: UInt8 = 1
        static let opened: UInt8 = 2
        static let data: UInt8 = 3
        static let fin: UInt8 = 4
        static let reset: UInt8 = 5
        static let window: UInt8 = 6
        static let ping: UInt8 = 7
        static let pong: UInt8 = 8
        static let goAway: UInt8 = 9
    }

    func encode(into buffer: inout ByteBuffer) {
        switch self {
        case .hello(let version, let window):
            Self.write(Kind.hello, 0, Self.magic.utf8.count + 5, &buffer)
            buffer.writeString(Self.magic)
            buffer.writeInteger(version)
            buffer.writeInteger(window)
        case .open(let stream, let target): Self.write(Kind.open, stream, target, &buffer)
        case .opened(let stream): Self.write(Kind.opened, stream, 0, &buffer)
        case .data(let stream, let bytes):
            Self.write(Kind.data, stream, bytes.readableBytes, &buffer)
            buffer.writeImmutableBuffer(bytes)
        case .fin(let stream): Self.write(Kind.fin, stream, 0, &buffer)
        case .reset(let stream, let reason): Self.write(Kind.reset, stream, reason, &buffer)
        case .window(let stream, let delta):
            Self.write(Kind.window, stream, 4, &buffer)
            buffer.writeInteger(delta)
        case .ping(let token):
            Self.write(Kind.ping, 0, 8, &buffer)
            buffer.writeInteger(token)
        case .pong(let token):
            Self.write(Kind.pong, 0, 8, &buffer)
            buffer.writeInteger(token)
        case .goAway(let reason): Self.write(Kind.goAway, 0, reason, &buffer)
        }
    }

    private static func write(_ kind: UInt8, _ stream: UInt32, _ length: Int, _ buffer: inout ByteBuffer) {
        buffer.writeInteger(kind)
        buffer.writeInteger(stream)
        buffer.writeInteger(UInt32(length))
    }

    private static func write(_ kind: UInt8, _ stream: UInt32, _ text: String, _ buffer: inout ByteBuffer) {
        let text = text.utf8.prefix(1024)
        write(kind, stream, text.count, &buffer)
        buffer.writeBytes(text)
    }

    /// The next frame of a stream of bytes, or nil when more must arrive.
    static func decode(from buffer: inout ByteBuffer) throws(StreamError) -> TunnelFrame? {
        guard let kind = buffer.getInteger(at: buffer.readerIndex, as: UInt8.self),
            let stream = buffer.getInteger(at: buffer.readerIndex + 1, as: UInt32.self),
            let length = buffer.getInteger(at: buffer.readerIndex + 5, as: UInt32.self)
        else { return nil }
        guard length <= UInt32(maximumPayload) else {
            throw .limitExceeded("tunnel frame of \(length) bytes")
        }
        guard buffer.readableBytes >= headerSize + Int(length) else { return nil }
        buffer.moveReaderIndex(forwardBy: headerSize)
        guard var payload = buffer.readSlice(length: Int(length)),
            let frame = frame(kind, stream, &payload)
        else { throw .protocolViolation("malformed tunnel frame of kind \(kind)") }
        return frame
    }

    private static func frame(_ kind: UInt8, _ stream: UInt32, _ payload: inout ByteBuffer) -> TunnelFrame? {
        // Session frames name no stream, the others do.
        guard (stream == 0) == [Kind.hello, Kind.ping, Kind.pong, Kind.goAway].contains(kind) else {
            return nil
        }
        switch kind {
        case Kind.hello:
            guard payload.readString(length: magic.utf8.count) == magic,
                let version: UInt8 = payload.readInteger(),
                let window: UInt32 = payload.readInteger()
            else { return nil }
            return .hello(version: version, window: window)
        case Kind.open: return .open(stream: stream, target: String(buffer: payload))
        case Kind.opened: return .opened(stream: stream)
        case Kind.data: return .data(stream: stream, bytes: payload)
        case Kind.fin: return .fin(stream: stream)
        case Kind.reset: return .reset(stream: stream, reason: String(buffer: payload))
        case Kind.window: return payload.readInteger().map { .window(stream: stream, delta: $0) }
        case Kind.ping: return payload.readInteger().map { .ping($0) }
        case Kind.pong: return payload.readInteger().map { .pong($0) }
        case Kind.goAway: return .goAway(reason: String(buffer: payload))
        default: return nil
        }
    }
}
