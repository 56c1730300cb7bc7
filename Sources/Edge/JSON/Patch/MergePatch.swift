/// JSON merge patches (RFC 7386).
public enum MergePatch {
    /// The document with the patch applied: objects merge, null removes, everything else replaces.
    public static func apply(_ patch: JSONValue, to document: JSONValue) -> JSONValue {
        guard case .object(let changes) = patch else { return patch }
        guard case .object(let original) = document else { return withoutNulls(changes) }
        var object = IndexedObject(original)
        for change in changes.members {
            if case .null = change.value {
                object[change.key] = nil
            } else if let old = object[change.key] {
                object[change.key] = apply(change.value, to: old)
            } else {
                object[change.key] = apply(change.value, to: .null)
            }
        }
        return .object(object.object)
    }

    /// A patch for what is absent: its nulls have nothing to remove.
    private static func withoutNulls(_ changes: JSONObject) -> JSONValue {
        var members: [JSONObject.Member] = []
        for change in changes.members {
            if case .null = change.value { continue }
            members.append(.init(change.key, apply(change.value, to: .null)))
        }
        return .object(JSONObject(uniqueMembers: members))
    }

    /// The smallest patch that makes `modified` of `original`; empty when they are equal. Nulls in `modified`
    /// cannot be expressed and remove the member.
    public static func difference(from original: JSONObject, to modified: JSONObject) -> JSONObject {
        var patch: [JSONObject.Member] = []
        let (before, after) = (IndexedObject(original), IndexedObject(modified))
        for member in original.members where after[member.key] == nil {
            patch.append(.init(member.key, .null))
        }
        for member in modified.members {
            guard let old = before[member.key] else {
                patch.append(member)
                continue
            }
            if case .object(let oldObject) = old, case .object(let newObject) = member.value {
                let inner = difference(from: oldObject, to: newObject)
                if !inner.isEmpty { patch.append(.init(member.key, .object(inner))) }
            } else if old != member.value {
                patch.append(member)
            }
        }
        return JSONObject(uniqueMembers: patch)
    }

    /// The parts of a patch that set something, or those that remove; objects that are left empty go.
    static func keeping(_ patch: JSONObject, removals: Bool) -> JSONObject {
        var members: [JSONObject.Member] = []
        for member in patch.members {
            switch member.value {
            case .null:
                if removals { members.append(member) }
            case .object(let object):
                let inner = keeping(object, removals: removals)
                if !inner.isEmpty || (!removals && object.isEmpty) {
                    members.append(.init(member.key, .object(inner)))
                }
            default:
                if !removals { members.append(member) }
            }
        }
        return JSONObject(uniqueMembers: members)
    }

    /// The patch of `kubectl apply` for kinds without a known schema: what `modified` changes against
    /// `current`, and removals of what `original` (the last applied configuration) had and `modified` has no
    /// longer.
    public static func threeWay(
        original: JSONObject, modified: JSONObject, current: JSONObject
    ) -> JSONObject {
        let changes = keeping(difference(from: current, to: modified), removals: false)
        let removals = keeping(difference(from: original, to: modified), removals: true)
        return combined(changes, removals)
    }

    private static func combined(_ changes: JSONObject, _ removals: JSONObject) -> JSONObject {
        var result = IndexedObject(changes)
        for removal in removals.members {
            if case .object(let inner) = removal.value, case .object(let changed) = result[removal.key] {
                result[removal.key] = .object(combined(changed, inner))
            } else {
                result[removal.key] = removal.value
            }
        }
        return result.object
    }
}
