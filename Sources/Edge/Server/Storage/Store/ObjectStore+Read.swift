public import EdgeBase
internal import Synchronization

/// A part of one resource's objects as they were at one moment.
public struct ObjectList: Sendable {
    /// By namespace and name.
    public let objects: [EncodedObject]
    /// The moment: a watch from here misses nothing.
    public let revision: UInt64
    /// How many more objects there are behind the last one.
    public let remaining: Int
}

extension ObjectStore {
    /// The revision of the newest visible change of any resource.
    public var currentRevision: UInt64 { core.memory.withLock { $0.revisions.current } }

    /// The revision of the newest change of this resource; where there was none since the start, the revision
    /// at which the store was opened.
    public func revision(of resource: String) -> UInt64 {
        core.memory.withLock { $0.tables[resource]?.revision ?? $0.start }
    }

    /// The resources that have objects.
    public var resources: [String] {
        core.memory.withLock { $0.tables.values.filter { $0.index.count > 0 }.map(\.resource) }.sorted()
    }

    public func count(_ resource: String, namespace: String? = nil) -> Int {
        core.memory.withLock { $0.tables[resource]?.index.count(namespace: namespace) ?? 0 }
    }

    public func get(_ key: ObjectKey) -> EncodedObject? {
        core.memory.withLock {
            $0.tables[key.resource]?.index.entry(namespace: key.namespace, name: key.name)?.object
        }
    }

    /// The current objects of a resource in a namespace (nil for all), behind `startAfter`, at most `limit`.
    public func list(
        _ resource: String, namespace: String? = nil, startAfter: (namespace: String, name: String)? = nil,
        limit: Int = .max
    ) -> ObjectList {
        let (index, revision) = core.memory.withLock { ($0.tables[resource]?.index, $0.revisions.current) }
        let part = index?.objects(namespace: namespace, after: startAfter, limit: limit)
        return ObjectList(objects: part?.objects ?? [], revision: revision, remaining: part?.remaining ?? 0)
    }

    /// The same as it was at an earlier revision, for the next page of a list. Throws `expired` if the history
    /// does not reach back so far, `notYet` for a future revision.
    public func list(
        _ resource: String, namespace: String? = nil, startAfter: (namespace: String, name: String)? = nil,
        limit: Int = .max, at revision: UInt64
    ) throws(StorageError) -> ObjectList {
        let (index, differences) = try core.memory.withLock { state throws(StorageError) in
            try state.read(resource, namespace: namespace, at: revision)
        }
        if differences.isEmpty {
            let part = index.objects(namespace: namespace, after: startAfter, limit: limit)
            return ObjectList(objects: part.objects, revision: revision, remaining: part.remaining)
        }
        let all = index.objects(namespace: namespace, after: startAfter, limit: .max).objects
        let then = PastList.undo(differences, in: all, after: startAfter)
        let objects = Array(then.prefix(max(limit, 0)))
        return ObjectList(objects: objects, revision: revision, remaining: then.count - objects.count)
    }
}

extension MemoryState {
    /// The index of now, and what has changed since `revision`.
    fileprivate func read(
        _ resource: String, namespace: String?, at revision: UInt64
    ) throws(StorageError) -> (ResourceIndex, [ObjectKey: EncodedObject?]) {
        guard revision <= revisions.current else {
            throw .notYet(revision: revision, current: revisions.current)
        }
        let oldest = tables[resource]?.history.start ?? start
        guard revision >= oldest else { throw .expired(revision: revision, oldest: oldest) }
        guard let table = tables[resource] else { return (ResourceIndex(), [:]) }
        return (table.index, table.history.differences(since: revision, namespace: namespace))
    }
}

/// Reconstructs a list of the past from the one of now.
enum PastList {
    /// `objects` are sorted; `before` gives the former versions of changed names, nil for those that did not
    /// exist. The result is sorted and lies behind `start`.
    static func undo(
        _ before: [ObjectKey: EncodedObject?], in objects: [EncodedObject],
        after start: (namespace: String, name: String)?
    ) -> [EncodedObject] {
        let former = before.values.compactMap { $0 }
            .filter { object in
                guard let start else { return true }
                return (object.key.namespace, object.key.name) > (start.namespace, start.name)
            }
            .sorted { $0.key < $1.key }
        var result: [EncodedObject] = []
        result.reserveCapacity(objects.count + former.count)
        var next = former.startIndex
        for object in objects where before[object.key] == nil {
            while next < former.endIndex, former[next].key < object.key {
                result.append(former[next])
                next += 1
            }
            result.append(object)
        }
        result += former[next...]
        return result
    }
}
