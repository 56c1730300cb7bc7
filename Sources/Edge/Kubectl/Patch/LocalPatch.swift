internal import EdgeAPI
internal import EdgeClient
internal import EdgeJSON

/// Applies patches here, for `--local`, `--dry-run=client` and `edit`.
enum LocalPatch {
    static func apply(_ kind: Patch.Kind, _ patch: JSONValue, to value: JSONValue) throws -> JSONValue {
        switch kind {
        case .json: return try JSONPatch(patch).apply(to: value)
        case .merge: return MergePatch.apply(patch, to: value)
        case .strategicMerge:
            let type = Schema.shared.kind(
                apiVersion: value["apiVersion"]?.string ?? "", kind: value["kind"]?.string ?? "")
            guard type != nil else {
                throw KubectlError(
                    "strategic merge patch is not supported for \(value["kind"]?.string ?? "") objects")
            }
            return StrategicPatch.apply(patch, to: value, type)
        case .apply: throw KubectlError.unsupported("applying on the client side")
        }
    }

    /// The strategic merge patch between two versions of a built-in object, or the merge patch for others.
    static func difference(from old: JSONValue, to new: JSONValue) -> (kind: Patch.Kind, patch: JSONObject) {
        let isBuiltIn =
            Schema.shared.kind(
                apiVersion: new["apiVersion"]?.string ?? "", kind: new["kind"]?.string ?? "") != nil
        let patch = ThreeWayPatch(schema: isBuiltIn ? .shared : nil)
            .patch(original: old, modified: new, current: old)
        return (isBuiltIn ? .strategicMerge : .merge, patch)
    }
}
