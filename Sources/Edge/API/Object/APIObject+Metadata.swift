public import EdgeBase
public import EdgeJSON

/// `metadata` of an object, as in Kubernetes' ObjectMeta.
extension APIObject {
    public var apiVersion: String { json["apiVersion"]?.string ?? "" }
    public var kind: String { json["kind"]?.string ?? "" }

    /// The whole `metadata` object; empty when absent.
    public var metadata: JSONObject {
        get { json["metadata"]?.object ?? JSONObject() }
        set { json["metadata"] = .object(newValue) }
    }

    public var name: String { self[path: "metadata", "name"]?.string ?? "" }
    public var namespace: String { self[path: "metadata", "namespace"]?.string ?? "" }
    public var uid: String { self[path: "metadata", "uid"]?.string ?? "" }
    public var generateName: String { self[path: "metadata", "generateName"]?.string ?? "" }
    public var resourceVersion: String { self[path: "metadata", "resourceVersion"]?.string ?? "" }
    public var generation: Int64 { self[path: "metadata", "generation"]?.int ?? 0 }

    public var labels: [String: String] { stringMap("labels") }
    public var annotations: [String: String] { stringMap("annotations") }

    public var finalizers: [String] {
        get { self[path: "metadata", "finalizers"]?.strings ?? [] }
        set {
            self[path: "metadata", "finalizers"] =
                newValue.isEmpty ? nil : .array(newValue.map(JSONValue.string))
        }
    }

    public var creationTimestamp: Timestamp? { timestamp("creationTimestamp") }
    public var deletionTimestamp: Timestamp? { timestamp("deletionTimestamp") }
    public var isBeingDeleted: Bool {
        if case .string = self[path: "metadata", "deletionTimestamp"] { true } else { false }
    }
    public var deletionGracePeriodSeconds: Int64? {
        self[path: "metadata", "deletionGracePeriodSeconds"]?.int
    }

    public var ownerReferences: [OwnerReference] {
        get { (self[path: "metadata", "ownerReferences"]?.array ?? []).map(OwnerReference.init) }
        set {
            self[path: "metadata", "ownerReferences"] = newValue.isEmpty ? nil : .array(newValue.map(\.value))
        }
    }

    /// The owner that manages this object, of which there is at most one.
    public var controllerReference: OwnerReference? { ownerReferences.first(where: \.isController) }

    public subscript(label key: String) -> String? {
        get { self[path: "metadata", "labels"]?[key]?.string }
        set { self[path: "metadata", "labels", key] = newValue.map(JSONValue.string) }
    }

    public subscript(annotation key: String) -> String? {
        get { self[path: "metadata", "annotations"]?[key]?.string }
        set { self[path: "metadata", "annotations", key] = newValue.map(JSONValue.string) }
    }

    private func stringMap(_ key: String) -> [String: String] {
        guard let members = self[path: "metadata", key]?.object else { return [:] }
        var map: [String: String] = [:]
        for member in members { map[member.key] = member.value.string }
        return map
    }

    private func timestamp(_ key: String) -> Timestamp? {
        self[path: "metadata", key]?.string.flatMap { Timestamp(rfc3339: $0) }
    }
}
