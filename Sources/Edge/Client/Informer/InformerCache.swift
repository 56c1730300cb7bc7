internal import EdgeBase

/// The objects of an informer with its indexes: a plain value, changed under the informer's lock.
struct InformerCache {
    private(set) var objects: [ObjectKey: EncodedObject] = [:]
    private let indexers: [String: Informer.Indexer]
    private var indexes: [String: [String: Set<ObjectKey>]] = [:]

    init(indexers: [String: Informer.Indexer] = [:]) {
        self.indexers = indexers
    }

    func indexed(by index: String, _ value: String) -> [EncodedObject] {
        (indexes[index]?[value] ?? []).compactMap { objects[$0] }
    }

    /// Takes over one change. Returns it as this cache sees it: nil for one that is older than what is here,
    /// and with this cache's previous version.
    mutating func apply(_ change: ObjectChange) -> ObjectChange? {
        let key = change.object.key
        let current = objects[key]
        if let current, current.revision >= change.revision { return nil }
        switch change.kind {
        case .deleted:
            guard let current else { return nil }
            remove(current)
            return ObjectChange(kind: .deleted, object: change.object, previous: current)
        case .added, .modified:
            insert(change.object, replacing: current)
            return ObjectChange(
                kind: current == nil ? .added : .modified, object: change.object, previous: current)
        }
    }

    /// Takes over a whole list and returns what changed by it.
    mutating func replace(with list: [EncodedObject]) -> [ObjectChange] {
        var changes: [ObjectChange] = []
        let keys = Set(list.map(\.key))
        for (key, object) in objects where !keys.contains(key) {
            remove(object)
            changes.append(ObjectChange(kind: .deleted, object: object, previous: object))
        }
        for object in list {
            let current = objects[object.key]
            if current?.revision == object.revision { continue }
            insert(object, replacing: current)
            changes.append(
                ObjectChange(kind: current == nil ? .added : .modified, object: object, previous: current))
        }
        return changes
    }

    private mutating func insert(_ object: EncodedObject, replacing current: EncodedObject?) {
        objects[object.key] = object
        for (name, indexer) in indexers {
            let newList = indexer(object)
            let oldList = current.map(indexer) ?? []
            guard newList != oldList else { continue }
            let values = Set(newList)
            let oldValues = Set(oldList)
            for value in oldValues.subtracting(values) { unfile(object.key, name, value) }
            for value in values.subtracting(oldValues) {
                indexes[name, default: [:]][value, default: []].insert(object.key)
            }
        }
    }

    private mutating func remove(_ object: EncodedObject) {
        objects[object.key] = nil
        for (name, indexer) in indexers {
            for value in indexer(object) { unfile(object.key, name, value) }
        }
    }

    private mutating func unfile(_ key: ObjectKey, _ index: String, _ value: String) {
        indexes[index]?[value]?.remove(key)
        if indexes[index]?[value]?.isEmpty == true { indexes[index]?[value] = nil }
    }
}
