/// A field of an API type: how it is written in JSON and in protobuf, and how patches merge it.
public struct FieldDefinition: Sendable {
    public let name: String
    /// The type of the value, or of the elements where the field is a list or a map.
    public let value: ValueType
    public let shape: Shape
    public let flags: Flags
    /// The member by which a strategic merge patch matches the elements of a list; empty: none.
    public let patchMergeKey: String
    /// The members that identify an element of a list of type map.
    public let listMapKeys: [String]
    /// Where protobuf carries the field; empty where it does not.
    public let protobufPath: ProtobufPath

    public enum Shape: Sendable, Hashable {
        case single
        case list
        /// With string keys.
        case map
        /// A map of lists.
        case mapOfLists
    }

    public struct Flags: OptionSet, Sendable {
        public let rawValue: UInt16
        public init(rawValue: UInt16) { self.rawValue = rawValue }

        public static let required = Flags(rawValue: 1 << 0)
        /// Go writes the field although it is empty: it has no `omitempty`, or is a struct held by value.
        public static let isWrittenEmpty = Flags(rawValue: 1 << 1)
        /// Absence differs from the zero value: Go holds the value by pointer.
        public static let isPointer = Flags(rawValue: 1 << 2)
        public static let listAtomic = Flags(rawValue: 1 << 3)
        public static let listSet = Flags(rawValue: 1 << 4)
        public static let listMap = Flags(rawValue: 1 << 5)
        /// `x-kubernetes-patch-strategy` has merge, retainKeys, replace.
        public static let patchMerge = Flags(rawValue: 1 << 6)
        public static let patchRetainKeys = Flags(rawValue: 1 << 7)
        public static let patchReplace = Flags(rawValue: 1 << 8)
        /// The map or struct is owned and replaced as a whole.
        public static let mapAtomic = Flags(rawValue: 1 << 9)
    }

    public var isRequired: Bool { flags.contains(.required) }
}

/// The protobuf field number of a field; or, where JSON inlines nested messages, the numbers of these
/// messages and then of the field.
public struct ProtobufPath: Sendable, Hashable {
    /// Zeros behind the last number.
    private var numbers: (UInt8, UInt8, UInt8)

    public init(_ path: some Sequence<UInt8>) {
        numbers = (0, 0, 0)
        for (index, number) in path.enumerated() { self[index] = number }
    }

    public private(set) subscript(index: Int) -> UInt8 {
        get { index == 0 ? numbers.0 : index == 1 ? numbers.1 : numbers.2 }
        set {
            switch index {
            case 0: numbers.0 = newValue
            case 1: numbers.1 = newValue
            case 2: numbers.2 = newValue
            default: preconditionFailure("no message of the API is inlined so deeply")
            }
        }
    }

    public var count: Int { numbers.0 == 0 ? 0 : numbers.1 == 0 ? 1 : numbers.2 == 0 ? 2 : 3 }
    public var isEmpty: Bool { numbers.0 == 0 }

    /// The first numbers.
    func prefix(_ count: Int) -> ProtobufPath { ProtobufPath((0..<count).map { self[$0] }) }

    public static func == (left: Self, right: Self) -> Bool { left.numbers == right.numbers }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(numbers.0)
        hasher.combine(numbers.1)
        hasher.combine(numbers.2)
    }
}

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
