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
