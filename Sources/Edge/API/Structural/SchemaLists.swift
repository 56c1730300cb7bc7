internal import EdgeJSON

/// The uniqueness of what stands in lists of the types set and map.
struct SchemaLists {
    private(set) var errors: [FieldError] = []

    static func errors(in object: JSONObject, _ schema: StructuralSchema) -> [FieldError] {
        var lists = SchemaLists()
        lists.check(.object(object), schema, "")
        return lists.errors
    }

    private mutating func check(_ value: JSONValue, _ schema: StructuralSchema, _ path: String) {
        switch value {
        case .object(let object):
            for member in object.members {
                if let property = schema.properties[member.key] {
                    check(member.value, property, path.isEmpty ? member.key : "\(path).\(member.key)")
                } else if let inner = schema.additionalSchema {
                    check(member.value, inner, "\(path)[\(member.key)]")
                }
            }
        case .array(let elements):
            switch schema.listType {
            case .set: checkSet(elements, path)
            case .map: checkMap(elements, schema.listMapKeys, path)
            case .atomic: break
            }
            guard let items = schema.items else { return }
            for (index, element) in elements.enumerated() { check(element, items, "\(path)[\(index)]") }
        default: break
        }
    }

    private mutating func checkSet(_ elements: [JSONValue], _ path: String) {
        for index in Self.repeated(elements) {
            errors.append(FieldError(.duplicate, "\(path)[\(index)]", value: elements[index]))
        }
    }

    private mutating func checkMap(_ elements: [JSONValue], _ keys: [String], _ path: String) {
        for (index, element) in elements.enumerated() {
            switch element {
            case .object, .null: continue
            default:
                errors.append(
                    FieldError(
                        .invalid, "\(path)[\(index)]", value: element,
                        detail: "must be an object for an array of list-type map"))
                return
            }
        }
        let identities = elements.map { element -> JSONValue in
            .object(JSONObject(keys.sorted().compactMap { key in element[key].map { (key, $0) } }))
        }
        for index in Self.repeated(identities) {
            errors.append(FieldError(.duplicate, "\(path)[\(index)]", value: identities[index]))
        }
    }

    /// The places of the first repetition of each value.
    private static func repeated(_ values: [JSONValue]) -> [Int] {
        guard values.count > 1 else { return [] }
        var seen: [[UInt8]: Int] = [:]
        var places: [Int] = []
        for (index, value) in values.enumerated() {
            let key = value.sorted.encoded
            seen[key, default: 0] += 1
            if seen[key] == 2 { places.append(index) }
        }
        return places
    }
}

extension JSONValue {
    /// With the members of all objects in the order of their names, so that equal values are written alike.
    var sorted: JSONValue {
        switch self {
        case .object(let object):
            let members = object.members.map { JSONObject.Member($0.key, $0.value.sorted) }
            return .object(JSONObject(uniqueMembers: members.sorted { $0.key < $1.key }))
        case .array(let elements): return .array(elements.map(\.sorted))
        default: return self
        }
    }
}
