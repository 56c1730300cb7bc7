internal import EdgeAPI
internal import EdgeBase
public import EdgeClient
internal import EdgeJSON

/// The indexes that controllers look objects up by.
public enum ControllerIndexes {
    /// By the uids of an object's owners.
    static let owner = "owner"
    /// Pods by the node that they are bound to.
    static let node = "node"

    /// For an `InformerSet` that serves controllers: every resource by owner, pods by node as well.
    public static var all: [String: [String: Informer.Indexer]] {
        var indexers: [String: [String: Informer.Indexer]] = [:]
        for resource in Schema.shared.resources where resource.isStored {
            indexers[resource.storageName] = [owner: owners]
        }
        indexers[Pod.resource]?[node] = { object in
            let node = EncodedValue(object.bytes)[nodePath]?.string ?? ""
            return node.isEmpty ? [] : [node]
        }
        return indexers
    }

    /// What informers of custom resources keep: the objects by owner.
    public static var ofCustomResources: [String: Informer.Indexer] { [owner: owners] }

    // Read where they lie in the encoded object: an index is asked for every change of everything.
    private static let owners: Informer.Indexer = { object in
        (EncodedValue(object.bytes)[ownersPath]?.decoded?.array ?? []).compactMap { $0["uid"]?.string }
    }
    private static let nodePath = EncodedPath("spec", "nodeName")
    static let ownersPath = EncodedPath("metadata", "ownerReferences")
}

extension Informer {
    /// The decoded view of one object; nil when it is not there.
    func view<View: ObjectView>(_ key: ObjectKey, as type: View.Type = View.self) throws -> View? {
        try get(key).map { try View(decoding: $0) }
    }

    func views<View: ObjectView>(namespace: String?, as type: View.Type = View.self) -> [View] {
        list(namespace: namespace).compactMap { try? View(decoding: $0) }
    }

    func views<View: ObjectView>(index: String, _ value: String, as type: View.Type = View.self) -> [View] {
        indexed(by: index, value).compactMap { try? View(decoding: $0) }
    }
}
