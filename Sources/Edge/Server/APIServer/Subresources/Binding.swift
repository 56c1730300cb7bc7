internal import EdgeAPI
internal import EdgeBase
internal import EdgeClient
internal import EdgeJSON

extension Registry {
    /// Assigns a pod to a node, once.
    func bind(
        namespace: String, name: String, binding: APIObject, _ context: RequestContext
    ) async throws -> EncodedObject {
        let binding = try await admitAction(
            .create, try pods(), namespace: namespace, name: name, subresource: "binding", binding, context)
        guard let node = binding[path: "target", "name"]?.string, !node.isEmpty else {
            throw APIStatus.badRequest("target.name: Required value")
        }
        if let kind = binding[path: "target", "kind"]?.string, !kind.isEmpty, kind != "Node" {
            throw APIStatus.badRequest(
                "target.kind: Unsupported value: \"\(kind)\": supported values: \"Node\"")
        }
        let now = clock.now.rfc3339
        return try await change(
            try pods(), namespace: namespace, name: name, subresource: "binding", context, tracking: .none
        ) { pod in
            guard !pod.isBeingDeleted else {
                throw APIStatus.conflict(
                    "pods/binding", name, "pod \(name) is being deleted, cannot be assigned to a host")
            }
            let present = pod[path: "spec", "nodeName"]?.string ?? ""
            guard present.isEmpty else {
                throw APIStatus.conflict(
                    "pods/binding", name, "pod \(name) is already assigned to node \"\(present)\"")
            }
            var pod = pod
            pod[path: "spec", "nodeName"] = .string(node)
            for member in binding.metadata["annotations"]?.object ?? JSONObject() {
                pod[annotation: member.key] = member.value.string
            }
            pod[path: "status", "conditions"] = Self.scheduled(pod, at: now)
            pod[path: "metadata", "resourceVersion"] = nil
            return pod
        }
    }

    /// The conditions with PodScheduled true.
    private static func scheduled(_ pod: APIObject, at now: String) -> JSONValue {
        var conditions = pod[path: "status", "conditions"]?.array ?? []
        conditions.removeAll { $0["type"] == "PodScheduled" }
        conditions.append([
            "type": "PodScheduled", "status": "True", "lastProbeTime": nil,
            "lastTransitionTime": .string(now),
        ])
        return .array(conditions)
    }

    func pods() throws -> ResourceDefinition {
        guard let pods = Schema.shared.resource(group: "", version: "v1", resource: "pods") else {
            throw APIStatus.internalError("the schema has no pods")
        }
        return pods
    }

    /// Deletes a pod on somebody's behalf, if its disruption budget allows it.
    func evict(
        _ resource: ResourceDefinition, namespace: String, name: String, eviction: APIObject,
        _ context: RequestContext
    ) async throws {
        let eviction = try await admitAction(
            .create, resource, namespace: namespace, name: name, subresource: "eviction", eviction, context)
        try await carryOut(eviction: eviction, of: resource, namespace: namespace, name: name, context)
    }
}
