internal import EdgeAPI
internal import EdgeBase
internal import EdgeJSON
internal import EdgeStorage

/// Gives the containers of a pod the default requests and limits of their namespace's LimitRanges, and refuses
/// pods and claims that ask for less or more than these allow.
struct LimitRanger: AdmissionPlugin {
    private static let annotation = "kubernetes.io/limit-ranger"

    let name = "LimitRanger"
    let store: ObjectStore

    func mutate(_ request: inout AdmissionRequest) throws {
        guard request.concerns("pods", .create), var pod = request.object else { return }
        let limits = try limits(in: request.namespace)
        guard !limits.isEmpty else { return }
        for range in limits { LimitDefaults(range).apply(to: &pod, annotation: Self.annotation) }
        request.object = pod
    }

    func validate(_ request: AdmissionRequest) throws {
        guard let object = request.object else { return }
        let isResize = request.resource.storageName == "pods" && request.subresource == "resize"
        let isPod = request.concerns("pods", .create) || isResize
        guard isPod || request.concerns("persistentvolumeclaims", .create, .update) else { return }
        for range in try limits(in: request.namespace) {
            let problems = range.flatMap { limit in
                isPod ? limit.problems(of: Pod(object)) : limit.problems(ofClaim: object)
            }
            guard !problems.isEmpty else { continue }
            let text = problems.count == 1 ? problems[0] : "[\(problems.joined(separator: ", "))]"
            throw APIStatus.forbidden(request.resource.qualifiedName, object.name, text)
        }
    }

    /// The items of each LimitRange.
    private func limits(in namespace: String) throws -> [[Limit]] {
        try store.list("limitranges", namespace: namespace).objects.map { stored in
            let range = try APIObject(decoding: stored)
            return (range[path: "spec", "limits"]?.array ?? []).map(Limit.init)
        }
    }
}

/// The defaults of one LimitRange for containers.
struct LimitDefaults {
    private var requests: [String: Quantity] = [:]
    private var limits: [String: Quantity] = [:]

    init(_ range: [Limit]) {
        for limit in range where limit.type == "Container" {
            requests.merge(limit.defaultRequest) { $1 }
            limits.merge(limit.default) { $1 }
        }
    }

    func apply(to pod: inout APIObject, annotation: String) {
        guard !requests.isEmpty || !limits.isEmpty else { return }
        var notes: [String] = []
        for (key, word) in [("containers", "container"), ("initContainers", "init container")] {
            guard var containers = pod[path: "spec", key]?.array else { continue }
            for index in containers.indices { complete(&containers[index], word, &notes) }
            pod[path: "spec", key] = .array(containers)
        }
        guard !notes.isEmpty else { return }
        pod[annotation: annotation] = "LimitRanger plugin set: \(notes.joined(separator: "; "))"
    }

    private func complete(_ container: inout JSONValue, _ word: String, _ notes: inout [String]) {
        let name = container["name"].text
        for (key, defaults) in [("requests", requests), ("limits", limits)] {
            var amounts = container[path: "resources", key].quantities
            let missing = defaults.filter { amounts[$0.key] == nil }
            guard !missing.isEmpty else { continue }
            amounts.merge(missing) { first, _ in first }
            var list: JSONValue?
            list.quantities = amounts
            container[path: "resources", key] = list
            notes.append(
                "\(missing.keys.sorted().joined(separator: ", ")) \(key.dropLast()) for \(word) \(name)")
        }
    }
}
