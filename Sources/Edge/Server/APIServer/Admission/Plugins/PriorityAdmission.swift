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
        if pod[path: "spec", "preemptionPolicy"] == nil {
            pod[path: "spec", "preemptionPolicy"] = found?["preemptionPolicy"] ?? "PreemptLowerPriority"
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
