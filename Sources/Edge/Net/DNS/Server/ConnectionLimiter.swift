internal import Synchronization

/// Counts the TCP connections, in all and per client.
final class ConnectionLimiter: Sendable {
    private let maximum: Int
    private let maximumPerClient: Int
    private let state = Mutex(State())

    private struct State {
        var total = 0
        var clients: [String: Int] = [:]
    }

    init(maximum: Int, maximumPerClient: Int) {
        self.maximum = maximum
        self.maximumPerClient = maximumPerClient
    }

    /// Whether one more connection of a client is allowed; it is then counted until `release`.
    func admit(_ client: String) -> Bool {
        state.withLock { state in
            let count = state.clients[client] ?? 0
            guard state.total < maximum, count < maximumPerClient else { return false }
            state.total += 1
            state.clients[client] = count + 1
            return true
        }
    }

    func release(_ client: String) {
        state.withLock { state in
            state.total -= 1
            let count = (state.clients[client] ?? 1) - 1
            state.clients[client] = count > 0 ? count : nil
        }
    }
}
