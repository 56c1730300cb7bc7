internal import EdgeJSON

extension FieldErrors {
    /// The rules for `spec` of pods and templates.
    mutating func checkPodSpec(_ spec: PodSpec, isPod: Bool, _ path: FieldPath) {
        let context = PodSpecContext(spec, isPod: isPod)
        if context.gracePeriod == nil { required(path["terminationGracePeriodSeconds"]) }
        checkVolumes(spec.volumes, path["volumes"])
        checkContainers(context, path["containers"])
        checkInitContainers(context, path["initContainers"])
        checkEphemeralContainers(context, path["ephemeralContainers"])
        checkPodResources(context, path["resources"])
        checkHostNetworkPorts(context, path["containers"])
        oneOf(path["restartPolicy"], spec.json["restartPolicy"].text, ["Always", "OnFailure", "Never"])
        checkDNS(spec, path)
        checkLabels(spec.nodeSelector, path["nodeSelector"])
        checkPodSecurity(spec, path["securityContext"])
        if let affinity = spec.affinity { checkAffinity(affinity, path["affinity"]) }
        for (index, gate) in spec.readinessGates.enumerated() {
            let conditionPath = path["readinessGates"][index]["conditionType"]
            invalid(conditionPath, gate.conditionType, Names.labelKey(gate.conditionType))
        }
        checkSchedulingGates(spec.schedulingGates, path["schedulingGates"])
        checkSpreadConstraints(spec, path["topologySpreadConstraints"])
        checkHostUsers(context, path)
        checkPodNames(spec, path)
        range(path["activeDeadlineSeconds"], spec.activeDeadlineSeconds, 1...Int(Int32.max))
        checkTolerations(spec.tolerations, path["tolerations"])
        for (index, alias) in spec.hostAliases.enumerated() {
            checkIP(path["hostAliases"][index]["ip"], alias.ip)
            for (place, name) in alias.hostnames.enumerated() {
                invalid(path["hostAliases"][index]["hostnames"][place], name, Names.subdomain(name))
            }
        }
        optionalOneOf(
            path["preemptionPolicy"], spec.json["preemptionPolicy"].optionalText,
            ["PreemptLowerPriority", "Never"])
        checkResourceList(spec.overhead, path["overhead"], isRequest: false)
        checkOperatingSystem(spec, path["os"])
    }

    private mutating func checkPodNames(_ spec: PodSpec, _ path: FieldPath) {
        let names: [(String, String, NameRule)] = [
            ("serviceAccountName", spec.serviceAccountName, .subdomain),
            ("nodeName", spec.nodeName, .subdomain),
            ("hostname", spec.hostname, .label),
            ("subdomain", spec.subdomain, .label),
            ("priorityClassName", spec.priorityClassName, .subdomain),
            ("runtimeClassName", spec.runtimeClassName ?? "", .subdomain),
        ]
        for (key, value, rule) in names where !value.isEmpty {
            invalid(path[key], value, rule.messages(value))
        }
    }

    private mutating func checkSchedulingGates(_ gates: [NamedReference], _ path: FieldPath) {
        var seen: Set<String> = []
        for (index, gate) in gates.enumerated() {
            invalid(path[index], gate.name, Names.labelKey(gate.name))
            if !seen.insert(gate.name).inserted { duplicate(path[index], gate.name) }
        }
    }

    private mutating func checkHostUsers(_ context: PodSpecContext, _ path: FieldPath) {
        guard !context.usesHostUsers else { return }
        let reason = "when `pod.Spec.HostUsers` is false"
        if context.spec.hostNetwork { forbidden(path["hostNetwork"], reason) }
        if context.spec.hostPID { forbidden(path["HostPID"], reason) }
        if context.spec.hostIPC { forbidden(path["HostIPC"], reason) }
    }

    private mutating func checkOperatingSystem(_ spec: PodSpec, _ path: FieldPath) {
        guard let system = spec.os else { return }
        oneOf(path["name"], system["name"].text, ["linux", "windows"])
    }

    private mutating func checkHostNetworkPorts(_ context: PodSpecContext, _ path: FieldPath) {
        guard context.spec.hostNetwork else { return }
        for (index, container) in context.spec.containers.enumerated() {
            for (place, port) in container.ports.enumerated()
            where (context.isPod || port.hostPort != 0) && port.hostPort != port.containerPort {
                invalid(
                    path[index]["ports"][place]["hostPort"], port.hostPort,
                    "must match `containerPort` when `hostNetwork` is true")
            }
        }
    }
}
