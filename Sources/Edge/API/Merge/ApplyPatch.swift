public import EdgeJSON

/// What client-side `kubectl apply` sends to change a live object.
public struct ApplyPatch: Sendable, Equatable {
    public let body: JSONObject
    public let contentType: String

    /// Nothing is to be changed.
    public var isEmpty: Bool { body.isEmpty }

    /// Computes the patch from the configuration that is applied and the live object. `type` is nil for
    /// custom resources, which get a JSON merge patch.
    public init(
        configuration: JSONObject, current: JSONObject, type: TypeDefinition?, schema: Schema = .shared
    ) throws {
        let modified = LastApplied.modified(configuration)
        let original = try LastApplied.original(of: current) ?? JSONObject()
        if let type {
            body = try StrategicMerge.threeWay(
                original: original, modified: modified, current: current, type: type, schema: schema)
            contentType = "application/strategic-merge-patch+json"
        } else {
            body = MergePatch.threeWay(original: original, modified: modified, current: current)
            contentType = "application/merge-patch+json"
        }
        guard body["apiVersion"] == nil, body["kind"] == nil, body["metadata"]?["name"] == nil else {
            throw StrategicMergeError.unprocessable(
                "At least one of apiVersion, kind and name was changed")
        }
    }
}
