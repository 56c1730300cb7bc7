/// Which object: its resource (`pods`, `deployments.apps`), namespace ("" for cluster-scoped) and name.
public struct ObjectKey: Hashable, Sendable {
    public let resource: String
    public let namespace: String
    public let name: String

    public init(resource: String, namespace: String = "", name: String) {
        self.resource = resource
        self.namespace = namespace
        self.name = name
    }
}

extension ObjectKey: Comparable {
    /// By resource, then namespace, then name: the order in which a LIST shows objects.
    public static func < (left: Self, right: Self) -> Bool {
        if left.resource != right.resource { return left.resource < right.resource }
        if left.namespace != right.namespace { return left.namespace < right.namespace }
        return left.name < right.name
    }
}

extension ObjectKey: CustomStringConvertible {
    /// `pods/default/web-1`, or `nodes/pi` for a cluster-scoped object.
    public var description: String {
        namespace.isEmpty ? "\(resource)/\(name)" : "\(resource)/\(namespace)/\(name)"
    }
}
