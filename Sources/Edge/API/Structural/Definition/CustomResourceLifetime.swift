internal import Synchronization

/// How long one form of a definition is served. Watches of its objects end with it, so that clients come
/// back and see the new form.
public final class CustomResourceLifetime: Sendable {
    private struct State {
        var hasEnded = false
        var next = 0
        var waiters: [Int: @Sendable () -> Void] = [:]
    }

    private let state = Mutex(State())

    public init() {}

    /// Calls back once when the time is over, at once if it is.
    public func onEnd(_ action: @escaping @Sendable () -> Void) -> Int {
        let (id, isOver) = state.withLock { state in
            state.next += 1
            if !state.hasEnded { state.waiters[state.next] = action }
            return (state.next, state.hasEnded)
        }
        if isOver { action() }
        return id
    }

    public func forget(_ id: Int) {
        _ = state.withLock { $0.waiters.removeValue(forKey: id) }
    }

    public func end() {
        let waiters = state.withLock { state in
            state.hasEnded = true
            defer { state.waiters = [:] }
            return state.waiters
        }
        for waiter in waiters.values { waiter() }
    }
}
