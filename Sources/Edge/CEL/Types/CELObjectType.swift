/// A type with named fields, made from the schema of an object. Types are told apart by their names, so
/// nested ones carry their path, such as `selfType.spec.template`.
public final class CELObjectType: Sendable {
    public let name: String
    /// The fields by their names in CEL, see `CELFieldName`.
    public let fields: [String: CELField]
    /// Every field name is taken, with the type that `fields` says or `dyn`. For the types that a mutating
    /// policy builds objects with when no schema is known.
    public let isOpen: Bool

    public init(name: String, fields: [String: CELField], isOpen: Bool = false) {
        self.name = name
        self.fields = fields
        self.isOpen = isOpen
    }

    /// From fields by their names in JSON; those that CEL cannot name are left out, as Kubernetes does.
    public convenience init(name: String, properties: [String: CELSchema]) {
        var fields: [String: CELField] = [:]
        for (jsonName, schema) in properties {
            guard let name = CELFieldName.escaped(jsonName) else { continue }
            fields[name] = CELField(jsonName: jsonName, schema: schema)
        }
        self.init(name: name, fields: fields)
    }

    func field(_ name: String) -> CELField? {
        fields[name]
            ?? (isOpen ? CELField(jsonName: CELFieldName.unescaped(name) ?? name, schema: .any) : nil)
    }
}

/// A field of an object type.
public struct CELField: Sendable {
    public let jsonName: String
    public let schema: CELSchema

    public init(jsonName: String, schema: CELSchema) {
        self.jsonName = jsonName
        self.schema = schema
    }
}
