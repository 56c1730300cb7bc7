internal import EdgeAPI
internal import EdgeJSON

/// Computes the patch that brings an object from what is on the server to what the user wants, taking away
/// what the user once applied and does not want any more (client-side apply). For built-in types it is a
/// strategic merge patch, which merges lists by their keys; for others a JSON merge patch.
struct ThreeWayPatch {
    private let schema: Schema?

    /// Without a schema lists are replaced as wholes.
    init(schema: Schema?) {
        self.schema = schema
    }

    /// The patch; an empty object when nothing has to change.
    func patch(original: JSONValue?, modified: JSONValue, current: JSONValue) -> JSONObject {
        let type = schema?.kind(
            apiVersion: modified["apiVersion"]?.string ?? "", kind: modified["kind"]?.string ?? "")
        return object(
            original?.object, modified.object ?? JSONObject(), current.object ?? JSONObject(), type)
    }

    private func object(
        _ original: JSONObject?, _ modified: JSONObject, _ current: JSONObject, _ type: TypeDefinition?
    ) -> JSONObject {
        var patch = JSONObject()
        for member in modified {
            let field = type?.field(member.key)
            let now = current[member.key]
            if member.value.isNull {
                if now != nil { patch[member.key] = .null }
                continue
            }
            guard let now else {
                patch[member.key] = member.value
                continue
            }
            change(member.key, original?[member.key], member.value, now, field, into: &patch)
        }
        for member in original ?? JSONObject() where modified[member.key] == nil {
            patch[member.key] = .null
        }
        return patch
    }

    private func change(
        _ key: String, _ original: JSONValue?, _ modified: JSONValue, _ current: JSONValue,
        _ field: FieldDefinition?, into patch: inout JSONObject
    ) {
        switch (modified, current) {
        case (.object(let wanted), .object(let now)):
            if field?.flags.contains(.patchReplace) == true {
                if wanted != now { patch[key] = modified }
                return
            }
            var child = object(original?.object, wanted, now, memberType(field))
            guard !child.isEmpty else { return }
            if field?.flags.contains(.patchRetainKeys) == true {
                child["$retainKeys"] = .array(wanted.keys.sorted().map(JSONValue.string))
            }
            patch[key] = .object(child)
        case (.array(let wanted), .array(let now)):
            guard let field, field.flags.contains(.patchMerge) else {
                if wanted != now { patch[key] = modified }
                return
            }
            list(key, original?.array ?? [], wanted, now, field, into: &patch)
        default:
            if !Self.isSame(modified, current) { patch[key] = modified }
        }
    }

    /// The type of what is in a field; of a map's values when the field is a map, which is then stepped
    /// over by name.
    private func memberType(_ field: FieldDefinition?) -> TypeDefinition? {
        guard let field, field.shape == .single || field.shape == .list, case .object(let id) = field.value
        else { return nil }
        return schema?[id]
    }

    /// Numbers count by value, however they are written.
    private static func isSame(_ left: JSONValue, _ right: JSONValue) -> Bool {
        if let left = left.double, let right = right.double { return left == right }
        return left == right
    }

    // MARK: Lists

    private func list(
        _ key: String, _ original: [JSONValue], _ modified: [JSONValue], _ current: [JSONValue],
        _ field: FieldDefinition, into patch: inout JSONObject
    ) {
        let mergeKey = field.patchMergeKey
        if mergeKey.isEmpty {
            scalars(key, original, modified, current, into: &patch)
        } else {
            objects(key, mergeKey, original, modified, current, field, into: &patch)
        }
    }

    /// A list that is a set: `finalizers`.
    private func scalars(
        _ key: String, _ original: [JSONValue], _ modified: [JSONValue], _ current: [JSONValue],
        into patch: inout JSONObject
    ) {
        let added = modified.filter { !current.contains($0) }
        let deleted = original.filter { !modified.contains($0) && current.contains($0) }
        if !added.isEmpty { patch[key] = .array(added) }
        if !deleted.isEmpty { patch["$deleteFromPrimitiveList/\(key)"] = .array(deleted) }
        let common = current.filter(modified.contains)
        if !added.isEmpty || common != modified.filter(current.contains) {
            patch["$setElementOrder/\(key)"] = .array(modified)
        }
    }

    /// A list whose elements are told apart by a key: `containers` by `name`.
    private func objects(
        _ key: String, _ mergeKey: String, _ original: [JSONValue], _ modified: [JSONValue],
        _ current: [JSONValue], _ field: FieldDefinition, into patch: inout JSONObject
    ) {
        func find(_ value: JSONValue?, _ elements: [JSONValue]) -> JSONValue? {
            elements.first { $0[mergeKey] == value }
        }
        var elements: [JSONValue] = []
        for element in modified {
            guard let now = find(element[mergeKey], current) else {
                elements.append(element)
                continue
            }
            let before = find(element[mergeKey], original)
            var child = object(
                before?.object, element.object ?? JSONObject(), now.object ?? JSONObject(),
                memberType(field))
            guard !child.isEmpty else { continue }
            child[mergeKey] = element[mergeKey]
            elements.append(.object(child))
        }
        for element in original where find(element[mergeKey], modified) == nil {
            elements.append(.object(["$patch": "delete", mergeKey: element[mergeKey] ?? .null]))
        }
        let order = modified.map { $0[mergeKey] ?? .null }
        let common = current.map { $0[mergeKey] ?? .null }.filter(order.contains)
        let present = current.compactMap { $0[mergeKey] }
        if !elements.isEmpty { patch[key] = .array(elements) }
        if !elements.isEmpty || common != order.filter(present.contains) {
            patch["$setElementOrder/\(key)"] = .array(order.map { JSONValue.object([mergeKey: $0]) })
        }
    }
}
