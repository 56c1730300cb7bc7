internal import EdgeJSON

/// How server-side apply merges and owns a value, by its `x-kubernetes-list-type` and `-map-type`.
enum MergeType {
    /// Owned as a whole.
    case atomic
    case structure(TypeDefinition)
    /// Each member for itself.
    case map(ValueType)
    /// A map whose values are lists, each owned as a whole.
    case mapOfLists
    /// Each value for itself.
    case set(ValueType)
    /// Each element for itself, known by the values of its keys.
    case list(keys: [String], ValueType)
    /// An object of a custom resource.
    case custom(StructuralSchema)
    /// A list of a custom resource whose elements are known by their keys, or by their value where there are
    /// no keys.
    case customList(keys: [String], StructuralSchema)
    /// No schema: objects are merged, everything else is owned as a whole.
    case deduced

    init(_ field: FieldDefinition, _ schema: Schema) {
        switch field.shape {
        case .single:
            self = field.flags.contains(.mapAtomic) ? .atomic : MergeType(field.value, schema)
        case .map: self = field.flags.contains(.mapAtomic) ? .atomic : .map(field.value)
        case .mapOfLists: self = field.flags.contains(.mapAtomic) ? .atomic : .mapOfLists
        case .list:
            if field.flags.contains(.listMap), !field.listMapKeys.isEmpty {
                self = .list(keys: field.listMapKeys, field.value)
            } else {
                self = field.flags.contains(.listSet) ? .set(field.value) : .atomic
            }
        }
    }

    init(_ value: ValueType, _ schema: Schema) {
        switch value {
        case .object(let id): self = schema[id].isAtomic ? .atomic : .structure(schema[id])
        case .rawExtension, .fieldsV1: self = .deduced
        default: self = .atomic
        }
    }

    /// The type of a whole object; nil stands for a kind without schema.
    init(_ type: TypeDefinition?) {
        self = type.map(MergeType.structure) ?? .deduced
    }

    /// The type of a member; `isNamed` when the schema names it. Nil when there is no such member.
    func member(_ key: String, _ schema: Schema) -> (type: MergeType, isNamed: Bool)? {
        switch self {
        case .structure(let type):
            type.place(of: key).map { (MergeType(type.fields[$0], schema), true) }
        case .map(let value): (MergeType(value, schema), false)
        case .mapOfLists: (.atomic, false)
        case .deduced: (.deduced, false)
        case .custom(let schema): Self.member(key, of: schema)
        case .atomic, .set, .list, .customList: nil
        }
    }

    /// The type by which two values are looked at: without a schema it follows from them.
    func resolved(_ left: JSONValue?, _ right: JSONValue?) -> Shape {
        switch self {
        case .atomic: .leaf
        case .structure, .map, .mapOfLists, .custom:
            Self.isObject(left) && Self.isObject(right) ? .object : .leaf
        case .set, .list, .customList: Self.isArray(left) && Self.isArray(right) ? .array : .leaf
        case .deduced:
            (left?.object != nil || right?.object != nil) && Self.isObject(left) && Self.isObject(right)
                ? .object : .leaf
        }
    }

    enum Shape {
        case leaf, object, array
    }

    private static func isObject(_ value: JSONValue?) -> Bool {
        switch value {
        case nil, .null, .object: true
        default: false
        }
    }

    private static func isArray(_ value: JSONValue?) -> Bool {
        switch value {
        case nil, .null, .array: true
        default: false
        }
    }

    /// The path element of a list element; nil where it has no identity.
    func element(of value: JSONValue) -> String? {
        switch (self, value) {
        case (.customList(let keys, _), .object(let object)):
            keys.isEmpty ? nil : PathElement.element(object, keys: keys)
        case (.customList, .array), (.customList, .null): nil
        case (.customList(let keys, _), _): keys.isEmpty ? PathElement.element(value) : nil
        case (.list(let keys, _), .object(let object)): PathElement.element(object, keys: keys)
        case (.set, .object), (.set, .array), (.set, .null): nil
        case (.set, _): PathElement.element(value)
        default: nil
        }
    }

    /// The type of the elements of a list.
    func elementType(_ schema: Schema) -> MergeType {
        switch self {
        case .list(_, let value), .set(let value): MergeType(value, schema)
        case .customList(_, let items): MergeType(items)
        default: .atomic
        }
    }
}

extension JSONValue? {
    /// Absent, null, or a list or an object without content.
    var isEmptyForMerge: Bool {
        switch self {
        case nil, .null?: true
        case .array(let elements)?: elements.isEmpty
        case .object(let object)?: object.isEmpty
        default: false
        }
    }
}
