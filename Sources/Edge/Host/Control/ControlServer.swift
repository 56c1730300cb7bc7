public import EdgeJSON
public import EdgeSystem
internal import Synchronization

/// Answers the commands of this host: `edge status`, `edge stop`, `edge image`. Only root reaches the socket.
public final class ControlServer: Sendable {
    /// Sends one item of a longer answer.
    public typealias Send = @Sendable (JSONValue) async throws -> Void
    /// Answers a request; what it throws becomes the text of a refusal.
    public typealias Handler = @Sendable (ControlRequest, Send) async throws -> JSONValue

    private let path: String
    private let reactor: Reactor
    private let handler: Handler
    private let connections = Mutex<[Int32: MessageSocket]>([:])
    /// More at the same time wait in the kernel's queue, or are refused by it.
    private static let maximumConnections = 16

    public init(path: String, reactor: Reactor, handler: @escaping Handler) {
        self.path = path
        self.reactor = reactor
        self.handler = handler
    }

    /// Listens until the task is cancelled. The caller owns the run directory: what lies at the path is left from
    /// an earlier process.
    public func run() async throws {
        let path = path
        let listener = try await BlockingPool.shared.run {
            try File.remove(path)
            return SharedDescriptor(try MessageSocket.listen(at: path))
        }
        let (arrivals, arrived) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let registration = try reactor.register(listener.rawValue) { _ in arrived.yield() }
        defer {
            registration.cancel()
            for connection in connections.withLock({ Array($0.values) }) { connection.close() }
            try? File.remove(path)
        }
        try registration.arm(.readable)
        for await _ in arrivals {
            acceptAll(listener)
            try registration.arm(.readable)
        }
    }

    private func acceptAll(_ listener: SharedDescriptor) {
        while connections.withLock({ $0.count }) < Self.maximumConnections,
            let descriptor = try? MessageSocket.accept(listener.rawValue)
        {
            let socket = MessageSocket(descriptor)
            let id = socket.rawValue
            connections.withLock { $0[id] = socket }
            do {
                try socket.startReceiving(on: reactor) { [weak self, weak socket] message in
                    guard let self, let socket else { return }
                    guard let message else { return drop(id) }
                    answer(message.bytes, on: socket)
                }
            } catch {
                drop(id)
            }
        }
    }

    private func drop(_ id: Int32) {
        let socket = connections.withLock { $0.removeValue(forKey: id) }
        socket?.close()
    }

    private func answer(_ bytes: [UInt8], on socket: MessageSocket) {
        Task {
            let reply: ControlReply
            if let request = ControlRequest(bytes) {
                do {
                    reply = .done(try await handler(request) { try await Self.send(.item($0), on: socket) })
                } catch {
                    reply = .failed("\(error)")
                }
            } else {
                reply = .failed("the request is not understood")
            }
            try? await Self.send(reply, on: socket)
        }
    }

    /// Waits for a client that reads slowly, for some seconds.
    private static func send(_ reply: ControlReply, on socket: MessageSocket) async throws {
        for attempt in 0... {
            do throws(SystemError) {
                return try socket.send(reply.encoded)
            } catch {
                guard error.errno == .again, attempt < 500 else { throw error }
            }
            try await Task.sleep(for: .milliseconds(10))
        }
    }
}
