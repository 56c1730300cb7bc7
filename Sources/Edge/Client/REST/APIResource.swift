public import EdgeBase

/// One resource of one group and version, as discovery describes it.
public struct APIResource: Sendable, Hashable {
    public var group: String
    public var version: String
    /// The plural: `deployments`.
    public var name: String
    public var singularName: String
    public var kind: String
    public var isNamespaced: Bool
    public var shortNames: [String]
    public var categories: [String]
    public var verbs: [String]
    /// Names of the subresources: `status`, `scale`.
    public var subresources: [String]

    public init(
        group: String, version: String, name: String, singularName: String = "", kind: String,
        isNamespaced: Bool, shortNames: [String] = [], categories: [String] = [], verbs: [String] = [],
        subresources: [String] = []
    ) {
        self.group = group
        self.version = version
        self.name = name
        self.singularName = singularName.isEmpty ? kind.lowercased() : singularName
        self.kind = kind
        self.isNamespaced = isNamespaced
        self.shortNames = shortNames
        self.categories = categories
        self.verbs = verbs
        self.subresources = subresources
    }

    /// `v1` or `apps/v1`.
    public var apiVersion: String { group.isEmpty ? version : "\(group)/\(version)" }
    /// `pods` or `deployments.apps`: the resource of an `ObjectKey`, and what error messages say.
    public var qualifiedName: String { group.isEmpty ? name : "\(name).\(group)" }
    /// `pod` or `deployment.apps`: what kubectl puts before a name.
    public var kindName: String { group.isEmpty ? kind.lowercased() : "\(kind.lowercased()).\(group)" }

    public func key(namespace: String, name: String) -> ObjectKey {
        ObjectKey(resource: qualifiedName, namespace: isNamespaced ? namespace : "", name: name)
    }
}

/// Splits an apiVersion into group and version.
public func splitAPIVersion(_ apiVersion: String) -> (group: String, version: String) {
    guard let slash = apiVersion.firstIndex(of: "/") else { return ("", apiVersion) }
    return (String(apiVersion[..<slash]), String(apiVersion[apiVersion.index(after: slash)...]))
}
