public import EdgeJSON

/// The types of custom resources, by their structural schema.
extension MergeType {
    init(_ schema: StructuralSchema) {
        switch schema.type {
        case "object":
            if schema.isAtomicMap {
                self = .atomic
            } else if schema.properties.isEmpty, schema.additionalSchema == nil,
                schema.preservesUnknownFields
            {
                self = .deduced
            } else {
                self = .custom(schema)
            }
        case "array":
            switch schema.listType {
            case .set: self = .customList(keys: [], schema.items ?? StructuralSchema(JSONObject()))
            case .map:
                self = .customList(
                    keys: schema.listMapKeys, schema.items ?? StructuralSchema(JSONObject()))
            case .atomic: self = .atomic
            }
        case "": self = schema.preservesUnknownFields ? .deduced : .atomic
        default: self = .atomic
        }
    }

    /// A member of an object of a structural schema.
    static func member(_ key: String, of schema: StructuralSchema) -> (type: MergeType, isNamed: Bool)? {
        if schema.isEmbeddedResource {
            switch key {
            case "metadata":
                return (MergeType(Schema.shared.type("meta.v1.ObjectMeta")), true)
            case "apiVersion", "kind": return (.atomic, true)
            default: break
            }
        }
        if let property = schema.properties[key] { return (MergeType(property), true) }
        if let inner = schema.additionalSchema { return (MergeType(inner), false) }
        return schema.preservesUnknownFields || schema.additional != nil ? (.deduced, false) : nil
    }
}

extension FieldManager {
    /// For a custom resource.
    public init(custom: CustomResource, subresource: String) {
        self.init(
            merging: .custom(custom.root), type: nil, apiVersion: custom.apiVersion,
            subresource: subresource, hasStatus: custom.version.hasStatus)
    }
}

extension CustomResource {
    /// The schema of whole objects, which have metadata though it does not say so.
    var root: StructuralSchema { version.root }

    /// What a configuration has that the schema does not know, in the words of structured merge.
    public func undeclaredFields(in configuration: JSONObject) -> [String] {
        var pruner = SchemaPruner()
        var object = configuration
        pruner.pruneRoot(&object, schema)
        return pruner.unknownFields.map { ".\($0): field not declared in schema" }
    }
}
