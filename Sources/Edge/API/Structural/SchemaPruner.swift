internal import EdgeJSON

/// Takes out of objects what their schema does not know, by the rules of
/// `x-kubernetes-preserve-unknown-fields` and `x-kubernetes-embedded-resource`. It gathers the paths of what
/// it took out: `spec.foo`, `spec.list[0].bar`.
struct SchemaPruner {
    private(set) var unknownFields: [String] = []

    private static func isMetadata(_ key: String) -> Bool {
        key == "apiVersion" || key == "kind" || key == "metadata"
    }

    /// - Parameter schema: of the object, whose own apiVersion, kind and metadata are left alone.
    mutating func pruneRoot(_ object: inout JSONObject, _ schema: StructuralSchema) {
        if schema.preservesUnknownFields {
            descend(&object, schema, isWhole: true)
        } else {
            prune(&object, schema, isWhole: true)
        }
        unknownFields.sort()
    }

    mutating func pruneValue(_ value: inout JSONValue, _ schema: StructuralSchema) {
        prune(&value, schema)
    }

    private mutating func prune(_ value: inout JSONValue, _ schema: StructuralSchema?) {
        switch value {
        case .object(var object):
            value = .null
            if let schema {
                if schema.preservesUnknownFields {
                    descend(&object, schema, isWhole: schema.isEmbeddedResource)
                } else {
                    prune(&object, schema, isWhole: schema.isEmbeddedResource)
                }
            } else {
                unknownFields += object.members.map(\.key)
                object = JSONObject()
            }
            value = .object(object)
        case .array(var elements):
            value = .null
            let keepsAll = schema?.preservesUnknownFields == true
            for index in elements.indices {
                let known = unknownFields.count
                if keepsAll {
                    keep(&elements[index], schema?.items)
                } else {
                    prune(&elements[index], schema?.items)
                }
                prefix(from: known, with: "[\(index)]")
            }
            value = .array(elements)
        default: break
        }
    }

    /// - Parameter isWhole: the object is a Kubernetes object with metadata of its own.
    private mutating func prune(_ object: inout JSONObject, _ schema: StructuralSchema, isWhole: Bool) {
        var surplus = false
        func isKnown(_ key: String) -> Bool {
            (isWhole && Self.isMetadata(key)) || schema.properties[key] != nil || schema.additional != nil
        }
        for member in object.members where !isKnown(member.key) {
            unknownFields.append(member.key)
            surplus = true
        }
        if surplus { object.removeAll { !isKnown($0.key) } }
        descend(&object, schema, isWhole: isWhole)
    }

    /// Goes on in the members that the schema knows; the others stay as they are.
    private mutating func descend(_ object: inout JSONObject, _ schema: StructuralSchema, isWhole: Bool) {
        object.updateValues { key, value in
            if isWhole, Self.isMetadata(key) { return }
            let inner: StructuralSchema?
            if let property = schema.properties[key] {
                inner = property
            } else if schema.additional != nil {
                inner = schema.additionalSchema
            } else {
                return
            }
            switch value {
            case .object, .array:
                let known = unknownFields.count
                prune(&value, inner)
                prefix(from: known, with: key)
            default: break
            }
        }
    }

    /// Inside of what is preserved: an element without a schema stays whole.
    private mutating func keep(_ value: inout JSONValue, _ schema: StructuralSchema?) {
        guard let schema else { return }
        switch value {
        case .object(var object):
            value = .null
            descend(&object, schema, isWhole: schema.isEmbeddedResource)
            value = .object(object)
        case .array(var elements):
            value = .null
            for index in elements.indices {
                let known = unknownFields.count
                keep(&elements[index], schema.items)
                prefix(from: known, with: "[\(index)]")
            }
            value = .array(elements)
        default: break
        }
    }

    /// Paths are made only when something is wrong: each level puts its own name in front.
    private mutating func prefix(from start: Int, with name: String) {
        for index in start..<unknownFields.count {
            let path = unknownFields[index]
            unknownFields[index] = path.hasPrefix("[") ? name + path : "\(name).\(path)"
        }
    }
}
