public import EdgeJSON

/// Strategic merge patches: merge patches that know from the schema which lists merge and by what key, with
/// the directives `$patch`, `$retainKeys`, `$setElementOrder/...` and `$deleteFromPrimitiveList/...`.
public enum StrategicMerge {
    /// The object with the patch applied.
    public static func apply(
        _ patch: JSONObject, to object: JSONObject, type: TypeDefinition, schema: Schema = .shared
    ) throws(StrategicMergeError) -> JSONObject {
        try StrategicMerger(schema, isCombining: false).merge(object, patch, .type(type))
    }

    /// The patch that makes `modified` of `original`; empty when they are equal.
    public static func difference(
        from original: JSONObject, to modified: JSONObject, type: TypeDefinition, schema: Schema = .shared
    ) throws(StrategicMergeError) -> JSONObject {
        try StrategicDiffer(schema, [.additions, .deletions]).difference(original, modified, .type(type))
    }

    /// The patch of `kubectl apply`: what `modified` adds to or changes in `current`, and deletions of what
    /// `original` (the last applied configuration) had and `modified` has no longer.
    public static func threeWay(
        original: JSONObject, modified: JSONObject, current: JSONObject, type: TypeDefinition,
        schema: Schema = .shared
    ) throws(StrategicMergeError) -> JSONObject {
        let context = MergeContext.type(type)
        let changes = try StrategicDiffer(schema, .additions).difference(current, modified, context)
        let deletions = try StrategicDiffer(schema, .deletions).difference(original, modified, context)
        return try StrategicMerger(schema, isCombining: true).merge(deletions, changes, context)
    }
}
