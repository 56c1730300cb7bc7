public import EdgeJSON

/// One node of a custom resource's schema (`openAPIV3Schema`), in the form in which objects are pruned,
/// defaulted and validated by it. Immutable; made once for each version of a CustomResourceDefinition.
public final class StructuralSchema: Sendable {
    /// `object`, `array`, `string`, `integer`, `number`, `boolean`, or empty where any type is allowed.
    public let type: String
    public let isNullable: Bool
    /// Members that the schema does not know stay.
    public let preservesUnknownFields: Bool
    /// The value is a whole Kubernetes object with apiVersion, kind and metadata.
    public let isEmbeddedResource: Bool
    public let isIntOrString: Bool
    public let properties: [String: StructuralSchema]
    public let items: StructuralSchema?
    public let additional: Additional?
    public let listType: ListType
    /// The members that identify an element of a list of type map.
    public let listMapKeys: [String]
    /// The map is owned and replaced as a whole.
    public let isAtomicMap: Bool
    public let defaultValue: JSONValue?
    public let rules: ValueRules?
    /// `x-kubernetes-validations` as they stand in the schema.
    public let validations: [JSONValue]
    /// The members that are filled in when they are missing, sorted by name.
    let defaultedProperties: [(name: String, value: JSONValue)]
    /// Whether anything in or under this node is filled in.
    let hasDefaults: Bool

    public enum ListType: String, Sendable {
        case atomic, set, map
    }

    /// What stands behind names that `properties` does not have.
    public enum Additional: Sendable {
        case allowed(Bool)
        case schema(StructuralSchema)
    }

    public var additionalSchema: StructuralSchema? {
        if case .schema(let schema) = additional { schema } else { nil }
    }

    public convenience init(_ schema: JSONObject) { self.init(schema, isEmbeddedResource: false) }

    /// - Parameter isEmbeddedResource: the node is a whole object though the schema does not say so: the root.
    init(_ schema: JSONObject, isEmbeddedResource: Bool) {
        type = schema["type"].text
        isNullable = schema["nullable"].flag
        preservesUnknownFields = schema["x-kubernetes-preserve-unknown-fields"].flag
        self.isEmbeddedResource = isEmbeddedResource || schema["x-kubernetes-embedded-resource"].flag
        isIntOrString = schema["x-kubernetes-int-or-string"].flag
        var properties: [String: StructuralSchema] = [:]
        for member in schema["properties"]?.object ?? JSONObject() {
            properties[member.key] = StructuralSchema(member.value.object ?? JSONObject())
        }
        self.properties = properties
        items = schema["items"]?.object.map { StructuralSchema($0) }
        switch schema["additionalProperties"] {
        case .bool(let allowed)?: additional = .allowed(allowed)
        case .object(let inner)?: additional = .schema(StructuralSchema(inner))
        default: additional = nil
        }
        listType = ListType(rawValue: schema["x-kubernetes-list-type"].text) ?? .atomic
        listMapKeys = schema["x-kubernetes-list-map-keys"].strings
        isAtomicMap = schema["x-kubernetes-map-type"].text == "atomic"
        let own = schema["default"].flatMap { $0.isNull ? Optional<JSONValue>.none : $0 }
        defaultValue = own
        rules = ValueRules(schema)
        validations = schema["x-kubernetes-validations"]?.array ?? []
        defaultedProperties = properties.compactMap { name, schema in
            schema.defaultValue.map { (name, $0) }
        }
        .sorted { $0.name < $1.name }
        var inner = properties.values.contains { $0.hasDefaults } || items?.hasDefaults == true
        if case .schema(let schema) = additional, schema.hasDefaults { inner = true }
        hasDefaults = own != nil || inner
    }

    /// Whether a format is one that Kubernetes knows for a type.
    public static func knows(format: String, type: String) -> Bool {
        !NamedFormat.supported(format, type: type).isEmpty
    }

    /// The schema of a member, by its name or as an additional one.
    func member(_ name: String) -> StructuralSchema? { properties[name] ?? additionalSchema }
}
