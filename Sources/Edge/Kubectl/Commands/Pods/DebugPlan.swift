internal import EdgeAPI
internal import EdgeJSON

/// Builds what `kubectl debug` creates: ephemeral containers, copies of pods, pods on nodes. Pure.
struct DebugPlan {
    enum Place {
        case ephemeral, copy, node
    }

    static let profiles = ["legacy", "general", "baseline", "restricted", "netadmin", "sysadmin"]

    var name: String
    var image: String
    var command: [String] = []
    /// The command replaces the image's arguments only.
    var isArgumentsOnly = false
    var environment: [String] = []
    var pullPolicy = ""
    var hasInput = false
    var hasTerminal = false
    var profile = "general"

    func container(_ place: Place) throws(KubectlError) -> JSONValue {
        var container: JSONValue = ["name": .string(name), "image": .string(image), "resources": [:]]
        if place == .ephemeral { container["resources"] = nil }
        if !command.isEmpty { container[isArgumentsOnly ? "args" : "command"] = .strings(command) }
        if !pullPolicy.isEmpty { container["imagePullPolicy"] = .string(pullPolicy) }
        if hasInput { container["stdin"] = true }
        if hasTerminal { container["tty"] = true }
        container["terminationMessagePolicy"] = "File"
        if !environment.isEmpty {
            var variables: [JSONValue] = []
            for text in environment {
                guard let (name, value) = text.split(atFirst: "=") else {
                    throw KubectlError("invalid env: \(text)")
                }
                variables.append(["name": .string(name), "value": .string(value)])
            }
            container["env"] = .array(variables)
        }
        if let context = securityContext(place) { container["securityContext"] = context }
        return container
    }

    private func securityContext(_ place: Place) -> JSONValue? {
        switch profile {
        case "general" where place != .node: return ["capabilities": ["add": ["SYS_PTRACE"]]]
        case "netadmin": return ["capabilities": ["add": ["NET_ADMIN", "NET_RAW"]]]
        case "sysadmin": return ["privileged": true]
        case "restricted":
            return [
                "allowPrivilegeEscalation": false, "capabilities": ["drop": ["ALL"]], "runAsNonRoot": true,
                "seccompProfile": ["type": "RuntimeDefault"],
            ]
        default: return JSONValue?.none
        }
    }

    /// A pod with the namespaces of a node, and its files at /host.
    func nodePod(_ node: String, podName: String) throws(KubectlError) -> JSONValue {
        var container = try container(.node)
        var pod = JSONValue.object("v1", "Pod", name: podName, labels: [:])
        pod[path: "metadata", "labels"] = ["app.kubernetes.io/managed-by": "kubectl-debug"]
        var spec: JSONValue = [
            "nodeName": .string(node), "restartPolicy": "Never", "tolerations": [["operator": "Exists"]],
        ]
        if ["legacy", "general", "sysadmin", "netadmin"].contains(profile) {
            spec["hostNetwork"] = true
            spec["hostPID"] = true
            if profile != "netadmin" { spec["hostIPC"] = true }
        }
        if ["legacy", "general", "sysadmin"].contains(profile) {
            container["volumeMounts"] = [["mountPath": "/host", "name": "host-root"]]
            spec["volumes"] = [["hostPath": ["path": "/"], "name": "host-root"]]
        }
        spec["containers"] = [container]
        pod["spec"] = spec
        return pod
    }

    /// The same pod again with a container more, or one of its own changed.
    /// - Parameter images: new images by container name; `*` is for all.
    func copy(
        of original: APIObject, as copyName: String, sharesProcesses: Bool, staysOnNode: Bool,
        images: [String: String]
    ) throws(KubectlError) -> JSONValue {
        var pod = JSONValue.object("v1", "Pod", name: copyName, labels: [:])
        pod[path: "metadata", "labels"] = nil
        if let annotations = original[path: "metadata", "annotations"] {
            pod[path: "metadata", "annotations"] = annotations
        }
        var spec = original.value["spec"] ?? [:]
        spec["ephemeralContainers"] = nil
        if !staysOnNode { spec["nodeName"] = nil }
        if sharesProcesses { spec["shareProcessNamespace"] = true }
        var containers = spec["containers"]?.array ?? []
        for index in containers.indices {
            if let image = images[containers[index]["name"]?.string ?? ""] ?? images["*"] {
                containers[index]["image"] = .string(image)
            }
        }
        if let index = containers.firstIndex(where: { $0["name"]?.string == name }) {
            if !image.isEmpty { containers[index]["image"] = .string(image) }
            if !command.isEmpty {
                containers[index]["command"] = .strings(command)
                containers[index]["args"] = nil
            }
            if hasInput { containers[index]["stdin"] = true }
            if hasTerminal { containers[index]["tty"] = true }
        } else if !image.isEmpty {
            containers.append(try container(.copy))
        }
        spec["containers"] = .array(containers)
        pod["spec"] = spec
        return pod
    }
}
