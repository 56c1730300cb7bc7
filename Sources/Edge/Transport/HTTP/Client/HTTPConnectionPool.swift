internal import NIOCore
internal import Synchronization

/// The unused connections of a client, by endpoint; the one used last is taken first.
final class HTTPConnectionPool: Sendable {
    struct Key: Hashable {
        let isEncrypted: Bool
        let host: String
        let port: Int

        init(_ url: HTTPURL) {
            isEncrypted = url.isEncrypted
            host = url.host
            port = url.port
        }
    }

    private struct Idle {
        let connection: HTTPClientConnection
        let expiry: Scheduled<Void>
    }

    private struct State {
        var idle: [Key: [Idle]] = [:]
        var isShutDown = false
    }

    private let state = Mutex(State())
    private let eventLoop: any EventLoop
    private let maximumIdle: Int
    private let idleTimeout: Duration

    init(eventLoop: any EventLoop, maximumIdle: Int, idleTimeout: Duration) {
        self.eventLoop = eventLoop
        self.maximumIdle = maximumIdle
        self.idleTimeout = idleTimeout
    }

    /// A kept connection that can be used, or nil.
    func take(_ key: Key) -> HTTPClientConnection? {
        while let idle = state.withLock({ $0.idle[key]?.popLast() }) {
            idle.expiry.cancel()
            if idle.connection.isReusable { return idle.connection }
            idle.connection.close()
        }
        return nil
    }

    /// Keeps a connection after its exchange, or closes it.
    func put(_ connection: HTTPClientConnection, _ key: Key) {
        guard connection.isReusable else {
            connection.close()
            return
        }
        let expiry = eventLoop.scheduleTask(in: TimeAmount(idleTimeout)) { [weak self, weak connection] in
            guard let self, let connection else { return }
            self.expire(connection, key)
        }
        let surplus = state.withLock { state -> Idle? in
            let idle = Idle(connection: connection, expiry: expiry)
            if state.isShutDown { return idle }
            state.idle[key, default: []].append(idle)
            guard let count = state.idle[key]?.count, count > maximumIdle else { return nil }
            return state.idle[key]?.removeFirst()
        }
        surplus?.expiry.cancel()
        surplus?.connection.close()
    }

    /// Closes the kept connections to an endpoint.
    func flush(_ key: Key) {
        let all = state.withLock { $0.idle.removeValue(forKey: key) ?? [] }
        for idle in all {
            idle.expiry.cancel()
            idle.connection.close()
        }
    }

    func shutdown() {
        let all = state.withLock { state in
            state.isShutDown = true
            defer { state.idle = [:] }
            return state.idle.values.flatMap { $0 }
        }
        for idle in all {
            idle.expiry.cancel()
            idle.connection.close()
        }
    }

    private func expire(_ connection: HTTPClientConnection, _ key: Key) {
        let isKept = state.withLock { state in
            guard let index = state.idle[key]?.firstIndex(where: { $0.connection === connection }) else {
                return false
            }
            state.idle[key]?.remove(at: index)
            if state.idle[key]?.isEmpty == true { state.idle[key] = nil }
            return true
        }
        if isKept { connection.close() }
    }
}
