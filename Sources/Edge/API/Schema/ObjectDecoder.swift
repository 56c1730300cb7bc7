public import EdgeJSON

/// Brings a JSON tree into the canonical form of its type, as if Go had decoded and encoded it:
///
/// - unknown members are left out and reported; members stand in schema order, maps sorted by key;
/// - a value of the wrong type, an integer out of range, bad base64, times or quantities are errors;
/// - `null` and, for optional fields that Go holds by value, zero values (`""`, `0`, `false`, `[]`, `{}` of
///   maps) count as absent;
/// - what Go writes although it is absent is written: `status: {}`, `resources: {}`, `lastProbeTime: null`,
///   `containers: null`, `name: ""` of required names. Readers must therefore treat null as absent;
/// - quantities, times and base64 are rewritten in their one canonical form.
public struct ObjectDecoder {
    /// A canonical tree and what was left out of it.
    public struct Result: Sendable {
        public var object: JSONObject
        /// Paths such as `spec.template.spec.containers[0].imagee`, in the order of their discovery.
        public var unknownFields: [String]

        /// In the words of strict decoding: `unknown field "spec.replicsa"`.
        public var unknownFieldMessages: [String] { unknownFields.map { "unknown field \"\($0)\"" } }
    }

    private let schema: Schema
    private var unknownFields: [String] = []

    private init(_ schema: Schema) { self.schema = schema }

    public static func decode(
        _ value: JSONValue, as type: TypeDefinition, schema: Schema = .shared
    ) throws(ObjectDecodingError) -> Result {
        guard case .object(let object) = value else {
            throw ObjectDecodingError(found: value.goName, expected: type.goName)
        }
        var decoder = ObjectDecoder(schema)
        let result = try decoder.object(object, type)
        return Result(object: result, unknownFields: decoder.unknownFields)
    }

    private mutating func object(
        _ input: JSONObject, _ type: TypeDefinition
    ) throws(ObjectDecodingError) -> JSONObject {
        // Where in the input the fields stand, by their place in the type.
        var sources = InlineArray<128, Int32>(repeating: -1)
        var present = PlaceSet()
        for (index, member) in input.members.enumerated() {
            if let place = type.place(of: member.key) {
                sources[place] = Int32(index)
                present.insert(place)
            } else {
                unknownFields.append(member.key)
            }
        }
        let places = present.union(type.writtenEmpty)
        var members: [JSONObject.Member] = []
        members.reserveCapacity(places.count)
        for place in places {
            let source = sources[place]
            let field = type.fields[place]
            if source >= 0 {
                let known = unknownFields.count
                let value: JSONValue?
                do throws(ObjectDecodingError) {
                    value = try self.value(input.members[Int(source)].value, field)
                } catch {
                    throw error.inside(field.name, of: type)
                }
                if unknownFields.count > known { prefixUnknownFields(from: known, with: field.name) }
                if let value {
                    members.append(.init(field.name, value))
                    continue
                }
            }
            if type.writtenEmpty.contains(place) { members.append(.init(field.name, emptyValue(field))) }
        }
        return JSONObject(uniqueMembers: members)
    }

    private func emptyValue(_ field: FieldDefinition) -> JSONValue {
        if field.isStructHeldByValue, case .object(let id) = field.value {
            return schema.emptyValues[Int(id.index)]
        }
        return field.scalarZero
    }

    /// Paths are made only when something is wrong: each level puts its own name in front.
    private mutating func prefixUnknownFields(from start: Int, with name: String) {
        for index in start..<unknownFields.count {
            let path = unknownFields[index]
            unknownFields[index] = path.utf8.first == UInt8(ascii: "[") ? name + path : "\(name).\(path)"
        }
    }

    /// Nil for a value that Go would not write.
    private mutating func value(
        _ value: JSONValue, _ field: FieldDefinition
    ) throws(ObjectDecodingError) -> JSONValue? {
        if case .null = value { return nil }
        switch field.shape {
        case .single:
            let decoded = try element(value, field.value)
            return field.omitsZero && decoded.isZeroScalar ? JSONValue?.none : decoded
        case .list:
            return try list(value, field.value, writesEmpty: field.flags.contains(.isWrittenEmpty))
        case .map:
            return try map(value, field) { decoder, value throws(ObjectDecodingError) in
                try decoder.element(value, field.value)
            }
        case .mapOfLists:
            return try map(value, field) { decoder, value throws(ObjectDecodingError) in
                try decoder.list(value, field.value, writesEmpty: true) ?? .null
            }
        }
    }

    private mutating func list(
        _ value: JSONValue, _ type: ValueType, writesEmpty: Bool
    ) throws(ObjectDecodingError) -> JSONValue? {
        guard case .array(let elements) = value else {
            if case .null = value { return nil }
            throw ObjectDecodingError(found: value.goName, expected: "[]" + schema.goName(type))
        }
        if elements.isEmpty { return writesEmpty ? value : JSONValue?.none }
        var result: [JSONValue] = []
        result.reserveCapacity(elements.count)
        for element in elements {
            let known = unknownFields.count
            if case .null = element {
                result.append(schema.zeroElement(type))
            } else {
                result.append(try self.element(element, type))
            }
            if unknownFields.count > known {
                prefixUnknownFields(from: known, with: "[\(result.count - 1)]")
            }
        }
        return .array(result)
    }

