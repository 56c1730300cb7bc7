internal import NIOCore
internal import Synchronization

/// What a server can do with a connection, whatever it speaks.
protocol ServerConnection: AnyObject, Sendable {
    var eventLoop: any EventLoop { get }
    /// Takes no further requests, ends streams, finishes what is at work, and closes. On the event loop.
    func shutDown()
    /// Breaks everything off. On the event loop.
    func abort()
}

/// A handler at the end of a connection's pipeline that may leave it.
typealias ServerHandler = ChannelInboundHandler & RemovableChannelHandler

/// The connections of a server.
final class HTTPServerRegistry: Sendable {
    private struct State {
        var connections: [ObjectIdentifier: any ServerConnection] = [:]
        var isStopping = false
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    private let maximum: Int
    private let state = Mutex(State())

    init(maximum: Int) {
        self.maximum = maximum
    }

    var count: Int { state.withLock { $0.connections.count } }

    /// False when there are too many.
    func add(_ connection: any ServerConnection, _ id: ObjectIdentifier) -> Bool {
        state.withLock { state in
            guard !state.isStopping, state.connections.count < maximum else { return false }
            state.connections[id] = connection
            return true
        }
    }

    /// The same connection speaks another protocol from now on.
    func replace(_ id: ObjectIdentifier, with connection: any ServerConnection) {
        state.withLock { state in
            if state.connections[id] != nil { state.connections[id] = connection }
        }
    }

    func remove(_ id: ObjectIdentifier) {
        let waiters = state.withLock { state -> [CheckedContinuation<Void, Never>] in
            state.connections[id] = nil
            guard state.connections.isEmpty else { return [] }
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    func stop() {
        forEach(stopping: true) { $0.shutDown() }
    }

    func abort() {
        forEach(stopping: true) { $0.abort() }
    }

    private func forEach(stopping: Bool, _ body: @escaping @Sendable (any ServerConnection) -> Void) {
        let connections = state.withLock { state in
            state.isStopping = stopping
            return Array(state.connections.values)
        }
        for connection in connections { connection.eventLoop.execute { body(connection) } }
    }

    func waitUntilEmpty() async {
        await withCheckedContinuation { continuation in
            let isEmpty = state.withLock { state in
                if !state.connections.isEmpty { state.waiters.append(continuation) }
                return state.connections.isEmpty
            }
            if isEmpty { continuation.resume() }
        }
    }
}
