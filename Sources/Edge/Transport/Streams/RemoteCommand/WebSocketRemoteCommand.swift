internal import NIOCore

/// Exec and attach over WebSocket channels: 0 standard input, 1 output, 2 errors, 3 status, 4 terminal sizes.
enum WebSocketRemoteCommand {
    enum Channel {
        static let stdin: UInt8 = 0
        static let stdout: UInt8 = 1
        static let stderr: UInt8 = 2
        static let status: UInt8 = 3
        static let resize: UInt8 = 4
    }

    /// How much standard input may lie unread before the client is slowed down.
    static let stdinMark = 256 * 1024

    static func answer(
        _ request: HTTPServerRequest, _ options: RemoteCommandOptions,
        _ handler: @escaping RemoteCommandHandler
    ) -> HTTPServerResponse {
        let offered = WebSocketHandshake.offeredProtocols(request)
        guard let kind = ChannelProtocol.choose(offered, from: ChannelProtocol.remoteCommand) else {
            return .text(403, "none of the sub-protocols is supported: \(offered.joined(separator: ", "))\n")
        }
        return WebSocketConnection.upgrade(request, subprotocol: kind.name) { socket in
            await serve(socket, kind, options, handler)
        }
    }

    private static func serve(
        _ socket: WebSocketConnection, _ kind: ChannelProtocol, _ options: RemoteCommandOptions,
        _ handler: @escaping RemoteCommandHandler
    ) async {
        let room = RoomGate()
        let stdin = InboundQueue<ByteBuffer>(size: \.readableBytes) { _, left in
            if left < stdinMark / 2 { room.set(isFull: false) }
        }
        let session = RemoteCommandSession(options: options) {
            try await stdin.next()
        } write: { output, bytes in
            let message = kind.message(output == .stdout ? Channel.stdout : Channel.stderr, bytes)
            try await socket.send(message.bytes, isText: message.isText)
        }
        await RemoteCommandServer.run {
            let failure = await read(socket, kind, session, stdin, room)
            stdin.end(failure)
            session.resizes.end()
        } command: {
            // An empty message tells the client that the connection stands.
            let first = options.stdout ? Channel.stdout : options.stderr ? Channel.stderr : Channel.status
            let hello = kind.message(first, ByteBuffer())
            try? await socket.send(hello.bytes, isText: hello.isText)
            let status = await handler(session)
            let text = kind.version >= 4 ? "\(status.status)" : status.text
            guard let text else { return }
            let message = kind.message(Channel.status, ByteBuffer(string: text))
            try? await socket.send(message.bytes, isText: message.isText)
        }
    }

    /// Sorts what the client sends until it ends; returns what broke it off.
    private static func read(
        _ socket: WebSocketConnection, _ kind: ChannelProtocol, _ session: RemoteCommandSession,
        _ stdin: InboundQueue<ByteBuffer>, _ room: RoomGate
    ) async -> (any Error)? {
        var demultiplexer = ChannelDemultiplexer(kind)
        var sizes = TerminalSizeReader()
        do {
            while let part = try await socket.receive() {
                guard let (channel, bytes) = try demultiplexer.receive(part) else { continue }
                switch channel {
                case Channel.stdin where session.options.stdin:
                    guard bytes.readableBytes > 0, stdin.push(bytes) > stdinMark else { continue }
                    room.set(isFull: true)
                    if stdin.buffered < stdinMark / 2 { room.set(isFull: false) }
                    await withTaskCancellationHandler {
                        await room.wait()
                    } onCancel: {
                        room.open()
                    }
                case Channel.resize: for size in sizes.read(bytes) { session.pushResize(size) }
                case ChannelProtocol.closeChannel where kind.version >= 5:
                    if bytes.getInteger(at: bytes.readerIndex) == Channel.stdin { stdin.end() }
                // Messages for other channels are ignored, as Kubernetes does.
                default: break
                }
            }
            return nil
        } catch {
            return error
        }
    }
}
