/// What the API offers under one plural name of one group and version: a built-in resource from the schema
/// table, or one that a CustomResourceDefinition describes.
public struct ResourceDefinition: Sendable, Hashable {
    public var group: String
    public var version: String
    /// The plural name, such as `deployments`.
    public var resource: String
    public var singular: String
    public var kind: String
    public var listKind: String
    public var isNamespaced: Bool
    public var verbs: APIVerb
    public var shortNames: [String]
    public var categories: [String]
    public var subresources: [SubresourceDefinition]
    /// The group under which the objects are stored. Events of both groups are one stored resource.
    public var storageGroup: String
    /// The version in which the objects are stored; where it is another one, reads convert.
    public var storageVersion: String
    /// Set for the resource of a CustomResourceDefinition: its schema and conversion.
    public var custom: CustomResource?

    public init(
        group: String, version: String, resource: String, singular: String = "", kind: String,
        listKind: String = "", isNamespaced: Bool, verbs: APIVerb = .all, shortNames: [String] = [],
        categories: [String] = [], subresources: [SubresourceDefinition] = [], storageGroup: String? = nil,
        storageVersion: String? = nil
    ) {
        self.group = group
        self.version = version
        self.resource = resource
        self.singular = singular.isEmpty ? kind.lowercased() : singular
        self.kind = kind
        self.listKind = listKind.isEmpty ? kind + "List" : listKind
        self.isNamespaced = isNamespaced
        self.verbs = verbs
        self.shortNames = shortNames
        self.categories = categories
        self.subresources = subresources
        self.storageGroup = storageGroup ?? group
        self.storageVersion = storageVersion ?? version
    }

    /// `apps/v1`, or `v1` in the core group.
    public var apiVersion: String { group.isEmpty ? version : "\(group)/\(version)" }
    public var groupVersionKind: GroupVersionKind { .init(group: group, version: version, kind: kind) }
    public var groupVersionResource: GroupVersionResource {
        .init(group: group, version: version, resource: resource)
    }

    /// The name in statuses and RBAC messages: `deployments.apps`, or `pods` in the core group.
    public var qualifiedName: String { group.isEmpty ? resource : "\(resource).\(group)" }

    /// The name under which objects are stored, as in `ObjectKey`: `deployments.apps`, `pods`.
    public var storageName: String { storageGroup.isEmpty ? resource : "\(resource).\(storageGroup)" }

    /// Whether objects are kept at all; reviews, bindings and evictions are only acted upon.
    public var isStored: Bool { verbs.contains([.get, .list]) && verbs.contains(.create) }

    public func subresource(_ name: String) -> SubresourceDefinition? {
        subresources.first { $0.name == name }
    }
}

/// A part of a resource with an address of its own, such as `status`, `scale` or `log`.
public struct SubresourceDefinition: Sendable, Hashable {
    public var name: String
    /// The group, version and kind of the objects that it takes and gives; not always those of its resource:
    /// `deployments/scale` speaks `autoscaling/v1` Scale.
    public var kind: GroupVersionKind
    public var verbs: APIVerb

    public init(name: String, kind: GroupVersionKind, verbs: APIVerb) {
        self.name = name
        self.kind = kind
        self.verbs = verbs
    }
}
