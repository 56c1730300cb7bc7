internal import EdgeTransport
internal import NIOCore
internal import Synchronization

/// Port-forward with a WebSocket for each connection: channel 0 carries data, channel 1 errors, and each
/// begins with the port.
struct WebSocketPortForwardStream: PortForwardStream {
    let open: @Sendable (_ port: Int) async throws -> WebSocketConnection

    func connect(port: Int) async throws -> any ForwardedConnection {
        WebSocketForwardedConnection(try await open(port))
    }

    func close() async {}
}

/// One forwarded connection.
final class WebSocketForwardedConnection: ForwardedConnection {
    private static let messageSize = 32 << 10
    private static let maximumError = 64 << 10
    /// The protocol cannot end one direction: when our side has ended, the other gets this long to say more.
    private static let linger: Duration = .seconds(10)

    private struct State {
        var channel: UInt8?
        /// How much of the port number that begins each channel is still to come.
        var portBytes: [UInt8: Int] = [0: 2, 1: 2]
        var failure: [UInt8] = []
        var lingering: Task<Void, Never>?
    }

    private let socket: WebSocketConnection
    private let runner: Task<Void, Never>
    private let finish: AsyncStream<Never>.Continuation
    private let state = Mutex(State())

    init(_ socket: WebSocketConnection) {
        self.socket = socket
        let (ended, finish) = AsyncStream<Never>.makeStream(bufferingPolicy: .bufferingOldest(1))
        self.finish = finish
        runner = Task { await socket.run { for await _ in ended {} } }
    }

    deinit {
        state.withLock { $0.lingering?.cancel() }
        runner.cancel()
    }

    func send(_ bytes: [UInt8]) async throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let part = rest.prefix(Self.messageSize)
            rest = rest.dropFirst(part.count)
            try await socket.send(ByteBuffer(bytes: [0] + part))
        }
    }

    func endInput() async throws { linger() }

    private func linger() {
        state.withLock { state in
            state.lingering?.cancel()
            state.lingering = Task { [weak self] in
                guard (try? await Task.sleep(for: Self.linger)) != nil else { return }
                self?.socket.abort()
            }
        }
    }

    func next() async throws -> [UInt8]? {
        do {
            while let part = try await socket.receive() {
                let (channel, bytes) = take(part)
                guard !bytes.isEmpty else { continue }
                if channel == 0 {
                    if state.withLock({ $0.lingering != nil }) { linger() }
                    return bytes
                }
                state.withLock { state in
                    if state.failure.count < Self.maximumError { state.failure += bytes }
                }
            }
        } catch {
            // What the other side said explains more than how the connection ended.
            try throwFailure()
            throw error
        }
        try throwFailure()
        return nil
    }

    private func throwFailure() throws {
        let failure = state.withLock(\.failure)
        if !failure.isEmpty { throw ForwardFailure(description: String(decoding: failure, as: UTF8.self)) }
    }

    /// The channel of a part and its bytes without the port in front.
    private func take(_ part: WebSocketConnection.Part) -> (channel: UInt8, bytes: [UInt8]) {
        state.withLock { state in
            var bytes = Array(part.bytes.readableBytesView)
            if state.channel == nil, !bytes.isEmpty { state.channel = bytes.removeFirst() }
            let channel = state.channel ?? 0
            if part.isEnd { state.channel = nil }
            let head = min(state.portBytes[channel] ?? 0, bytes.count)
            state.portBytes[channel] = (state.portBytes[channel] ?? 0) - head
            return (channel, Array(bytes.dropFirst(head)))
        }
    }

    func close() async {
        state.withLock { $0.lingering?.cancel() }
        finish.finish()
        await runner.value
    }
}

/// What the other side says of a connection that it could not make.
public struct ForwardFailure: Error, CustomStringConvertible {
    public let description: String
}
