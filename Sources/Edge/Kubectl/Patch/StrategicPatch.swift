internal import EdgeAPI
internal import EdgeJSON

/// Applies a strategic merge patch by the merge keys of the built-in types.
enum StrategicPatch {
    static func apply(_ patch: JSONValue, to value: JSONValue, _ type: TypeDefinition?) -> JSONValue {
        guard case .object(let changes) = patch else { return patch }
        if changes["$patch"]?.string == "replace" { return without(["$patch"], changes) }
        var object = value.object ?? JSONObject()
        if let keep = changes["$retainKeys"]?.strings { object.removeAll { !keep.contains($0.key) } }
        for member in changes {
            if let name = suffix(member.key, "$deleteFromPrimitiveList/") {
                let gone = member.value.array ?? []
                object[name] = object[name]?.array.map { .array($0.filter { !gone.contains($0) }) }
                continue
            }
            if member.key.hasPrefix("$") { continue }
            object[member.key] = change(member.key, member.value, object[member.key], type)
        }
        for member in changes {
            guard let name = suffix(member.key, "$setElementOrder/"), let elements = object[name]?.array,
                let order = member.value.array
            else { continue }
            let key = type?.field(name)?.patchMergeKey ?? ""
            object[name] = .array(sorted(elements, order, key))
        }
        return .object(object)
    }

    private static func change(
        _ key: String, _ patch: JSONValue, _ value: JSONValue?, _ type: TypeDefinition?
    ) -> JSONValue? {
        let field = type?.field(key)
        switch patch {
        case .null: return nil
        case .object:
            if patch["$patch"]?.string == "delete" { return nil }
            return apply(patch, to: value ?? .object(JSONObject()), memberType(field))
        case .array(let elements):
            guard let field, field.flags.contains(.patchMerge) else { return patch }
            return .array(merged(value?.array ?? [], elements, field))
        default: return patch
        }
    }

    private static func memberType(_ field: FieldDefinition?) -> TypeDefinition? {
        guard let field, field.shape == .single || field.shape == .list, case .object(let id) = field.value
        else { return nil }
        return Schema.shared[id]
    }

    private static func merged(
        _ current: [JSONValue], _ patch: [JSONValue], _ field: FieldDefinition
    ) -> [JSONValue] {
        let key = field.patchMergeKey
        if patch.contains(where: { $0["$patch"]?.string == "replace" }) {
            return patch.filter { $0["$patch"] == nil }
        }
        var result = current
        for element in patch {
            guard !key.isEmpty else {
                if !result.contains(element) { result.append(element) }
                continue
            }
            let place = result.firstIndex { $0[key] == element[key] }
            if element["$patch"]?.string == "delete" {
                if let place { result.remove(at: place) }
            } else if let place {
                result[place] = apply(element, to: result[place], memberType(field))
            } else {
                result.append(without(["$patch"], element.object ?? JSONObject()))
            }
        }
        return result
    }

    /// The elements in the given order; others keep their place behind the one they stood behind.
    private static func sorted(_ elements: [JSONValue], _ order: [JSONValue], _ key: String) -> [JSONValue] {
        func identity(_ element: JSONValue) -> JSONValue { key.isEmpty ? element : element[key] ?? .null }
        let places = order.map(identity)
        let named = elements.filter { places.contains(identity($0)) }.sorted { left, right in
            (places.firstIndex(of: identity(left)) ?? 0) < (places.firstIndex(of: identity(right)) ?? 0)
        }
        var next = named[...]
        return elements.map { places.contains(identity($0)) ? next.popFirst() ?? $0 : $0 }
    }

    private static func suffix(_ text: String, _ prefix: String) -> String? {
        text.hasPrefix(prefix) ? String(text.dropFirst(prefix.count)) : nil
    }

    private static func without(_ keys: [String], _ object: JSONObject) -> JSONValue {
        var object = object
        object.removeAll { keys.contains($0.key) }
        return .object(object)
    }
}
