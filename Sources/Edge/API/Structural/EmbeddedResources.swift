internal import EdgeJSON

/// What Kubernetes objects inside of an object (`x-kubernetes-embedded-resource`) must have.
struct EmbeddedResources {
    private(set) var errors: [FieldError] = []

    static func errors(in object: JSONObject, _ schema: StructuralSchema) -> [FieldError] {
        var resources = EmbeddedResources()
        resources.checkMembers(object, schema, "")
        return resources.errors
    }

    private mutating func check(_ value: JSONValue, _ schema: StructuralSchema, _ path: String) {
        switch value {
        case .object(let object):
            if schema.isEmbeddedResource { checkResource(object, path) }
            checkMembers(object, schema, path)
        case .array(let elements):
            guard let items = schema.items else { return }
            for (index, element) in elements.enumerated() { check(element, items, "\(path)[\(index)]") }
        default: break
        }
    }

    private mutating func checkMembers(_ object: JSONObject, _ schema: StructuralSchema, _ path: String) {
        for member in object.members {
            if let property = schema.properties[member.key] {
                check(member.value, property, path.isEmpty ? member.key : "\(path).\(member.key)")
            } else if let inner = schema.additionalSchema {
                check(member.value, inner, "\(path)[\(member.key)]")
            }
        }
    }

    private mutating func checkResource(_ object: JSONObject, _ path: String) {
        for key in ["apiVersion", "kind"] {
            let field = "\(path).\(key)"
            switch object[key] {
            case nil: errors.append(FieldError(.required, field, value: ""))
            case .string("")?:
                errors.append(FieldError(.invalid, field, value: "", detail: "must not be empty"))
            case .string(let text)? where key == "kind":
                let messages = Names.rfc1035Label(text.lowercased())
                guard !messages.isEmpty else { break }
                errors.append(
                    FieldError(
                        .invalid, field, value: .string(text),
                        detail: "may have mixed case, but should otherwise match: "
                            + messages.joined(separator: ",")))
            case .string(let text)?:
                if text.utf8.count(where: { $0 == UInt8(ascii: "/") }) > 1 {
                    errors.append(
                        FieldError(
                            .invalid, field, value: .string(text),
                            detail: "unexpected GroupVersion string: \(text)"))
                }
            case let value?:
                errors.append(FieldError(.invalid, field, value: value, detail: "must be a string"))
            }
        }
        guard let metadata = object["metadata"] else { return }
        var checked = FieldErrors()
        guard let type = Schema.shared.type("meta.v1.ObjectMeta"),
            let decoded = try? ObjectDecoder.decode(metadata, as: type)
        else {
            errors.append(
                FieldError(
                    .invalid, "\(path).metadata", value: metadata, detail: "must be valid object metadata"))
            return
        }
        checked.checkLabels(APIObject(["metadata": .object(decoded.object)]).labels, FieldPath("labels"))
        for error in checked.list {
            errors.append(
                FieldError(
                    error.kind, "\(path).metadata.\(error.field)", value: error.value, detail: error.detail))
        }
    }
}