    private mutating func map(
        _ value: JSONValue, _ field: FieldDefinition,
        _ decode: (inout ObjectDecoder, JSONValue) throws(ObjectDecodingError) -> JSONValue
    ) throws(ObjectDecodingError) -> JSONValue? {
        guard case .object(let object) = value else {
            let list = field.shape == .mapOfLists ? "[]" : ""
            throw ObjectDecodingError(
                found: value.goName, expected: "map[string]" + list + schema.goName(field.value))
        }
        if object.isEmpty { return field.flags.contains(.isWrittenEmpty) ? value : JSONValue?.none }
        var members: [JSONObject.Member] = []
        members.reserveCapacity(object.count)
        var isSorted = true
        for member in object.members {
            let known = unknownFields.count
            if let last = members.last, isSorted { isSorted = last.key < member.key }
            if case .null = member.value {
                members.append(.init(member.key, schema.zeroElement(field.value)))
            } else {
                members.append(.init(member.key, try decode(&self, member.value)))
            }
            if unknownFields.count > known { prefixUnknownFields(from: known, with: member.key) }
        }
        if !isSorted { members.sort { $0.key < $1.key } }
        return .object(JSONObject(uniqueMembers: members))
    }

    private mutating func element(
        _ value: JSONValue, _ type: ValueType
    ) throws(ObjectDecodingError) -> JSONValue {
        switch type {
        case .object(let id):
            let type = schema[id]
            guard case .object(let object) = value else {
                throw ObjectDecodingError(found: value.goName, expected: type.goName)
            }
            return .object(try self.object(object, type))
        case .schemaOrArray, .schemaOrBool, .schemaOrStrings:
            return try schemaAlternative(value, type)
        default:
            return try ScalarDecoder.decode(value, as: type)
        }
    }

    private mutating func schemaAlternative(
        _ value: JSONValue, _ type: ValueType
    ) throws(ObjectDecodingError) -> JSONValue {
        switch (type, value) {
        case (_, .object): return try element(value, .object(schema.schemaProps))
        case (.schemaOrBool, .bool): return value
        case (.schemaOrArray, .array):
            return try list(value, .object(schema.schemaProps), writesEmpty: true) ?? .null
        case (.schemaOrStrings, .array): return try list(value, .string, writesEmpty: true) ?? .null
        case (.schemaOrBool, _): throw ObjectDecodingError("boolean or JSON schema expected")
        default: throw ObjectDecodingError("array or JSON schema expected")
        }
    }
}

extension FieldDefinition {
    /// Whether Go leaves the field out when it holds the zero value of a scalar.
    var omitsZero: Bool {
        guard flags.isDisjoint(with: [.isPointer, .isWrittenEmpty]) else { return false }
        switch value {
        case .string, .bool, .int32, .int64, .double, .bytes, .intOrString: return true
        default: return false
        }
    }
}

extension Schema {
    /// As Go names the type in errors.
    func goName(_ type: ValueType) -> String {
        switch type {
        case .string: "string"
        case .bool: "bool"
        case .int32: "int32"
        case .int64: "int64"
        case .double: "float64"
        case .quantity: "resource.Quantity"
        case .intOrString: "intstr.IntOrString"
        case .time: "v1.Time"
        case .microTime: "v1.MicroTime"
        case .bytes: "[]uint8"
        case .rawExtension: "runtime.RawExtension"
        case .fieldsV1: "v1.FieldsV1"
        case .json: "v1.JSON"
        case .schemaOrArray: "v1.JSONSchemaPropsOrArray"
        case .schemaOrBool: "v1.JSONSchemaPropsOrBool"
        case .schemaOrStrings: "v1.JSONSchemaPropsOrStringArray"
        case .object(let id): self[id].goName
        }
    }

    /// What Go makes of a null among the elements of a list or a map.
    func zeroElement(_ type: ValueType) -> JSONValue {
        switch type {
        case .string, .bytes: .string("")
        case .bool: .bool(false)
        case .int32, .int64, .double, .intOrString: .int(0)
        case .quantity: .string("0")
        case .object(let id): emptyValues[Int(id.index)]
        default: .null
        }
    }
}

extension JSONValue {
    /// As Go names the kind of a JSON value in errors.
    var goName: String {
        switch self {
        case .null: "null"
        case .bool: "bool"
        case .int, .double: "number"
        case .string: "string"
        case .array: "array"
        case .object: "object"
        }
    }

    /// A scalar that `omitempty` leaves out.
    var isZeroScalar: Bool {
        switch self {
        case .string(let text): text.isEmpty
        case .int(let number): number == 0
        case .double(let number): number == 0
        case .bool(let flag): !flag
        default: false
        }
    }
}
