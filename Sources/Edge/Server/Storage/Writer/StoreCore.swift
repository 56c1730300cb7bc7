internal import EdgeBase
internal import Synchronization

/// What readers, the writer thread and subscriptions share. It outlives the `ObjectStore` only as long as one
/// of them holds it.
final class StoreCore: Sendable {
    let memory: Mutex<MemoryState>
    let queue: CommitQueue
    let options: StoreOptions

    init(state: MemoryState, options: StoreOptions) {
        memory = Mutex(state)
        queue = CommitQueue(limit: options.queueLimit)
        self.options = options
    }

    /// Applies a memory-only group without the writer. Nil if it has to queue: an object is being written just
    /// now, the group deletes something that the disk has, or the reserved revisions have run out.
    func applyAtOnce(_ mutations: [Mutation]) -> Result<[EncodedObject], StorageError>? {
        let (result, wakes, needs) = memory.withLock { state in
            let (result, wakes) = state.applyAtOnce(mutations)
            return (result, wakes, state.takeNeeds(options))
        }
        wakes.run()
        request(needs)
        return result
    }

    func request(_ needs: MemoryState.Needs) {
        if needs.reservation { queue.requestReservation() }
        if needs.flushNow { queue.requestFlush() }
        if needs.flushTimer {
            options.schedule(options.flushInterval) { [weak self] in self?.flushIsDue() }
        }
    }

    private func flushIsDue() {
        memory.withLock { $0.flushIsArmed = false }
        queue.requestFlush()
    }
}

extension MemoryState {
    /// What the writer should be asked for after a memory-only write.
    struct Needs {
        var reservation: Bool
        var flushNow: Bool
        var flushTimer: Bool
    }

    /// The one timer is armed while something waits for its flush, and only then.
    mutating func takeNeeds(_ options: StoreOptions) -> Needs {
        let full =
            writeBehind.writes >= max(options.flushCount, 1)
            || writeBehind.bytes >= max(options.flushBytes, 1)
        let arm = !writeBehind.isEmpty && !flushIsArmed
        if arm { flushIsArmed = true }
        return Needs(reservation: revisions.runsLow, flushNow: full, flushTimer: arm)
    }

    fileprivate mutating func applyAtOnce(
        _ mutations: [Mutation]
    ) -> (Result<[EncodedObject], StorageError>?, WakeList) {
        if isClosed { return (.failure(.closed), WakeList()) }
        guard let first = revisions.firstAtOnce(count: mutations.count) else { return (nil, WakeList()) }
        var slots: [ObjectKey: Slot] = [:]
        for mutation in mutations {
            guard inFlight[mutation.key] == nil else { return (nil, WakeList()) }
            slots[mutation.key] = slot(mutation.key)
        }
        var plan = CommitPlan(slots: slots, firstRevision: first, transformers: [:])
        let result = plan.add(mutations)
        guard plan.durableKeys.isEmpty else { return (nil, WakeList()) }
        statistics.memoryGroups += 1
        return (result, publish(plan.changes, rows: [:]))
    }
}
