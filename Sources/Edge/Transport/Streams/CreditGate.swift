internal import NIOCore
internal import Synchronization

/// Send credit that writers wait for: a flow control window, or the room in a channel's buffer. Waiting
/// writers are served in their order, so that the bytes of one do not overtake another's.
final class CreditGate: Sendable {
    private struct Waiter {
        let id: UInt64
        let wanted: Int
        let continuation: CheckedContinuation<Int, any Error>
    }

    private struct State {
        var credit: Int
        var failure: (any Error)?
        var waiters = CircularBuffer<Waiter>()
        var nextID: UInt64 = 0
    }

    private let state: Mutex<State>

    init(credit: Int) {
        state = Mutex(State(credit: credit))
    }

    /// Takes between one and `wanted` units, waiting while there is none.
    func take(upTo wanted: Int) async throws -> Int {
        guard wanted > 0 else { return 0 }
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let ready = state.withLock { state -> Result<Int, any Error>? in
                    if let failure = state.failure { return .failure(failure) }
                    if Task.isCancelled { return .failure(CancellationError()) }
                    guard state.credit > 0, state.waiters.isEmpty else {
                        state.waiters.append(Waiter(id: id, wanted: wanted, continuation: continuation))
                        return nil
                    }
                    let granted = min(wanted, state.credit)
                    state.credit -= granted
                    return .success(granted)
                }
                if let ready { continuation.resume(with: ready) }
            }
        } onCancel: {
            state.withLock { state -> CheckedContinuation<Int, any Error>? in
                guard let index = state.waiters.firstIndex(where: { $0.id == id }) else { return nil }
                return state.waiters.remove(at: index).continuation
            }?.resume(throwing: CancellationError())
        }
    }

    /// Adds credit; false when the sum would pass `maximum`, which is the peer's mistake.
    @discardableResult
    func add(_ amount: Int, maximum: Int = Int(Int32.max)) -> Bool {
        let granted = state.withLock { state -> [(CheckedContinuation<Int, any Error>, Int)]? in
            guard state.credit + amount <= maximum else { return nil }
            state.credit += amount
            var granted: [(CheckedContinuation<Int, any Error>, Int)] = []
            while state.credit > 0, let waiter = state.waiters.popFirst() {
                let share = min(waiter.wanted, state.credit)
                state.credit -= share
                granted.append((waiter.continuation, share))
            }
            return granted
        }
        for (continuation, share) in granted ?? [] { continuation.resume(returning: share) }
        return granted != nil
    }

    /// Lets all that wait and will wait fail.
    func fail(_ error: any Error) {
        let waiters = state.withLock { state -> CircularBuffer<Waiter> in
            if state.failure == nil { state.failure = error }
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.continuation.resume(throwing: error) }
    }

    var failure: (any Error)? { state.withLock { $0.failure } }
}
