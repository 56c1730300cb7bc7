public import EdgeBase
public import EdgeJSON

/// A typed look at a whole API object: what its kind has beyond the metadata that all objects share.
public protocol ObjectView: Sendable, Equatable {
    /// The plural with its group, as in `ObjectKey`: `pods`, `deployments.apps`.
    static var resource: String { get }
    static var apiVersion: String { get }
    static var kind: String { get }

    var object: APIObject { get set }
    init(_ object: APIObject)
}

extension ObjectView {
    /// A new object with nothing but its name.
    public init(namespace: String = "", name: String) {
        self.init(
            APIObject(apiVersion: Self.apiVersion, kind: Self.kind, namespace: namespace, name: name))
    }

    /// Decodes a stored object, see `APIObject.init(decoding:)`.
    public init(decoding encoded: EncodedObject) throws(JSONError) {
        self.init(try APIObject(decoding: encoded))
    }

    public var key: ObjectKey { ObjectKey(resource: Self.resource, namespace: namespace, name: name) }

    public var name: String { object.name }
    public var namespace: String { object.namespace }
    public var uid: String { object.uid }
    public var generateName: String { object.generateName }
    public var resourceVersion: String { object.resourceVersion }
    public var generation: Int { Int(object.generation) }
    public var creationTimestamp: Timestamp? { object.creationTimestamp }
    public var deletionTimestamp: Timestamp? { object.deletionTimestamp }
    public var deletionGracePeriodSeconds: Int? { object.deletionGracePeriodSeconds.map { Int($0) } }
    public var isBeingDeleted: Bool { object.isBeingDeleted }
    public var controllerReference: OwnerReference? { object.controllerReference }

    public var labels: [String: String] {
        get { object.labels }
        set { object[path: "metadata", "labels"].stringMap = newValue }
    }

    public var annotations: [String: String] {
        get { object.annotations }
        set { object[path: "metadata", "annotations"].stringMap = newValue }
    }

    public var finalizers: [String] {
        get { object.finalizers }
        set { object.finalizers = newValue }
    }

    public var ownerReferences: [OwnerReference] {
        get { object.ownerReferences }
        set { object.ownerReferences = newValue }
    }

    public subscript(label key: String) -> String? {
        get { object[label: key] }
        set { object[label: key] = newValue }
    }

    public subscript(annotation key: String) -> String? {
        get { object[annotation: key] }
        set { object[annotation: key] = newValue }
    }

    /// Whether the object's managing owner is the one with this uid.
    public func isControlled(by uid: String) -> Bool { controllerReference?.uid == uid }

    /// A member of the object as a view; empty when missing.
    func member<View: JSONView>(_ key: String) -> View {
        View(object.json[key] ?? .object(JSONObject()))
    }

    /// An empty view removes the member.
    mutating func setMember(_ key: String, _ view: some JSONView) {
        object.json[key] = view.isEmpty ? nil : view.json
    }
}
