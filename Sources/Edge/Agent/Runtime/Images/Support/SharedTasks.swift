internal import Synchronization

/// Work that several callers may ask for at the same time and that is done once: the second caller joins the
/// first. A caller that is cancelled leaves at once; the work is cancelled when the last one has left.
final class SharedTasks<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private typealias Waiter = CheckedContinuation<Value, any Error>

    private struct Entry {
        let generation: UInt64
        var task: Task<Void, Never>?
        var waiters: [UInt64: Waiter] = [:]
    }

    private struct State {
        var entries: [Key: Entry] = [:]
        var nextID: UInt64 = 0
    }

    private let state = Mutex(State())

    func value(
        for key: Key, _ work: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                join(key, id: id, continuation, work)
            }
        } onCancel: {
            leave(key, id: id)
        }
    }

    private func join(
        _ key: Key, id: UInt64, _ waiter: Waiter, _ work: @escaping @Sendable () async throws -> Value
    ) {
        let joined = state.withLock { state in
            // Inside the lock: a cancellation after this finds the waiter registered.
            if Task.isCancelled { return false }
            if state.entries[key] == nil {
                var entry = Entry(generation: id)
                entry.task = Task { await self.run(key, generation: id, work) }
                state.entries[key] = entry
            }
            state.entries[key]?.waiters[id] = waiter
            return true
        }
        if !joined { waiter.resume(throwing: CancellationError()) }
    }

    private func run(_ key: Key, generation: UInt64, _ work: @Sendable () async throws -> Value) async {
        let result: Result<Value, any Error>
        do { result = .success(try await work()) } catch { result = .failure(error) }
        let waiters = state.withLock { state in
            // Work that was given up may have been started anew by another caller.
            guard state.entries[key]?.generation == generation else { return [UInt64: Waiter]() }
            return state.entries.removeValue(forKey: key)?.waiters ?? [:]
        }
        for waiter in waiters.values { waiter.resume(with: result) }
    }

    private func leave(_ key: Key, id: UInt64) {
        let (waiter, task): (Waiter?, Task<Void, Never>?) = state.withLock { state in
            guard let waiter = state.entries[key]?.waiters.removeValue(forKey: id) else { return (nil, nil) }
            guard state.entries[key]?.waiters.isEmpty == true else { return (waiter, nil) }
            return (waiter, state.entries.removeValue(forKey: key)?.task)
        }
        task?.cancel()
        waiter?.resume(throwing: CancellationError())
    }
}
