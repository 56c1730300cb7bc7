internal import EdgeAPI
internal import EdgeBase
internal import EdgeJSON

/// A node with what its pods ask for.
enum DescribeNode {
    @Sendable static func write(_ describer: Describer, _ description: inout Description) async throws {
        let node = describer.object
        description.field(0, "Name", node.name)
        let roles = roles(node)
        description.field(0, "Roles", roles.isEmpty ? "<none>" : roles.joined(separator: ","))
        description.metadata(node)
        description.field(
            0, "CreationTimestamp", LocalTime.rfc1123(node[path: "metadata", "creationTimestamp"]?.string))
        let taints = node[path: "spec", "taints"].elements
            .sorted { ($0["effect"].shown, $0["key"].shown) < ($1["effect"].shown, $1["key"].shown) }
        description.lines("Taints", taints.map(taint))
        description.field(0, "Unschedulable", node[path: "spec", "unschedulable"].goBool)
        await lease(describer, to: &description)
        conditions(node, to: &description)
        description.line(0, "Addresses:")
        for address in node[path: "status", "addresses"].elements {
            description.field(1, address["type"].shown, address["address"].shown)
        }
        for (title, field) in [("Capacity", "capacity"), ("Allocatable", "allocatable")] {
            let members = node[path: "status", field].members
            if !members.isEmpty { description.line(0, "\(title):") }
            for member in members { description.field(1, member.key, Optional(member.value).quantityText) }
        }
        system(node, to: &description)
        try await pods(describer, to: &description)
        await describer.events(to: &description)
    }

    private static func roles(_ node: APIObject) -> [String] {
        var roles = Set<String>()
        let prefix = "node-role.kubernetes.io/"
        for (key, value) in node.labels {
            if key.hasPrefix(prefix), key != prefix { roles.insert(String(key.dropFirst(prefix.count))) }
            if key == "kubernetes.io/role", !value.isEmpty { roles.insert(value) }
        }
        return roles.sorted()
    }

    private static func taint(_ taint: JSONValue) -> String {
        let (key, value, effect) = (taint["key"].shown, taint["value"].shown, taint["effect"].shown)
        let pair = value.isEmpty ? key : "\(key)=\(value)"
        return effect.isEmpty ? pair : "\(pair):\(effect)"
    }

    private static func lease(_ describer: Describer, to description: inout Description) async {
        do {
            let lease = try await describer.session.resources().get(
                try .builtIn(apiVersion: "coordination.k8s.io/v1", kind: "Lease"),
                namespace: "kube-node-lease", name: describer.object.name)
            description.line(0, "Lease:")
            let holder = lease[path: "spec", "holderIdentity"].shown
            description.field(1, "HolderIdentity", holder.isEmpty ? "<unset>" : holder)
            for (title, field) in [("AcquireTime", "acquireTime"), ("RenewTime", "renewTime")] {
                let time = lease[path: "spec", field]?.string
                description.field(1, title, time.map { LocalTime.rfc1123($0) } ?? "<unset>")
            }
        } catch {
            description.field(0, "Lease", "Failed to get lease: \(error)")
        }
    }

    private static func conditions(_ node: APIObject, to description: inout Description) {
        let conditions = node[path: "status", "conditions"].elements
        guard !conditions.isEmpty else { return }
        description.line(0, "Conditions:")
        description.line(1, "Type\tStatus\tLastHeartbeatTime\tLastTransitionTime\tReason\tMessage")
        description.line(1, "----\t------\t-----------------\t------------------\t------\t-------")
        for condition in conditions {
            description.line(
                1,
                "\(condition["type"].shown) \t\(condition["status"].shown) \t"
                    + "\(LocalTime.rfc1123(condition["lastHeartbeatTime"]?.string)) \t"
                    + "\(LocalTime.rfc1123(condition["lastTransitionTime"]?.string)) \t"
                    + "\(condition["reason"].shown) \t\(condition["message"].shown)")
        }
    }

