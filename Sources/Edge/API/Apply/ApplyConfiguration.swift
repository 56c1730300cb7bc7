public import EdgeJSON

/// What somebody applies: part of an object, checked against the schema. Scalars are brought into their
/// canonical form, so that `1000m` is no change of `1`; nulls and empty objects stay, since they are owned.
public struct ApplyConfiguration: Sendable {
    public let object: JSONObject
    let type: TypeDefinition?

    public struct Failure: Error, Equatable, CustomStringConvertible {
        /// Such as `.spec.replicsa: field not declared in schema`.
        public let problems: [String]

        public init(problems: [String]) { self.problems = problems }

        public var description: String {
            problems.count == 1
                ? problems[0] : "errors:\n" + problems.map { "  " + $0 }.joined(separator: "\n")
        }
    }

    /// - Parameter type: nil for a kind without schema.
    public init(_ object: JSONObject, type: TypeDefinition?, schema: Schema = .shared) throws(Failure) {
        self.type = type
        guard let type else {
            self.object = object
            return
        }
        var reader = ConfigurationReader(schema)
        let read = reader.members(of: object, .structure(type), "")
        guard reader.problems.isEmpty else { throw Failure(problems: reader.problems) }
        self.object = read
    }
}

private struct ConfigurationReader {
    private let schema: Schema
    var problems: [String] = []

    init(_ schema: Schema) {
        self.schema = schema
    }

    mutating func members(of object: JSONObject, _ type: MergeType, _ path: String) -> JSONObject {
        var members: [JSONObject.Member] = []
        members.reserveCapacity(object.count)
        for member in object.members {
            let place = path + PathElement.description(PathElement.member(member.key))
            guard case .structure(let definition) = type else { continue }
            guard let field = definition.field(member.key) else {
                problems.append("\(place): field not declared in schema")
                continue
            }
            members.append(.init(member.key, value(member.value, field, place)))
        }
        return JSONObject(uniqueMembers: members)
    }

    private mutating func value(
        _ value: JSONValue, _ field: FieldDefinition, _ path: String
    ) -> JSONValue {
        if case .null = value { return value }
        switch field.shape {
        case .single: return element(value, field.value, path)
        case .list: return list(value, MergeType(field, schema), field.value, path)
        case .map, .mapOfLists:
            guard case .object(let object) = value else { return mismatch("map", value, path) }
            var members: [JSONObject.Member] = []
            for member in object.members {
                let place = path + "." + member.key
                let read =
                    field.shape == .map
                    ? element(member.value, field.value, place)
                    : list(member.value, .atomic, field.value, place)
                members.append(.init(member.key, read))
            }
            members.sort { $0.key < $1.key }
            return .object(JSONObject(uniqueMembers: members))
        }
    }

    private mutating func list(
        _ value: JSONValue, _ type: MergeType, _ elements: ValueType, _ path: String
    ) -> JSONValue {
        if case .null = value { return value }
        guard case .array(let list) = value else { return mismatch("list", value, path) }
        var seen: Set<String> = []
        var result: [JSONValue] = []
        for (index, value) in list.enumerated() {
            var place = "\(path)[\(index)]"
            if type.isKeyed {
                if let element = type.element(of: value) {
                    place = path + PathElement.description(element)
                    if !seen.insert(element).inserted {
                        problems.append(
                            "\(path): duplicate entries for key \(PathElement.description(element))")
                    }
                } else {
                    problems.append("\(path): element \(index): \(type.missingIdentity)")
                }
            }
            result.append(element(value, elements, place))
        }
        return .array(result)
    }

    private mutating func element(_ value: JSONValue, _ type: ValueType, _ path: String) -> JSONValue {
        if case .null = value { return value }
        switch type {
        case .object(let id):
            guard case .object(let object) = value else { return mismatch("map", value, path) }
            // An atomic struct is checked like any other, and replaced as a whole.
            return .object(members(of: object, .structure(schema[id]), path))
        case .string:
            guard case .string = value else { return mismatch("string", value, path) }
            return value
        case .bool:
            guard case .bool = value else { return mismatch("boolean", value, path) }
            return value
        case .int32, .int64, .double:
            switch value {
            case .int, .double: return value
            default: return mismatch("numeric (int or float)", value, path)
            }
        case .rawExtension, .fieldsV1, .json, .schemaOrArray, .schemaOrBool, .schemaOrStrings: return value
        case .quantity, .intOrString, .time, .microTime, .bytes:
            do throws(ObjectDecodingError) {
                return try ScalarDecoder.decode(value, as: type)
            } catch {
                problems.append("\(path): \(error)")
                return value
            }
        }
    }

    private mutating func mismatch(_ expected: String, _ value: JSONValue, _ path: String) -> JSONValue {
        problems.append("\(path): expected \(expected), got \(value)")
        return value
    }
}

extension MergeType {
    fileprivate var isKeyed: Bool {
        switch self {
        case .set, .list: true
        default: false
        }
    }

    fileprivate var missingIdentity: String {
        guard case .list(let keys, _) = self else {
            return "associative list without keys has an element that's no scalar"
        }
        return "associative list with keys has an element that omits all key fields \(keys) "
            + "(and doesn't have default values for any key fields)"
    }
}
