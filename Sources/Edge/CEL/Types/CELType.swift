/// The static type of an expression (cel-spec langdef, "Gradual Type Checking").
public indirect enum CELType: Sendable {
    case dyn
    case null
    case bool
    case int
    case uint
    case double
    case string
    case bytes
    case timestamp
    case duration
    case list(CELType)
    case map(CELType, CELType)
    case optional(CELType)
    /// The type of a type; nil for the type of types whose parameter is not known.
    case type(CELType?)
    /// A type with named fields.
    case object(CELObjectType)
    /// A type of a library, such as `kubernetes.Quantity`, known by its name alone.
    case opaque(String)
    /// A variable of a function's signature, such as `A` in `(A, list(A)) -> bool`.
    case parameter(String)
    /// What an expression with an error has, so that one error does not bring up others.
    case error

    /// The name at runtime, as `type(x)` shows it.
    public var name: String {
        switch self {
        case .dyn: "dyn"
        case .null: "null_type"
        case .bool: "bool"
        case .int: "int"
        case .uint: "uint"
        case .double: "double"
        case .string: "string"
        case .bytes: "bytes"
        case .timestamp: "google.protobuf.Timestamp"
        case .duration: "google.protobuf.Duration"
        case .list: "list"
        case .map: "map"
        case .optional: "optional_type"
        case .type: "type"
        case .object(let type): type.name
        case .opaque(let name): name
        case .parameter(let name): name
        case .error: "error"
        }
    }

    var isDynOrError: Bool {
        switch self {
        case .dyn, .error: true
        default: false
        }
    }

    /// The type within an optional, and whether it was one.
    var unwrapped: (type: CELType, isOptional: Bool) {
        if case .optional(let inner) = self { (inner, true) } else { (self, false) }
    }
}

extension CELType: Hashable {
    /// Object types are equal when their names are.
    public static func == (left: CELType, right: CELType) -> Bool {
        switch (left, right) {
        case (.list(let left), .list(let right)), (.optional(let left), .optional(let right)): left == right
        case (.map(let leftKey, let left), .map(let rightKey, let right)):
            leftKey == rightKey && left == right
        case (.type(let left), .type(let right)): left == right
        case (.parameter(let left), .parameter(let right)): left == right
        case (.parameter, _), (_, .parameter): false
        case (.list, _), (.map, _), (.optional, _), (.type, _): false
        default: left.name == right.name
        }
    }

    public func hash(into hasher: inout Hasher) { hasher.combine(name) }
}

extension CELType: CustomStringConvertible {
    /// The type as error texts show it.
    public var description: String {
        switch self {
        case .null: "null"
        case .timestamp: "timestamp"
        case .duration: "duration"
        case .list(let element): "list(\(element))"
        case .map(let key, let value): "map(\(key), \(value))"
        case .optional(let inner): "optional_type(\(inner))"
        case .type(let inner?): "type(\(inner))"
        case .error: "!error!"
        default: name
        }
    }
}
