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
            if source >= 0 {
                let known = unknownFields.count
                let value: JSONValue?
                do throws(ObjectDecodingError) {
                    value = try self.value(input.members[Int(source)].value, type.layouts[place])
                } catch {
                    throw error.inside(type.fields[place].name, of: type)
                }
                if unknownFields.count > known {
                    prefixUnknownFields(from: known, with: type.fields[place].name)
                }
                if let value {
                    members.append(.init(type.fields[place].name, value))
                    continue
                }
            }
            if type.writtenEmpty.contains(place) {
                let field = type.fields[place]
                members.append(.init(field.name, emptyValue(field)))
            }
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
        _ value: JSONValue, _ field: FieldLayout
    ) throws(ObjectDecodingError) -> JSONValue? {
        if case .null = value { return nil }
        switch field.shape {
        case .single:
            let decoded = try element(value, field.value)
            return field.omitsZero && decoded.isZeroScalar ? JSONValue?.none : decoded
        case .list:
            return try list(value, field.value, writesEmpty: field.isWrittenEmpty)
        case .map, .mapOfLists: return try map(value, field)
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
        _ value: JSONValue, _ field: FieldLayout
    ) throws(ObjectDecodingError) -> JSONValue? {
        guard case .object(let object) = value else {
            let list = field.shape == .mapOfLists ? "[]" : ""
            throw ObjectDecodingError(
                found: value.goName, expected: "map[string]" + list + schema.goName(field.value))
        }
        if object.isEmpty { return field.isWrittenEmpty ? value : JSONValue?.none }
        var members: [JSONObject.Member] = []
        members.reserveCapacity(object.count)
        var isSorted = true
        for member in object.members {
            let known = unknownFields.count
            if let last = members.last, isSorted { isSorted = last.key < member.key }
            if case .null = member.value {
                members.append(.init(member.key, schema.zeroElement(field.value)))
            } else {
                let value =
                    field.shape == .map
                    ? try element(member.value, field.value)
                    : try list(member.value, field.value, writesEmpty: true) ?? .null
                members.append(.init(member.key, value))
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
