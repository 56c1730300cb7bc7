internal import EdgeAPI
internal import EdgeBase
internal import EdgeJSON

/// A pod.
enum DescribePod {
    @Sendable static func write(_ describer: Describer, _ description: inout Description) async throws {
        let pod = describer.object
        head(describer, to: &description)
        let value = pod.value
        for (title, list, statuses) in [
            ("Init Containers", "initContainers", "initContainerStatuses"),
            ("Containers", "containers", "containerStatuses"),
            ("Ephemeral Containers", "ephemeralContainers", "ephemeralContainerStatuses"),
        ] {
            let containers = pod[path: "spec", list].elements
            if containers.isEmpty, list != "containers" { continue }
            DescribeContainers.write(
                title, containers, statuses: pod[path: "status", statuses].elements, pod: value,
                to: &description)
        }
        conditions(pod, to: &description)
        DescribeVolumes.write(pod[path: "spec", "volumes"], to: &description)
        description.field(0, "QoS Class", qualityOfService(pod))
        description.labels("Node-Selectors", pod[path: "spec", "nodeSelector"])
        description.tolerations("Tolerations", pod[path: "spec", "tolerations"])
        spreadConstraints(pod["spec"], indent: "", to: &description)
        await describer.events(to: &description)
    }

    private static func head(_ describer: Describer, to description: inout Description) {
        let pod = describer.object
        let (spec, status) = (pod["spec"], pod["status"])
        description.field(0, "Name", pod.name)
        description.field(0, "Namespace", pod.namespace)
        if let priority = spec?["priority"]?.int { description.field(0, "Priority", "\(priority)") }
        description.fieldIfPresent(0, "Priority Class Name", spec?["priorityClassName"]?.string)
        description.fieldIfPresent(0, "Runtime Class Name", spec?["runtimeClassName"]?.string)
        description.fieldIfPresent(0, "Service Account", spec?["serviceAccountName"]?.string)
        let node = (spec?["nodeName"]).shown
        description.field(0, "Node", node.isEmpty ? "<none>" : "\(node)/\((status?["hostIP"]).shown)")
        if let start = status?["startTime"]?.string {
            description.field(0, "Start Time", LocalTime.rfc1123(start))
        }
        description.metadata(pod)
        let phase = (status?["phase"]).shown
        if let deleted = pod.deletionTimestamp, phase != "Failed", phase != "Succeeded" {
            description.field(
                0, "Status", "Terminating (lasts \(HumanDuration.since(deleted, now: describer.now)))")
            description.field(0, "Termination Grace Period", "\(pod.deletionGracePeriodSeconds ?? 0)s")
        } else {
            description.field(0, "Status", phase)
        }
        description.fieldIfPresent(0, "Reason", status?["reason"]?.string)
        description.fieldIfPresent(0, "Message", status?["message"]?.string)
        if let profile = spec?["securityContext"]?["seccompProfile"] {
            description.field(0, "SeccompProfile", profile["type"].shown)
            description.fieldIfPresent(0, "LocalhostProfile", profile["localhostProfile"]?.string)
        }
        description.field(0, "IP", (status?["podIP"]).shown)
        let addresses = (status?["podIPs"]).elements
        description.line(0, addresses.isEmpty ? "IPs:\t<none>" : "IPs:")
        for address in addresses { description.field(1, "IP", address["ip"].shown) }
        description.controlledBy(pod)
        description.fieldIfPresent(0, "NominatedNodeName", status?["nominatedNodeName"]?.string)
        if let resources = spec?["resources"], !resources.isNull {
            description.line(0, "Resources:")
            DescribeContainers.resources(resources, 1, to: &description)
        }
    }

    private static func conditions(_ pod: APIObject, to description: inout Description) {
        let conditions = pod[path: "status", "conditions"].elements
        let gates = pod[path: "spec", "readinessGates"].elements
        if !gates.isEmpty {
            description.line(0, "Readiness Gates:")
            description.line(0, "  Type\tStatus")
            for gate in gates {
                let type = gate["conditionType"].shown
                let status = conditions.first { $0["type"].shown == type }?["status"].shown ?? "<none>"
                description.line(1, "\(type) \t\(status) ")
            }
        }
        guard !conditions.isEmpty else { return }
        description.line(0, "Conditions:")
        description.line(0, "  Type\tStatus")
        for condition in conditions {
            description.line(1, "\(condition["type"].shown) \t\(condition["status"].shown) ")
        }
    }

    static func spreadConstraints(
        _ spec: JSONValue?, indent: String, to description: inout Description
    ) {
        let constraints = (spec?["topologySpreadConstraints"]).elements
            .sorted { $0["topologyKey"].shown < $1["topologyKey"].shown }
        guard !constraints.isEmpty else { return }
        description.lines(
            "\(indent)Topology Spread Constraints",
            constraints.map { constraint in
                var text =
                    "\(constraint["topologyKey"].shown):\(constraint["whenUnsatisfiable"].shown) when max skew "
                    + "\(constraint["maxSkew"].whole) is exceeded"
                if let selector = constraint["labelSelector"], !selector.isNull {
                    text += " for selector \((try? LabelSelectorText.text(selector)) ?? "")"
                }
                return text
            }, indent: indent)
    }

    /// From the status, else by the rules that the kubelet follows.
    private static func qualityOfService(_ pod: APIObject) -> String {
        if let known = pod[path: "status", "qosClass"]?.string, !known.isEmpty { return known }
        let containers =
            pod[path: "spec", "containers"].elements
            + pod[path: "spec", "initContainers"].elements
        let names = ["cpu", "memory"]
        let isBestEffort = containers.allSatisfy { container in
            ["requests", "limits"].allSatisfy { section in
                names.allSatisfy { container.at("resources", section, $0) == nil }
            }
        }
        if isBestEffort { return "BestEffort" }
        let isGuaranteed = containers.allSatisfy { container in
            names.allSatisfy { name in
                guard let limit = container.at("resources", "limits", name) else { return false }
                let request = container.at("resources", "requests", name) ?? limit
                return Optional(limit).quantityText == Optional(request).quantityText
            }
        }
        return isGuaranteed ? "Guaranteed" : "Burstable"
    }
}
