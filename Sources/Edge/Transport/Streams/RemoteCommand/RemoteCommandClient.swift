public import NIOCore
internal import Synchronization

/// The client's side of exec and attach: WebSocket, and SPDY for servers that know no v5 protocol.
public struct RemoteCommandClient: Sendable {
    /// The most bytes of the status that are kept.
    private static let maximumStatus = 64 * 1024

    public var options: RemoteCommandOptions
    /// Gives standard input; nil at its end.
    public var stdin: (@Sendable () async throws -> ByteBuffer?)?
    /// Gives the sizes of the terminal, the first one at once; nil at the end.
    public var resizes: (@Sendable () async throws -> TerminalSize?)?
    /// Takes output. While it does not return, the server is slowed down.
    public var output: @Sendable (_ isStderr: Bool, ByteBuffer) async throws -> Void

    public init(
        options: RemoteCommandOptions,
        output: @escaping @Sendable (_ isStderr: Bool, ByteBuffer) async throws -> Void
    ) {
        self.options = options
        self.output = output
    }

    /// Runs the command behind a URL (with its query) until it has ended, and returns how.
    ///
    /// - Throws: `HTTPClientError.upgradeRefused` with the server's answer when it does not want to.
    public func run(_ client: HTTPClient, _ url: HTTPURL) async throws -> RemoteCommandStatus {
        let socket: WebSocketConnection
        do {
            socket = try await WebSocketHandshake.connect(
                client, url, protocols: ["v5.channel.k8s.io", "v4.channel.k8s.io"])
        } catch HTTPClientError.upgradeRefused(let head, let body) {
            // What SPDY would be refused as well is not tried again.
            guard ![401, 404].contains(head.status.code) else {
                throw HTTPClientError.upgradeRefused(head, body: body)
            }
            return try await runSPDY(client, url)
        }
        return try await run(socket)
    }

    // MARK: WebSocket

    private func run(_ socket: WebSocketConnection) async throws -> RemoteCommandStatus {
        let version = socket.subprotocol == "v5.channel.k8s.io" ? 5 : 4
        let outcome = Mutex<Result<RemoteCommandStatus, any Error>>(.failure(StreamError.closed))
        await socket.run {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { try? await sendInput(socket, version) }
                group.addTask {
                    try? await sendSizes { try await socket.send(message(4, ByteBuffer(string: $0))) }
                }
                do {
                    let status = try await receive(socket)
                    outcome.withLock { $0 = .success(status) }
                } catch {
                    outcome.withLock { $0 = .failure(error) }
                }
                group.cancelAll()
            }
        }
        return try outcome.withLock { $0 }.get()
    }

    private func message(_ channel: UInt8, _ bytes: ByteBuffer) -> ByteBuffer {
        ChannelProtocol(name: "", version: 5, isBase64: false).message(channel, bytes).bytes
    }

    private func sendInput(_ socket: WebSocketConnection, _ version: Int) async throws {
        guard options.stdin, let stdin else { return }
        while var bytes = try await stdin() {
            while let part = bytes.readSlice(length: min(bytes.readableBytes, 32 * 1024)),
                part.readableBytes > 0
            {
                try await socket.send(message(0, part))
            }
        }
        // Before v5 there is no way to say that the input has ended.
        if version >= 5 { try await socket.send(ByteBuffer(bytes: [ChannelProtocol.closeChannel, 0])) }
    }

    private func sendSizes(_ send: (String) async throws -> Void) async throws {
        guard options.tty, let resizes else { return }
        while let size = try await resizes() { try await send(TerminalSizeReader.text(size)) }
    }

    private func receive(_ socket: WebSocketConnection) async throws -> RemoteCommandStatus {
        var demultiplexer = ChannelDemultiplexer(ChannelProtocol(name: "", version: 5, isBase64: false))
        var status: [UInt8] = []
        while let part = try await socket.receive() {
            guard let (channel, bytes) = try demultiplexer.receive(part), bytes.readableBytes > 0 else {
                continue
            }
            switch channel {
            case 1: try await output(false, bytes)
            case 2: try await output(true, bytes)
            case 3: try Self.append(bytes, to: &status)
            default: break
            }
        }
        return RemoteCommandStatus(parsing: status)
    }

    private static func append(_ bytes: ByteBuffer, to status: inout [UInt8]) throws {
        status += bytes.readableBytesView
        guard status.count <= maximumStatus else { throw StreamError.limitExceeded("status of the command") }
    }

    // MARK: SPDY

    private func runSPDY(_ client: HTTPClient, _ url: HTTPURL) async throws -> RemoteCommandStatus {
        var request = HTTPClientRequest(.post, url)
        for name in RemoteCommandServer.protocols.dropFirst() {
            request.headers.add(SPDYHandshake.versionHeader, name)
        }
        let (_, stream) = try await client.upgrade(request, to: "SPDY/3.1")
        let session = try SPDYSession(carrier: stream, role: .client)
        let outcome = Mutex<Result<RemoteCommandStatus, any Error>>(.failure(StreamError.closed))
        await session.run {
            do {
                let status = try await exchange(session)
                outcome.withLock { $0 = .success(status) }
            } catch {
                outcome.withLock { $0 = .failure(error) }
            }
        }
        return try outcome.withLock { $0 }.get()
    }

    private func exchange(_ session: SPDYSession) async throws -> RemoteCommandStatus {
        func open(_ type: String) async throws -> SPDYStream {
            let stream = try await session.open(["streamtype": type])
            try await stream.waitForReply()
            return stream
        }
        let errors = try await open("error")
        try await errors.finish()
        let stdin = options.stdin ? try await open("stdin") : nil
        let stdout = options.stdout ? try await open("stdout") : nil
        let stderr = options.stderr ? try await open("stderr") : nil
        let resize = options.tty ? try await open("resize") : nil
        return try await withThrowingTaskGroup(of: Void.self) { group in
            var outputs = 0
            for (stream, isStderr) in [(stdout, false), (stderr, true)] {
                guard let stream else { continue }
                outputs += 1
                group.addTask {
                    while let bytes = try await stream.read() { try await output(isStderr, bytes) }
                }
            }
            let inputs = Task {
                await withTaskGroup(of: Void.self) { group in
                    group.addTask { try? await sendInput(to: stdin) }
                    group.addTask { if let resize { try? await sendSizes { try await resize.write($0) } } }
                }
            }
            defer { inputs.cancel() }
            let status = try await errors.readAll(limit: Self.maximumStatus)
            for _ in 0..<outputs { try await group.next() }
            return RemoteCommandStatus(parsing: Array(status.readableBytesView))
        }
    }

    private func sendInput(to stream: SPDYStream?) async throws {
        guard let stream, let stdin else { return }
        while let bytes = try await stdin() { try await stream.write(bytes) }
        try await stream.finish()
    }
}