    private static func system(_ node: APIObject, to description: inout Description) {
        let info = node[path: "status", "nodeInfo"]
        description.line(0, "System Info:")
        for (title, field) in [
            ("Machine ID", "machineID"), ("System UUID", "systemUUID"), ("Boot ID", "bootID"),
            ("Kernel Version", "kernelVersion"), ("OS Image", "osImage"),
            ("Operating System", "operatingSystem"), ("Architecture", "architecture"),
            ("Container Runtime Version", "containerRuntimeVersion"), ("Kubelet Version", "kubeletVersion"),
            ("Kube-Proxy Version", "kubeProxyVersion"),
        ] {
            description.field(1, title, (info?[field]).shown)
        }
        description.fieldIfPresent(0, "PodCIDR", node[path: "spec", "podCIDR"]?.string)
        let blocks = node[path: "spec", "podCIDRs"]?.strings ?? []
        description.fieldIfPresent(0, "PodCIDRs", blocks.joined(separator: ","))
        description.fieldIfPresent(0, "ProviderID", node[path: "spec", "providerID"]?.string)
    }

    // MARK: Pods

    private static func pods(_ describer: Describer, to description: inout Description) async throws {
        let node = describer.object
        let pods: [APIObject]
        do {
            pods = try await describer.list(
                "Pod", "v1", namespace: "",
                fieldSelector: "spec.nodeName=\(node.name),status.phase!=Failed,status.phase!=Succeeded")
        } catch let status as APIStatus where status.reason == .forbidden {
            return description.field(0, "Pods", "not authorized")
        }
        let allocatable = node[path: "status", "allocatable"] ?? node[path: "status", "capacity"] ?? [:]
        let cpu = amount(allocatable["cpu"])
        let memory = amount(allocatable["memory"])
        description.field(0, "Non-terminated Pods", "(\(pods.count) in total)")
        description.line(
            1, "Namespace\tName\t\tCPU Requests\tCPU Limits\tMemory Requests\tMemory Limits\tAge")
        description.line(
            1, "---------\t----\t\t------------\t----------\t---------------\t-------------\t---")
        var totals = PodResources()
        for pod in pods {
            let resources = PodResources(pod)
            totals += resources
            let cells = [
                share(resources.requests["cpu"], of: cpu), share(resources.limits["cpu"], of: cpu),
                share(resources.requests["memory"], of: memory),
                share(resources.limits["memory"], of: memory),
            ]
            description.line(
                1,
                "\(pod.namespace)\t\(pod.name)\t\t\(cells.joined(separator: "\t"))\t"
                    + HumanDuration.since(pod.creationTimestamp, now: describer.now))
        }
        allocated(totals, allocatable, to: &description)
    }

    private static func allocated(
        _ totals: PodResources, _ allocatable: JSONValue, to description: inout Description
    ) {
        description.line(0, "Allocated resources:")
        description.line(1, "(Total limits may be over 100 percent, i.e., overcommitted.)")
        description.line(1, "Resource\tRequests\tLimits")
        description.line(1, "--------\t--------\t------")
        let standard = ["cpu", "memory", "ephemeral-storage"]
        let others = (allocatable.object?.sortedMembers ?? []).map(\.key)
            .filter { !standard.contains($0) && $0 != "pods" && $0 != "storage" }
        let huge = others.filter { $0.hasPrefix("hugepages-") }
        for name in standard + huge {
            let whole = amount(allocatable[name])
            description.line(
                1,
                "\(name)\t\(share(totals.requests[name], of: whole))\t\(share(totals.limits[name], of: whole))"
            )
        }
        for name in others where !huge.contains(name) {
            description.line(
                1, "\(name)\t\(totals.requests[name] ?? .zero)\t\(totals.limits[name] ?? .zero)")
        }
    }

    private static func amount(_ value: JSONValue?) -> Quantity {
        value.flatMap { try? Quantity($0) } ?? .zero
    }

    /// `100m (5%)`
    private static func share(_ part: Quantity?, of whole: Quantity) -> String {
        let part = part ?? .zero
        let percent = whole.isZero ? 0 : Int64(part.doubleValue / whole.doubleValue * 100)
        return "\(part) (\(percent)%)"
    }
}
