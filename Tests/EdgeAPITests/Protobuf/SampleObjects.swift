import EdgeAPI
import EdgeJSON

/// Makes objects in which every field is set, each with another value.
struct SampleObjects {
    /// How deeply structs nest; below that optional structs are left out.
    let depth: Int
    private var counter: Int64 = 0

    init(depth: Int) { self.depth = depth }

    mutating func object(_ type: TypeDefinition) -> JSONObject {
        var object = members(type, depth: depth)
        if let kind = type.groupVersionKind {
            object["apiVersion"] = .string(kind.apiVersion)
            object["kind"] = .string(kind.kind)
        }
        return object
    }

    private mutating func members(_ type: TypeDefinition, depth: Int) -> JSONObject {
        var object = JSONObject()
        for field in type.fields {
            if case .object = field.value, depth == 0 { continue }
            // Discovery documents have these inside items, where protobuf does not carry them.
            if field.protobufPath.isEmpty { continue }
            object[field.name] = value(field, depth: depth)
        }
        return object
    }

    private mutating func value(_ field: FieldDefinition, depth: Int) -> JSONValue {
        switch field.shape {
        case .single: element(field.value, depth)
        case .list: [element(field.value, depth), element(field.value, depth)]
        case .map: ["a": element(field.value, depth), "b/c": element(field.value, depth)]
        case .mapOfLists: ["a": [element(field.value, depth), element(field.value, depth)]]
        }
    }

    private mutating func element(_ type: ValueType, _ depth: Int) -> JSONValue {
        counter += 1
        switch type {
        case .string: return .string("text \(counter)")
        case .bool: return true
        case .int32: return .int(counter % 2 == 0 ? -counter : counter)
        case .int64: return .int(counter << 33)
        case .double: return .double(Double(counter) + 0.5)
        case .quantity: return .string("\(counter % 999 + 1)m")
        case .intOrString: return counter % 2 == 0 ? .int(counter) : .string("\(counter)%")
        case .time: return .string("2026-01-02T03:04:\(counter % 50 + 10)Z")
        case .microTime: return .string("2026-01-02T03:04:05.\(counter % 900_000 + 100_000)Z")
        case .bytes: return .string(Base64.encode(Array("bytes \(counter)".utf8)))
        case .rawExtension, .fieldsV1: return ["raw": .int(counter)]
        case .json: return [.int(counter), "x", true]
        case .schemaOrBool: return true
        case .schemaOrArray: return [["type": "string"], ["type": "object"]]
        case .schemaOrStrings: return ["a", "b"]
        case .object(let id): return .object(members(Schema.shared[id], depth: depth - 1))
        }
    }
}
