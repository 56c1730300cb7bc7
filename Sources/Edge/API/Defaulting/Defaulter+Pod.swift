internal import EdgeJSON

extension Defaulter {
    static func pod(_ pod: inout JSONValue) {
        pod.update("spec") { spec in
            // Before anything else looks at them: requests follow from limits in pods, not in templates.
            for list in ["containers", "initContainers"] {
                spec.updateEach(list) { requestsFromLimits(&$0) }
            }
            podSpec(&spec)
            podLevelResources(&spec)
            spec.setDefault("enableServiceLinks", true)
            if spec["hostNetwork"].flag {
                for list in ["containers", "initContainers"] {
                    spec.updateEach(list) { $0.updateEach("ports") { hostPort(&$0) } }
                }
            }
        }
    }

    static func podTemplate(_ template: inout JSONValue) {
        template.updateMaking("spec") { podSpec(&$0) }
    }

    /// What pods and templates have in common.
    static func podSpec(_ spec: inout JSONValue) {
        spec.setDefaultIfEmpty("dnsPolicy", "ClusterFirst")
        spec.setDefaultIfEmpty("restartPolicy", "Always")
        spec.setDefault("securityContext", .object(JSONObject()))
        spec.setDefault("terminationGracePeriodSeconds", 30)
        spec.setDefaultIfEmpty("schedulerName", "default-scheduler")
        mirrorServiceAccount(&spec)
        resourceList(&spec, "overhead")
        spec.update("resources") { resources(&$0) }
        for list in ["containers", "initContainers", "ephemeralContainers"] {
            spec.updateEach(list) { container(&$0) }
        }
        spec.updateEach("volumes") { volume(&$0) }
    }

    /// `serviceAccount` is the old name of `serviceAccountName`; Kubernetes always shows both.
    private static func mirrorServiceAccount(_ spec: inout JSONValue) {
        let name = spec["serviceAccountName"].text
        let old = spec["serviceAccount"].text
        if name.isEmpty, !old.isEmpty {
            spec["serviceAccountName"] = .string(old)
        } else if !name.isEmpty {
            spec["serviceAccount"] = .string(name)
        }
    }

    private static func hostPort(_ port: inout JSONValue) {
        if let number = port["containerPort"] { port.setDefaultIfEmpty("hostPort", number) }
    }

    private static func requestsFromLimits(_ container: inout JSONValue) {
        container.update("resources") { resources in
            guard case .object(let limits)? = resources["limits"], !limits.isEmpty else { return }
            resources.updateMaking("requests") { requests in
                for limit in limits { requests.setDefault(limit.key, limit.value) }
            }
        }
    }

    /// Requests of the whole pod follow from its limits, once it has resources of its own.
    private static func podLevelResources(_ spec: inout JSONValue) {
        guard case .object(let limits)? = spec["resources"]?["limits"], !limits.isEmpty else { return }
        var bare = PodSpec(spec)
        bare.resources = ResourceRequirements()
        bare.overhead = [:]
        let sums = bare.totalRequests
        spec.update("resources") { resources in
            resources.updateMaking("requests") { requests in
                for key in ["cpu", "memory"] {
                    if let sum = sums[key] { requests.setDefault(key, .string(sum.description)) }
                }
                for limit in limits { requests.setDefault(limit.key, limit.value) }
            }
        }
    }
}
