internal import HeapModule
internal import Synchronization

/// Calls closures at a later time. One sleeping task serves all of them and wakes only for the earliest
/// deadline: nothing ticks while nothing is due.
public final class TimerQueue: Sendable {
    /// Names one scheduled call, to cancel it.
    public struct Token: Hashable, Sendable {
        fileprivate let id: UInt64
    }

    private struct Entry: Comparable {
        let deadline: ContinuousClock.Instant
        let id: UInt64

        static func < (left: Self, right: Self) -> Bool {
            (left.deadline, left.id) < (right.deadline, right.id)
        }
    }

    private struct State {
        var heap = Heap<Entry>()
        var actions: [UInt64: @Sendable () -> Void] = [:]
        var nextID: UInt64 = 0
        var sleeper: (task: Task<Void, Never>, deadline: ContinuousClock.Instant)?
    }

    private let state = Mutex(State())

    public init() {}

    deinit {
        state.withLock { $0.sleeper?.task.cancel() }
    }

    /// Calls `action` once, `delay` from now, on the cooperative pool: it must be short and never block.
    @discardableResult
    public func schedule(after delay: Duration, _ action: @escaping @Sendable () -> Void) -> Token {
        state.withLock { state in
            let id = state.nextID
            state.nextID += 1
            state.actions[id] = action
            state.heap.insert(Entry(deadline: .now + delay, id: id))
            arm(&state)
            return Token(id: id)
        }
    }

    /// After this returns the action does not start any more (it may be running just now).
    public func cancel(_ token: Token) {
        state.withLock { state in
            state.actions[token.id] = nil
            // Cancelled entries stay in the heap until they are due; when they are the majority it is rebuilt.
            if state.heap.count > 64, state.heap.count > 2 * state.actions.count {
                state.heap = Heap(state.heap.unordered.filter { state.actions[$0.id] != nil })
            }
        }
    }

    /// Makes the sleeper wake at the earliest deadline. Called with the lock held.
    private func arm(_ state: inout State) {
        guard let first = state.heap.min else { return }
        if let sleeper = state.sleeper, sleeper.deadline <= first.deadline { return }
        state.sleeper?.task.cancel()
        let deadline = first.deadline
        let task = Task { [weak self] in
            do { try await Task.sleep(until: deadline, clock: .continuous) } catch { return }
            self?.fire()
        }
        state.sleeper = (task, deadline)
    }

    private func fire() {
        let due = state.withLock { state in
            var due: [@Sendable () -> Void] = []
            state.sleeper = nil
            let now = ContinuousClock.now
            while let first = state.heap.min, first.deadline <= now {
                state.heap.removeMin()
                if let action = state.actions.removeValue(forKey: first.id) { due.append(action) }
            }
            arm(&state)
            return due
        }
        for action in due { action() }
    }
}
