internal import EdgeJSON

/// All resources and types of the built-in API. Read once from the table in the program, then immutable.
public final class Schema: Sendable {
    /// The schema of the Kubernetes version that edge speaks.
    public static let shared = Schema()

    /// Sorted by group, version and name; the core group first.
    public let resources: [ResourceDefinition]
    /// Sorted by name.
    public let types: [TypeDefinition]
    /// What is written for a type when it is empty, per type.
    let emptyValues: [JSONValue]
    private let resourcePlaces: [GroupVersionResource: UInt16]
    private let kindPlaces: [GroupVersionKind: TypeID]
    private let typePlaces: [String: TypeID]

    init() {
        var parser = SchemaParser(SchemaTable.text)
        parser.parse()
        resources = parser.resources
        types = parser.types
        typePlaces = parser.typePlaces
        var resourcePlaces: [GroupVersionResource: UInt16] = [:]
        for (index, resource) in resources.enumerated() {
            resourcePlaces[resource.groupVersionResource] = UInt16(index)
        }
        self.resourcePlaces = resourcePlaces
        var kindPlaces: [GroupVersionKind: TypeID] = [:]
        for type in types {
            if let kind = type.groupVersionKind { kindPlaces[kind] = type.id }
        }
        self.kindPlaces = kindPlaces
        emptyValues = EmptyValues.all(of: parser.types)
        schemaProps = typePlaces["apiextensions.v1.JSONSchemaProps"] ?? TypeID(index: 0)
    }

    /// The type behind the JSON schema alternatives.
    let schemaProps: TypeID

    public func resource(group: String, version: String, resource: String) -> ResourceDefinition? {
        resourcePlaces[.init(group: group, version: version, resource: resource)].map { resources[Int($0)] }
    }

    /// The resource that serves objects of a kind.
    public func resource(for kind: GroupVersionKind) -> ResourceDefinition? {
        resources.first { $0.kind == kind.kind && $0.group == kind.group && $0.version == kind.version }
    }

    /// The type of a kind. `DeleteOptions` and the other kinds of the meta group exist in every group.
    public func kind(group: String, version: String, kind: String) -> TypeDefinition? {
        if let id = kindPlaces[.init(group: group, version: version, kind: kind)] { return self[id] }
        switch kind {
        case "DeleteOptions", "Status", "WatchEvent", "APIGroup", "APIGroupList", "APIResourceList",
            "APIVersions":
            return type("meta.v1." + kind)
        default: return nil
        }
    }

    public func kind(_ kind: GroupVersionKind) -> TypeDefinition? {
        self.kind(group: kind.group, version: kind.version, kind: kind.kind)
    }

    /// The type of an object that says its `apiVersion` and `kind`.
    public func kind(apiVersion: String, kind: String) -> TypeDefinition? {
        self.kind(GroupVersionKind(apiVersion: apiVersion, kind: kind))
    }

    /// A type by its name, such as `core.v1.PodSpec`.
    public func type(_ name: String) -> TypeDefinition? {
        typePlaces[name].map { self[$0] }
    }

    public subscript(id: TypeID) -> TypeDefinition { types[Int(id.index)] }
}
