public import EdgeBase
internal import Synchronization

extension ObjectStore {
    /// Applies a group of mutations, all or none. Returns the new versions in the group's order: of a deletion
    /// the last version, under the deletion's revision. A group may name an object several times; each
    /// mutation sees what those before it did.
    ///
    /// Throws `notFound`, `alreadyExists` or `conflict` for a precondition that does not hold, `unavailable` if
    /// the disk refuses: then nothing has changed and the next commit tries again. (After `unavailable` a power
    /// cut may still bring the write to light: its outcome is unknown, as after any lost reply.)
    public func commit(_ mutations: [Mutation]) async throws(StorageError) -> [EncodedObject] {
        guard !mutations.isEmpty else { return [] }
        for mutation in mutations {
            if case .put(let pending) = mutation.change, !pending.isWellFormed {
                let reason = "its revision offset \(pending.revisionOffset) is not between two quotes"
                throw .invalid(mutation.key, reason: reason)
            }
        }
        if !mutations.contains(where: { $0.durability == .durable }),
            let result = core.applyAtOnce(mutations)
        {
            return try result.get()
        }
        let core = core
        let result: Result<[EncodedObject], StorageError> = await withCheckedContinuation { reply in
            let group = CommitQueue.Group(mutations: mutations, reply: reply)
            if let refusal = core.queue.submit(group) { reply.resume(returning: .failure(refusal)) }
        }
        return try result.get()
    }

    /// A group of one.
    public func commit(_ mutation: Mutation) async throws(StorageError) -> EncodedObject {
        let objects = try await commit([mutation])
        guard let object = objects.first else { throw .notFound(mutation.key) }
        return object
    }
}
