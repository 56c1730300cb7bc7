internal import EdgeAPI
internal import EdgeBase
internal import EdgeJSON
internal import EdgeStorage

/// A pod that names a RuntimeClass takes over what that says of overhead and of the nodes that have it.
struct RuntimeClassAdmission: AdmissionPlugin {
    private static let resource = "runtimeclasses.node.k8s.io"

    let name = "RuntimeClass"
    let store: ObjectStore

    func mutate(_ request: inout AdmissionRequest) throws {
        guard request.concerns("pods", .create), var pod = request.object,
            let runtime = try runtimeClass(of: pod)
        else { return }
        if let overhead = runtime[path: "overhead", "podFixed"], pod[path: "spec", "overhead"] == nil {
            pod[path: "spec", "overhead"] = overhead
        }
        if let scheduling = runtime["scheduling"] { try Self.apply(scheduling, to: &pod) }
        request.object = pod
    }

    func validate(_ request: AdmissionRequest) throws {
        guard request.concerns("pods", .create), let pod = request.object else { return }
        let overhead = pod[path: "spec", "overhead"].quantities
        guard let runtime = try runtimeClass(of: pod) else {
            guard overhead.isEmpty else {
                throw APIStatus.forbidden(
                    "pods", pod.name,
                    "pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead")
            }
            return
        }
        guard overhead == runtime[path: "overhead", "podFixed"].quantities else {
            throw APIStatus.forbidden(
                "pods", pod.name,
                "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead")
        }
    }

    private func runtimeClass(of pod: APIObject) throws -> APIObject? {
        guard let name = pod[path: "spec", "runtimeClassName"].optionalText, !name.isEmpty else { return nil }
        guard let stored = store.get(ObjectKey(resource: Self.resource, name: name)) else {
            throw APIStatus.forbidden("pods", pod.name, "pod rejected: RuntimeClass \"\(name)\" not found")
        }
        return try APIObject(decoding: stored)
    }

    private static func apply(_ scheduling: JSONValue, to pod: inout APIObject) throws {
        let wanted = scheduling["nodeSelector"].stringMap
        var selector = pod[path: "spec", "nodeSelector"].stringMap
        for (key, value) in wanted.sorted(by: { $0.key < $1.key }) {
            if let own = selector[key], own != value {
                throw APIStatus.forbidden(
                    "pods", pod.name,
                    "conflict: runtimeClass.scheduling.nodeSelector[\(key)] = \(value); pod.spec.nodeSelector[\(key)] = \(own)"
                )
            }
            selector[key] = value
        }
        if !wanted.isEmpty { pod[path: "spec", "nodeSelector"].stringMap = selector }
        var tolerations = pod[path: "spec", "tolerations"]?.array ?? []
        let missing = (scheduling["tolerations"]?.array ?? []).filter { !tolerations.contains($0) }
        guard !missing.isEmpty else { return }
        tolerations += missing
        pod[path: "spec", "tolerations"] = .array(tolerations)
    }
}
