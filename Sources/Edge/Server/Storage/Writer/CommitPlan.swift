internal import EdgeBase

/// Decides what groups of mutations do, without touching memory state or disk: preconditions, revisions, the
/// new bytes. Each group sees what the groups before it in the same plan did.
struct CommitPlan {
    struct Change: Sendable {
        let change: ObjectChange
        let durability: Mutation.Durability
    }

    /// What has to be written of one object.
    struct Write {
        /// The newest version; nil for a deletion.
        var object: EncodedObject?
        /// Its transformed bytes, nil where memory's own are written.
        var diskBytes: [UInt8]?
    }

    /// In revision order.
    private(set) var changes: [Change] = []
    /// The objects that have to be on the disk before any change of the plan becomes visible.
    private(set) var durableKeys: Set<ObjectKey> = []
    /// The newest state of every object that the plan changes.
    private(set) var newest: [ObjectKey: Write] = [:]

    private let slots: [ObjectKey: MemoryState.Slot]
    private var nextRevision: UInt64
    private let transformers: [String: any ValueTransformer]

    init(
        slots: [ObjectKey: MemoryState.Slot], firstRevision: UInt64,
        transformers: [String: any ValueTransformer]
    ) {
        self.slots = slots
        self.nextRevision = firstRevision
        self.transformers = transformers
    }

    /// Plans one group: all of its mutations, or none. Returns the new versions, in the group's order.
    mutating func add(_ mutations: [Mutation]) -> Result<[EncodedObject], StorageError> {
        let mark = (changes: changes.count, revision: nextRevision)
        let durability = effectiveDurability(mutations)
        var undo: [(key: ObjectKey, write: Write?)] = []
        do throws(StorageError) {
            for mutation in mutations {
                undo.append((mutation.key, newest[mutation.key]))
                try apply(mutation, durability: durability)
            }
        } catch {
            changes.removeSubrange(mark.changes...)
            nextRevision = mark.revision
            for step in undo.reversed() { newest[step.key] = step.write }
            return .failure(error)
        }
        if durability == .durable { durableKeys.formUnion(mutations.lazy.map(\.key)) }
        return .success(changes[mark.changes...].map(\.change.object))
    }

    /// The strongest class of the group; deletions of what the disk has are never volatile.
    private func effectiveDurability(_ mutations: [Mutation]) -> Mutation.Durability {
        let strongest = mutations.lazy.map(\.durability).max() ?? .durable
        guard strongest == .volatile else { return strongest }
        let hitsDisk = mutations.contains { mutation in
            guard case .delete = mutation.change else { return false }
            return slots[mutation.key]?.row ?? 0 != 0
        }
        return hitsDisk ? .durable : .volatile
    }

    private mutating func apply(_ mutation: Mutation, durability: Mutation.Durability) throws(StorageError) {
        let key = mutation.key
        let current: EncodedObject?
        if let write = newest[key] { current = write.object } else { current = slots[key]?.object }
        try Self.check(mutation, against: current)
        let change: ObjectChange
        switch mutation.change {
        case .put(let pending):
            // The key of an existing object is kept, so that all its versions share their strings.
            let object = EncodedObject(key: current?.key ?? key, revision: nextRevision, pending: pending)
            change = ObjectChange(
                kind: current == nil ? .added : .modified, object: object, previous: current)
            newest[key] = Write(object: object, diskBytes: try transformed(object))
        case .delete:
            guard let current else { throw .notFound(key) }
            change = ObjectChange(
                kind: .deleted, object: current.carrying(revision: nextRevision), previous: current)
            newest[key] = Write(object: nil, diskBytes: nil)
        }
        nextRevision += 1
        changes.append(Change(change: change, durability: durability))
    }

    private static func check(_ mutation: Mutation, against current: EncodedObject?) throws(StorageError) {
        switch (mutation.precondition, current) {
        case (.none, _), (.absent, nil), (.exists, .some): return
        case (.absent, .some(let current)): throw .alreadyExists(current: current)
        case (.exists, nil), (.revision, nil): throw .notFound(mutation.key)
        case (.revision(let revision), .some(let current)):
            if current.revision != revision { throw .conflict(current: current) }
        }
    }

    private func transformed(_ object: EncodedObject) throws(StorageError) -> [UInt8]? {
        guard let transformer = transformers[object.key.resource] else { return nil }
        return try transformer.diskBytes(of: object)
    }
}

extension ValueTransformer {
    func diskBytes(of object: EncodedObject) throws(StorageError) -> [UInt8] {
        do {
            return try toDisk(object.bytes, key: object.key)
        } catch {
            throw .unavailable(operation: "transform \(object.key) for the disk", cause: "\(error)")
        }
    }
}
