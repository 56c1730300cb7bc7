public import EdgeBase
internal import EdgeJSON

/// What one object takes of the resources that quotas count, by Kubernetes' names: `pods`, `requests.cpu`,
/// `services.nodeports`, `count/deployments.apps`.
public enum QuotaUsage {
    private static let counted: Set<String> = [
        "configmaps", "persistentvolumeclaims", "replicationcontrollers", "resourcequotas", "secrets",
        "services",
    ]
    static let storageClassSuffix = ".storageclass.storage.k8s.io/"

    /// - Parameter resource: as objects are stored, `deployments.apps`.
    public static func of(_ object: APIObject, _ resource: String, now: Timestamp) -> [String: Quantity] {
        var usage = ["count/\(resource)": Quantity(1)]
        if counted.contains(resource) { usage[resource] = Quantity(1) }
        switch resource {
        case "pods": usage.merge(pod(Pod(object), now)) { $1 }
        case "services": usage.merge(service(Service(object))) { $1 }
        case "persistentvolumeclaims": usage.merge(claim(object)) { $1 }
        default: break
        }
        return usage
    }

    /// The stored resource that a quota's name counts; nil for a name that counts nothing here.
    public static func resource(countedBy name: String) -> String? {
        if name.hasPrefix("count/") { return String(name.dropFirst("count/".count)) }
        if counted.contains(name) { return name }
        if name.hasPrefix("services.") { return "services" }
        if name == "requests.storage" || name.contains(storageClassSuffix) { return "persistentvolumeclaims" }
        let isCompute =
            ["pods", "cpu", "memory", "ephemeral-storage"].contains(name) || name.hasPrefix("requests.")
            || name.hasPrefix("limits.") || name.hasPrefix("hugepages-")
        return isCompute ? "pods" : nil
    }

    // MARK: Pods

    private static func pod(_ pod: Pod, _ now: Timestamp) -> [String: Quantity] {
        guard isCounted(pod, now) else { return [:] }
        return compute(requests: pod.spec.totalRequests, limits: pod.spec.totalLimits)
            .merging(["pods": Quantity(1)]) { $1 }
    }

    /// A pod that has ended, or ought to have, takes nothing but its place among the objects.
    private static func isCounted(_ pod: Pod, _ now: Timestamp) -> Bool {
        if pod.status.phase == "Succeeded" || pod.status.phase == "Failed" { return false }
        guard let deletion = pod.object.deletionTimestamp, let grace = pod.object.deletionGracePeriodSeconds
        else { return true }
        return now <= deletion + .seconds(grace)
    }

    /// Requests and limits under the names of quotas.
    static func compute(
        requests: [String: Quantity], limits: [String: Quantity]
    ) -> [String: Quantity] {
        var usage: [String: Quantity] = [:]
        for (name, amount) in requests {
            usage["requests.\(name)"] = amount
            if ["cpu", "memory", "ephemeral-storage"].contains(name) || name.hasPrefix("hugepages-") {
                usage[name] = amount
            }
        }
        for (name, amount) in limits { usage["limits.\(name)"] = amount }
        return usage
    }

    // MARK: Services and claims

    private static func service(_ service: Service) -> [String: Quantity] {
        let ports = service.spec.ports
        switch service.spec.type {
        case "NodePort": return ["services.nodeports": Quantity(ports.count)]
        case "LoadBalancer":
            let allocates = service.spec.allocateLoadBalancerNodePorts ?? true
            let count = allocates ? ports.count : ports.filter { $0.nodePort != 0 }.count
            return ["services.nodeports": Quantity(count), "services.loadbalancers": Quantity(1)]
        default: return [:]
        }
    }

    private static func claim(_ claim: APIObject) -> [String: Quantity] {
        var usage: [String: Quantity] = [:]
        let storageClass = claim[path: "spec", "storageClassName"].text
        if !storageClass.isEmpty {
            usage["\(storageClass)\(storageClassSuffix)persistentvolumeclaims"] = Quantity(1)
        }
        if let amount = claim[path: "spec", "resources", "requests"].quantities["storage"] {
            usage["requests.storage"] = amount
            if !storageClass.isEmpty {
                usage["\(storageClass)\(storageClassSuffix)requests.storage"] = amount
            }
        }
        return usage
    }
}
