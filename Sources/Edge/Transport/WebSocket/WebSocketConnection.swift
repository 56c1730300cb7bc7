public import NIOCore
internal import Synchronization

/// A WebSocket over a byte stream. `run` must be running for anything to be sent; one task receives.
public final class WebSocketConnection: Sendable {
    enum Role: Sendable {
        case client, server
    }

    /// A part of a message.
    public struct Part: Sendable {
        public let isText: Bool
        public let bytes: ByteBuffer
        public let isStart: Bool
        public let isEnd: Bool
    }

    private struct State {
        var decoder: WebSocketFrameDecoder
        var inbound = ByteBuffer()
        var isOver = false
        var closeReason: String?
    }

    /// The sub-protocol that was agreed on.
    public let subprotocol: String?
    private let stream: any ByteStream
    private let writer: FrameWriter<WebSocketFrame>
    private let state: Mutex<State>

    init(stream: any ByteStream, role: Role, subprotocol: String? = nil) {
        self.stream = stream
        self.subprotocol = subprotocol
        state = Mutex(State(decoder: WebSocketFrameDecoder(expectsMask: role == .server)))
        writer = FrameWriter { frame, buffer in
            frame.encode(into: &buffer, mask: role == .client ? UInt32.random(in: 0...UInt32.max) : nil)
        }
    }

    /// Answers a handshake: the response that upgrades and runs `body`, or the one that refuses.
    public static func upgrade(
        _ request: HTTPServerRequest, subprotocol: String?,
        body: @escaping @Sendable (WebSocketConnection) async -> Void
    ) -> HTTPServerResponse {
        switch WebSocketHandshake.answer(request, chosen: subprotocol) {
        case .failure(let error): return .text(error.status, error.message + "\n")
        case .success(let headers):
            return .upgrade(
                HTTPUpgrade(protocolName: "websocket", headers: headers) { stream in
                    let connection = WebSocketConnection(
                        stream: stream, role: .server, subprotocol: subprotocol)
                    await connection.run { await body(connection) }
                })
        }
    }

    /// Sends frames while `body` runs, then says goodbye and closes the stream.
    public func run(_ body: @escaping @Sendable () async -> Void) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.writer.run(to: self.stream) }
            group.addTask {
                await body()
                self.sendClose(code: 1000)
                self.writer.finish()
            }
            await group.waitForAll()
        }
        stream.closeWhenSent()
    }

    /// The next part of a message, or nil after the peer's goodbye. Pings are answered on the way.
    public func receive() async throws -> Part? {
        while true {
            let event = try state.withLock { state -> WebSocketFrameDecoder.Event? in
                if state.isOver { return .close(code: nil, reason: "") }
                return try state.decoder.next(from: &state.inbound)
            }
            switch event {
            case nil:
                guard let bytes = try await stream.read() else {
                    throw StreamError.reset("WebSocket ended without a goodbye")
                }
                state.withLock { state in
                    var bytes = bytes
                    state.inbound.discardReadBytes()
                    if state.inbound.readableBytes == 0 {
                        state.inbound = bytes
                    } else {
                        state.inbound.writeBuffer(&bytes)
                    }
                }
            case .data(let opcode, let bytes, let isStart, let isEnd):
                return Part(isText: opcode == .text, bytes: bytes, isStart: isStart, isEnd: isEnd)
            case .ping(let payload):
                guard writer.post(WebSocketFrame(opcode: .pong, payload: payload)) else {
                    throw StreamError.limitExceeded("too many pings")
                }
            case .pong: continue
            case .close(_, let reason):
                state.withLock { state in
                    state.isOver = true
                    if !reason.isEmpty { state.closeReason = reason }
                }
                return nil
            }
        }
    }

    /// The next whole message; throws when it is larger than `limit`.
    public func receiveMessage(limit: Int) async throws -> (isText: Bool, bytes: ByteBuffer)? {
        var message = ByteBuffer()
        while let part = try await receive() {
            guard message.readableBytes + part.bytes.readableBytes <= limit else {
                throw StreamError.limitExceeded("WebSocket message is larger than \(limit) bytes")
            }
            message.writeImmutableBuffer(part.bytes)
            if part.isEnd { return (part.isText, message) }
        }
        return nil
    }

    public func send(_ bytes: ByteBuffer, isText: Bool = false) async throws {
        try await writer.send(WebSocketFrame(opcode: isText ? .text : .binary, payload: bytes))
    }

    public func ping() { writer.post(WebSocketFrame(opcode: .ping, payload: ByteBuffer())) }

    /// Why the peer closed, if it said so.
    public var closeReason: String? { state.withLock { $0.closeReason } }

    /// Says goodbye behind what is being sent.
    public func sendClose(code: UInt16, reason: String = "") {
        var payload = ByteBuffer(integer: code)
        payload.writeString(String(reason.prefix(100)))
        writer.postLast(WebSocketFrame(opcode: .close, payload: payload))
    }

    /// Breaks the connection off.
    public func abort() {
        writer.fail(StreamError.closed)
        stream.close()
    }
}
