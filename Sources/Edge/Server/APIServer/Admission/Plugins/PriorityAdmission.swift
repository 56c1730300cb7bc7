internal import EdgeAPI
internal import EdgeBase
internal import EdgeJSON
internal import EdgeStorage

/// Turns a pod's priorityClassName into its number; the two system classes always exist.
struct PriorityAdmission: AdmissionPlugin {
    private static let resource = "priorityclasses.scheduling.k8s.io"

    let name = "Priority"
    let store: ObjectStore

    func mutate(_ request: inout AdmissionRequest) throws {
        try keepOnUpdate(&request)
        guard request.concerns("pods", .create), var pod = request.object else { return }
        let wanted = pod[path: "spec", "priorityClassName"]?.string ?? ""
        let found = wanted.isEmpty ? try defaultClass() : try priorityClass(wanted, for: pod)
        let priority = found?["value"]?.int ?? 0
        if let given = pod[path: "spec", "priority"]?.int, given != priority {
            throw APIStatus.forbidden(
                "pods", pod.name,
                "the integer value of priority (\(given)) must not be provided in pod spec; priority admission controller computed \(priority) from the given PriorityClass name"
            )
        }
        if wanted.isEmpty, let found { pod[path: "spec", "priorityClassName"] = .string(found.name) }
        pod[path: "spec", "priority"] = .int(priority)
        let policy = found?["preemptionPolicy"] ?? "PreemptLowerPriority"
        if let given = pod[path: "spec", "preemptionPolicy"], given != policy {
            throw APIStatus.forbidden(
                "pods", pod.name,
                "the string value of PreemptionPolicy (\(given.string ?? "")) must not be provided in pod spec; priority admission controller computed \(policy.string ?? "") from the given PriorityClass name"
            )
        }
        pod[path: "spec", "preemptionPolicy"] = policy
        request.object = pod
    }

    /// There is at most one class for pods that name none.
    func validate(_ request: AdmissionRequest) throws {
        guard request.concerns(Self.resource, .create, .update), let object = request.object,
            object["globalDefault"].flag, let present = try defaultClass(), present.name != object.name
        else { return }
        throw APIStatus.forbidden(
            request.resource.qualifiedName, object.name,
            "PriorityClass \(present.name) is already marked as default. Only one default can exist")
    }

    /// A client that leaves out what was filled in at the creation does not mean to change it.
    private func keepOnUpdate(_ request: inout AdmissionRequest) throws {
        guard request.concerns("pods", .update), var pod = request.object else { return }
        for key in ["priority", "preemptionPolicy"] where pod[path: "spec", key] == nil {
            pod[path: "spec", key] = request.old?[path: "spec", key]
        }
        request.object = pod
    }

    private func priorityClass(_ name: String, for pod: APIObject) throws -> APIObject {
        guard let stored = store.get(ObjectKey(resource: Self.resource, name: name)) else {
            throw APIStatus.forbidden("pods", pod.name, "no PriorityClass with name \(name) was found")
        }
        return try APIObject(decoding: stored)
    }

    /// The class marked globalDefault with the lowest value, as in Kubernetes.
    private func defaultClass() throws -> APIObject? {
        try store.list(Self.resource).objects.map { try APIObject(decoding: $0) }
            .filter { $0["globalDefault"]?.bool == true }
            .min { ($0["value"]?.int ?? 0) < ($1["value"]?.int ?? 0) }
    }
}
