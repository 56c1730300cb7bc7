internal import EdgeAPI
internal import EdgeJSON

/// Pods tolerate an unready or unreachable node for a while before they are evicted from it.
struct DefaultTolerationSeconds: AdmissionPlugin {
    let name = "DefaultTolerationSeconds"
    let notReadySeconds: Int64
    let unreachableSeconds: Int64

    func mutate(_ request: inout AdmissionRequest) throws {
        guard request.concerns("pods", .create, .update), var pod = request.object else { return }
        var tolerations = pod[path: "spec", "tolerations"]?.array ?? []
        let count = tolerations.count
        for (key, seconds) in [
            ("node.kubernetes.io/not-ready", notReadySeconds),
            ("node.kubernetes.io/unreachable", unreachableSeconds),
        ] where !tolerations.contains(where: { Self.tolerates($0, key) }) {
            tolerations.append([
                "key": .string(key), "operator": "Exists", "effect": "NoExecute",
                "tolerationSeconds": .int(seconds),
            ])
        }
        guard tolerations.count > count else { return }
        pod[path: "spec", "tolerations"] = .array(tolerations)
        request.object = pod
    }

    /// Whether a toleration already says something of this taint (an empty key stands for all).
    private static func tolerates(_ toleration: JSONValue, _ key: String) -> Bool {
        let own = toleration["key"]?.string ?? ""
        let effect = toleration["effect"]?.string ?? ""
        return (own == key || own.isEmpty) && (effect == "NoExecute" || effect.isEmpty)
    }
}
