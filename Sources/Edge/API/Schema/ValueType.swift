/// The type of a value.
public enum ValueType: Sendable, Hashable {
    case string
    case bool
    case int32
    case int64
    case double
    case quantity
    case intOrString
    /// RFC 3339 in whole seconds.
    case time
    /// RFC 3339 with six digits of fraction.
    case microTime
    /// Base64 in JSON.
    case bytes
    /// Any object: `runtime.RawExtension`.
    case rawExtension
    /// Any object: `meta.v1.FieldsV1`.
    case fieldsV1
    /// Any value: `apiextensions.v1.JSON`.
    case json
    /// A JSON schema, or an array of them.
    case schemaOrArray
    /// A JSON schema, or a bool.
    case schemaOrBool
    /// A JSON schema, or an array of strings.
    case schemaOrStrings
    case object(TypeID)
}

/// The place of a type in its schema.
public struct TypeID: Sendable, Hashable {
    let index: UInt16
}
