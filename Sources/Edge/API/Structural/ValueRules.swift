internal import EdgeBase
public import EdgeJSON

/// What a schema says about values beyond their structure; many nodes have nothing of it.
public final class ValueRules: Sendable {
    public let format: String
    public let maximum: Double?
    public let minimum: Double?
    public let isMaximumExclusive: Bool
    public let isMinimumExclusive: Bool
    public let multipleOf: Double?
    public let maxLength: Int?
    public let minLength: Int?
    public let pattern: String
    public let maxItems: Int?
    public let minItems: Int?
    public let maxProperties: Int?
    public let minProperties: Int?
    public let allowed: [JSONValue]
    public let required: [String]
    public let allOf: [StructuralSchema]
    public let anyOf: [StructuralSchema]
    public let oneOf: [StructuralSchema]
    public let not: StructuralSchema?
    /// Of `pattern`; matched in time linear in the text.
    let matcher: RegularExpression?

    /// Nil when the schema says nothing.
    init?(_ schema: JSONObject) {
        guard schema.contains(where: { Self.keys.contains($0.key) }) else { return nil }
        format = NamedFormat.supported(schema["format"].text, type: schema["type"].text)
        maximum = schema["maximum"]?.double
        minimum = schema["minimum"]?.double
        isMaximumExclusive = schema["exclusiveMaximum"].flag
        isMinimumExclusive = schema["exclusiveMinimum"].flag
        multipleOf = schema["multipleOf"]?.double
        maxLength = schema["maxLength"].number
        minLength = schema["minLength"].number
        pattern = schema["pattern"].text
        matcher = pattern.isEmpty ? nil : try? RegularExpression(pattern)
        maxItems = schema["maxItems"].number
        minItems = schema["minItems"].number
        maxProperties = schema["maxProperties"].number
        minProperties = schema["minProperties"].number
        allowed = schema["enum"]?.array ?? []
        required = schema["required"].strings
        func schemas(_ key: String) -> [StructuralSchema] {
            (schema[key]?.array ?? []).compactMap { $0.object.map { StructuralSchema($0) } }
        }
        allOf = schemas("allOf")
        anyOf = schemas("anyOf")
        oneOf = schemas("oneOf")
        not = schema["not"]?.object.map { StructuralSchema($0) }
    }

    private static let keys: Set<String> = [
        "format", "maximum", "minimum", "multipleOf", "maxLength", "minLength", "pattern", "maxItems",
        "minItems", "maxProperties", "minProperties", "enum", "required", "allOf", "anyOf", "oneOf", "not",
    ]
}
