public import EdgeAPI
public import EdgeBase
public import EdgeClient
internal import EdgeJSON

extension Registry {
    /// Applies a patch to the present object and writes the result like an update.
    public func patch(
        _ resource: ResourceDefinition, namespace: String, name: String, subresource: String, patch: Patch,
        _ context: RequestContext, served: ResourceDefinition? = nil
    ) async throws -> EncodedObject {
        let served = served ?? resource
        if patch.kind == .apply {
            return try await apply(
                resource, namespace: namespace, name: name, subresource: subresource,
                configuration: patch.body, context, served: served)
        }
        let decoder = BodyDecoder(resource: served)
        return try await change(resource, namespace: namespace, name: name, subresource: subresource, context)
        { current in
            let shown = VersionConversion.shown(current, as: served)
            let patched = try Self.apply(patch, to: shown, served)
            guard let object = APIObject(patched) else {
                throw APIStatus.badRequest("the patch leaves no object behind")
            }
            var result = try decoder.canonical(object, context, patch: patch.body)
            // A patch that says nothing of the version is applied to whatever is there.
            if patch.body[path: "metadata", "resourceVersion"] == nil, patch.kind != .json {
                result[path: "metadata", "resourceVersion"] = nil
            } else if patch.kind == .json, result.resourceVersion == current.resourceVersion {
                result[path: "metadata", "resourceVersion"] = nil
            }
            guard !served.isStorageVersion else { return result }
            return try BodyDecoder(resource: resource).canonical(
                VersionConversion.stored(result, from: served), context)
        }
    }

    private static func apply(
        _ patch: Patch, to current: APIObject, _ resource: ResourceDefinition
    ) throws -> JSONValue {
        do {
            switch patch.kind {
            case .json: return try JSONPatch(patch.body).apply(to: current.value)
            case .merge: return MergePatch.apply(patch.body, to: current.value)
            case .strategicMerge:
                guard let body = patch.body.object else {
                    throw APIStatus.badRequest("the patch must be an object")
                }
                guard let type = Schema.shared.kind(resource.groupVersionKind) else {
                    throw APIStatus.unsupportedMediaType(
                        "the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json"
                    )
                }
                return .object(try StrategicMerge.apply(body, to: current.json, type: type))
            case .apply: throw APIStatus.internalError("an apply is no patch of the current object")
            }
        } catch let status as APIStatus {
            throw status
        } catch {
            throw APIStatus(
                code: 422, reason: .invalid,
                message: "the server rejected our request due to an error in our request: \(error)")
        }
    }
}
