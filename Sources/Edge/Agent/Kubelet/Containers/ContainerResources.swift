internal import EdgeAPI
internal import EdgeSystem

/// Requests and limits as the kubelet turns them into values for cgroups.
enum ContainerResources {
    static let period: UInt64 = 100_000
    static let minimumQuota: Int64 = 1000
    static let minimumShares: UInt64 = 2
    static let maximumShares: UInt64 = 262_144

    /// 1024 shares for a processor.
    static func shares(milliCPU: Int64) -> UInt64 {
        guard milliCPU > 0 else { return minimumShares }
        return min(max(UInt64(milliCPU) * 1024 / 1000, minimumShares), maximumShares)
    }

    static func quota(milliCPU: Int64) -> Int64 {
        guard milliCPU > 0 else { return 0 }
        return max(milliCPU * Int64(period) / 1000, minimumQuota)
    }

    /// The limits of one container.
    static func limits(of container: Container) -> CgroupLimits {
        let requests = container.resources.requests
        let limits = container.resources.limits
        var result = CgroupLimits()
        // A limit without a request is the request.
        let cpu = requests["cpu"] ?? limits["cpu"]
        result.cpuShares = shares(milliCPU: cpu?.milliValue ?? 0)
        if let limit = limits["cpu"], !limit.isZero {
            result.cpuQuota = quota(milliCPU: limit.milliValue)
            result.cpuPeriod = period
        }
        if let limit = limits["memory"], !limit.isZero {
            result.memory = limit.value
            // No swap for containers: the limit of both together is the same.
            result.memoryAndSwap = limit.value
        }
        for (name, amount) in limits where name.hasPrefix("hugepages-") {
            if let size = hugePageSize(name) { result.hugePages[size] = UInt64(max(0, amount.value)) }
        }
        result.killsGroupOnOOM = true
        return result
    }

    /// The limits of a pod's own group: sums, and no limit where a container has none.
    static func limits(of spec: PodSpec, pids: Int64?) -> CgroupLimits {
        var result = CgroupLimits()
        result.pids = pids
        guard spec.qosClass != "BestEffort" else {
            result.cpuShares = minimumShares
            return result
        }
        let requests = spec.totalRequests
        let limits = spec.totalLimits
        result.cpuShares = shares(milliCPU: requests["cpu"]?.milliValue ?? 0)
        if isLimited(spec, "cpu"), let limit = limits["cpu"] {
            result.cpuQuota = quota(milliCPU: limit.milliValue)
            result.cpuPeriod = period
        }
        if isLimited(spec, "memory"), let limit = limits["memory"] { result.memory = limit.value }
        return result
    }

    private static func isLimited(_ spec: PodSpec, _ resource: String) -> Bool {
        if let limit = spec.resources.limits[resource], !limit.isZero { return true }
        return (spec.containers + spec.initContainers).allSatisfy {
            !($0.resources.limits[resource] ?? .zero).isZero
        }
    }

    /// `hugepages-2Mi` is `2MB` for the kernel.
    private static func hugePageSize(_ name: String) -> String? {
        guard let size = try? Quantity(String(name.dropFirst("hugepages-".count))), size.value > 0 else {
            return nil
        }
        for (unit, text) in [(Int64(1) << 30, "GB"), (1 << 20, "MB"), (1 << 10, "KB")]
        where size.value % unit == 0 {
            return "\(size.value / unit)\(text)"
        }
        return nil
    }

    /// Whom the kernel ends first when memory runs out (kubelet's qos policy).
    static func oomScoreAdjustment(of container: Container, in spec: PodSpec, memoryCapacity: Int64) -> Int {
        if spec.priorityClassName == "system-node-critical" { return -997 }
        switch spec.qosClass {
        case "Guaranteed": return -997
        case "BestEffort": return 1000
        default:
            let request = container.resources.requests["memory"] ?? container.resources.limits["memory"]
            guard memoryCapacity > 0 else { return 999 }
            let score = 1000 - Int(1000 * (request?.value ?? 0) / memoryCapacity)
            if score < 3 { return 3 }
            return min(score, 999)
        }
    }

    /// The pod's group relative to edge's root.
    static func podCgroup(_ pod: Pod) -> String {
        switch pod.spec.qosClass {
        case "Guaranteed": "kubepods/pod\(pod.uid)"
        case "Burstable": "kubepods/burstable/pod\(pod.uid)"
        default: "kubepods/besteffort/pod\(pod.uid)"
        }
    }
}
