internal import EdgeAPI
internal import EdgeBase
internal import EdgeClient
internal import EdgeJSON

/// The `autoscaling/v1` Scale of a workload: its replicas, wished and present.
enum Scale {
    static func view(of object: APIObject, _ resource: ResourceDefinition) throws -> APIObject {
        if let paths = resource.custom?.version.scale { return try CustomScale.view(of: object, paths) }
        return view(of: object)
    }

    static func view(of object: APIObject) -> APIObject {
        var scale = APIObject(
            apiVersion: "autoscaling/v1", kind: "Scale", namespace: object.namespace, name: object.name)
        for key in ["uid", "resourceVersion", "creationTimestamp"] {
            scale[path: "metadata", key] = object[path: "metadata", key]
        }
        scale["spec"] = ["replicas": object[path: "spec", "replicas"] ?? 0]
        scale["status"] = ["replicas": object[path: "status", "replicas"] ?? 0]
        if let selector = try? selector(of: object) {
            scale[path: "status", "selector"] = .string(selector.description)
        }
        return scale
    }

    /// An applied Scale as what it says of its workload.
    static func configuration(_ scale: JSONValue, of resource: ResourceDefinition) throws -> JSONValue {
        guard scale["kind"] == "Scale", scale["apiVersion"] == "autoscaling/v1" else {
            throw APIStatus.badRequest("the applied configuration must be an autoscaling/v1 Scale")
        }
        var configuration: JSONObject = [
            "apiVersion": .string(resource.apiVersion), "kind": .string(resource.kind),
        ]
        configuration["metadata"] = scale["metadata"]
        if let replicas = scale[path: "spec", "replicas"] {
            var object = APIObject(configuration)
            object.setValue(
                replicas, at: resource.custom?.version.scale?.specReplicas ?? ["spec", "replicas"])
            configuration = object.json
        }
        return .object(configuration)
    }

    /// ReplicationControllers have a plain map of labels, the others a LabelSelector.
    private static func selector(of object: APIObject) throws -> LabelSelector {
        let selector = object[path: "spec", "selector"]
        guard object.kind == "ReplicationController" else { return try LabelSelector(object: selector) }
        var labels: [String: String] = [:]
        for member in selector?.object ?? JSONObject() { labels[member.key] = member.value.string }
        return LabelSelector(labels: labels)
    }
}

extension Registry {
    /// Sets the replicas from a Scale, or from a patch of one.
    func scale(
        _ resource: ResourceDefinition, namespace: String, name: String, body: APIObject?, patch: Patch?,
        _ context: RequestContext
    ) async throws -> EncodedObject {
        if let patch, patch.kind == .apply {
            return try await apply(
                resource, namespace: namespace, name: name, subresource: "scale",
                configuration: try Scale.configuration(patch.body, of: resource), context)
        }
        return try await change(resource, namespace: namespace, name: name, subresource: "scale", context) {
            current in
            var scale = try body ?? Scale.view(of: current, resource)
            if let patch {
                let patched: JSONValue =
                    switch patch.kind {
                    case .json: try JSONPatch(patch.body).apply(to: scale.value)
                    case .merge, .strategicMerge: MergePatch.apply(patch.body, to: scale.value)
                    case .apply: throw APIStatus.internalError("an apply is no patch of the current object")
                    }
                guard let object = APIObject(patched) else {
                    throw APIStatus.badRequest("the patch leaves no Scale")
                }
                scale = object
            }
            guard scale.name.isEmpty || scale.name == name else {
                throw APIStatus.badRequest(
                    "the name of the object (\(scale.name)) does not match the name on the URL (\(name))")
            }
            let replicas = scale[path: "spec", "replicas"]?.int ?? 0
            guard replicas >= 0, replicas <= Int32.max else {
                throw APIStatus.invalid(
                    kind: "Scale", group: "autoscaling", name: name,
                    [
                        FieldError(
                            .invalid, "spec.replicas", value: .int(replicas),
                            detail: "must be greater than or equal to 0")
                    ])
            }
            var object = current
            if let paths = resource.custom?.version.scale {
                object = CustomScale.apply(replicas, to: object, paths)
            } else {
                object[path: "spec", "replicas"] = .int(replicas)
            }
            object[path: "metadata", "resourceVersion"] =
                scale.resourceVersion.isEmpty || patch != nil ? nil : .string(scale.resourceVersion)
            return object
        }
    }
}
