internal import EdgeAPI
internal import EdgeJSON

/// Which container of a pod is meant.
enum PodContainers {
    static let defaultAnnotation = "kubectl.kubernetes.io/default-container"

    /// Containers, init containers and ephemeral ones, in the order in which kubectl names them.
    static func all(_ pod: APIObject) -> [String] {
        names(pod, "containers") + names(pod, "initContainers") + names(pod, "ephemeralContainers")
    }

    static func names(_ pod: APIObject, _ list: String) -> [String] {
        (pod[path: "spec", list]?.array ?? []).compactMap { $0["name"]?.string }
    }

    /// `web, sidecar (init)`: for messages.
    static func described(_ pod: APIObject) -> String {
        let plain = names(pod, "containers")
        let ephemeral = names(pod, "ephemeralContainers").map { "\($0) (ephem)" }
        let initial = names(pod, "initContainers").map { "\($0) (init)" }
        return (plain + ephemeral + initial).joined(separator: ", ")
    }

    /// The named one, else the annotation's, else the first.
    static func choose(_ pod: APIObject, named name: String, _ call: Invocation) throws -> String {
        let all = all(pod)
        if !name.isEmpty {
            guard all.contains(name) else {
                throw KubectlError(
                    "container \(name) is not valid for pod \(pod.name) out of: \(described(pod))")
            }
            return name
        }
        if let chosen = pod[annotation: defaultAnnotation], !chosen.isEmpty {
            if all.contains(chosen) { return chosen }
            call.errorLine("Default container name \(goQuoted(chosen)) not found in pod \(pod.name)")
        }
        guard let first = all.first else { throw KubectlError("pod \(pod.name) has no containers") }
        if all.count > 1, !call.flags.bool("quiet") {
            call.errorLine("Defaulted container \(goQuoted(first)) out of: \(described(pod))")
        }
        return first
    }
}
