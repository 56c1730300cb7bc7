internal import EdgeBase
internal import Synchronization

extension StoreWriter {
    /// Writes all groups in one transaction, then shows and acknowledges them.
    func commit(_ groups: [CommitQueue.Group]) {
        let (slots, first, mark) = core.memory.withLock { state in
            let slots = state.claim(groups.lazy.flatMap { $0.mutations.lazy.map(\.key) })
            let count = groups.reduce(0) { $0 + $1.mutations.count }
            let (first, mark) = state.revisions.beginTransaction(count: count)
            return (slots, first, mark)
        }
        var plan = CommitPlan(
            slots: slots, firstRevision: first, transformers: core.options.transformers)
        let outcomes = groups.map { plan.add($0.mutations) }
        do throws(SQLiteError) {
            let rows = try write(plan, slots: slots, mark: mark)
            publish(plan, rows: rows, mark: mark, groups: groups.count)
        } catch {
            refuse(groups, error)
            return
        }
        for (group, outcome) in zip(groups, outcomes) { group.reply.resume(returning: outcome) }
    }

    /// Brings the plan's durable part to the disk; returns where its objects lie now.
    private func write(
        _ plan: CommitPlan, slots: [ObjectKey: MemoryState.Slot], mark: UInt64?
    ) throws(SQLiteError) -> [ObjectKey: Int64] {
        guard !plan.durableKeys.isEmpty || mark != nil else { return [:] }
        return try transaction(mark: mark) { database throws(SQLiteError) in
            var rows: [ObjectKey: Int64] = [:]
            for key in plan.durableKeys {
                guard let write = plan.newest[key] else { continue }
                let row = slots[key]?.row ?? 0
                rows[key] = try store(write.object, bytes: write.diskBytes, row: row, in: database)
            }
            return rows
        }
    }

    private func publish(_ plan: CommitPlan, rows: [ObjectKey: Int64], mark: UInt64?, groups: Int) {
        let (wakes, needs) = core.memory.withLock { state in
            state.revisions.endTransaction(mark: mark)
            state.release()
            let wakes = state.publish(plan.changes, rows: rows)
            if !plan.durableKeys.isEmpty {
                state.statistics.transactions += 1
                state.statistics.groups += groups
                state.statistics.largestTransaction = max(state.statistics.largestTransaction, groups)
            }
            return (wakes, state.takeNeeds(core.options))
        }
        wakes.run()
        var remaining = needs
        remaining.reservation = false
        core.request(remaining)
        if !plan.durableKeys.isEmpty {
            snapshotter.noteChange()
            noteAccepted()
        }
    }

    /// The disk refused: memory stays as it was. Even a failed precondition may rest on a change of the same
    /// transaction that never happened, so every group gets the same answer.
    private func refuse(_ groups: [CommitQueue.Group], _ error: SQLiteError) {
        noteRefused(error)
        core.memory.withLock { state in
            state.revisions.endTransaction(mark: nil)
            state.release()
        }
        let failure = StorageError.unavailable(operation: "write to the database", cause: "\(error)")
        for group in groups { group.reply.resume(returning: .failure(failure)) }
    }
}
