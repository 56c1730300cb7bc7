internal import EdgeJSON
internal import EdgeTransport
internal import NIOCore
internal import Synchronization

/// Exec and attach over the channels of a WebSocket (v5.channel.k8s.io or v4).
final class WebSocketCommandStream: CommandStream {
    private enum Channel {
        static let stdin: UInt8 = 0
        static let stdout: UInt8 = 1
        static let stderr: UInt8 = 2
        static let status: UInt8 = 3
        static let resize: UInt8 = 4
        static let close: UInt8 = 255
    }

    /// How long a status may be.
    private static let maximumStatus = 1 << 20
    private static let messageSize = 32 << 10

    private let socket: WebSocketConnection
    private let runner: Task<Void, Never>
    private let finish: AsyncStream<Never>.Continuation
    private let state = Mutex((channel: UInt8?.none, status: [UInt8]()))

    init(_ socket: WebSocketConnection) {
        self.socket = socket
        let (ended, finish) = AsyncStream<Never>.makeStream(bufferingPolicy: .bufferingOldest(1))
        self.finish = finish
        runner = Task { await socket.run { for await _ in ended {} } }
    }

    deinit { runner.cancel() }

    func send(_ input: [UInt8]) async throws {
        var rest = input[...]
        while !rest.isEmpty {
            let part = rest.prefix(Self.messageSize)
            rest = rest.dropFirst(part.count)
            try await socket.send(ByteBuffer(bytes: [Channel.stdin] + part))
        }
    }

    /// Only the fifth version of the protocol can tell.
    func endInput() async throws {
        guard socket.subprotocol == "v5.channel.k8s.io" else { return }
        try await socket.send(ByteBuffer(bytes: [Channel.close, Channel.stdin]))
    }

    func resize(_ size: TerminalSize) async throws {
        let text = "{\"Width\":\(size.width),\"Height\":\(size.height)}"
        try await socket.send(ByteBuffer(bytes: [Channel.resize] + text.utf8))
    }

    func next() async throws -> CommandStreamEvent? {
        while let part = try await socket.receive() {
            var bytes = Array(part.bytes.readableBytesView)
            let channel = state.withLock { state -> UInt8? in
                if state.channel == nil, !bytes.isEmpty { state.channel = bytes.removeFirst() }
                defer { if part.isEnd { state.channel = nil } }
                return state.channel
            }
            switch channel {
            case Channel.stdout where !bytes.isEmpty: return .output(bytes)
            case Channel.stderr where !bytes.isEmpty: return .error(bytes)
            case Channel.status:
                if let status = try collect(bytes, isEnd: part.isEnd) { return .status(status) }
            default: continue
            }
        }
        return nil
    }

    private func collect(_ bytes: [UInt8], isEnd: Bool) throws -> JSONValue? {
        let whole = state.withLock { state in
            if state.status.count <= Self.maximumStatus { state.status += bytes }
            return isEnd ? state.status : nil
        }
        guard let whole, !whole.isEmpty else { return nil }
        state.withLock { $0.status = [] }
        do {
            return try JSONParser.parse(whole)
        } catch {
            throw RESTDecodingError(request: "a command's status", cause: "\(error)")
        }
    }

    func close() async {
        finish.finish()
        await runner.value
    }
}
