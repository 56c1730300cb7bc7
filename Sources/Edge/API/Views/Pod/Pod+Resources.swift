/// What the scheduler and the quality of service classes count.
extension PodSpec {
    /// Requests of the whole pod: the containers' and sidecars' sum, or what an init container needs at its
    /// turn when that is more, replaced by pod-level requests where there are any, plus the overhead.
    public var totalRequests: [String: Quantity] {
        total { $0.effectiveRequests }.overridden(by: resources.requests).adding(overhead)
    }

    /// Limits in the same way; the overhead counts for resources that have a limit.
    public var totalLimits: [String: Quantity] {
        let limits = total { $0.resources.limits }.overridden(by: resources.limits)
        return limits.adding(overhead.filter { limits[$0.key] != nil })
    }

    private func total(_ amounts: (Container) -> [String: Quantity]) -> [String: Quantity] {
        var sum: [String: Quantity] = [:]
        for container in containers { sum = sum.adding(amounts(container)) }
        var sidecars: [String: Quantity] = [:]
        var highest: [String: Quantity] = [:]
        for container in initContainers {
            let amount = amounts(container)
            if container.isSidecar {
                sum = sum.adding(amount)
                sidecars = sidecars.adding(amount)
                highest = highest.maximum(sidecars)
            } else {
                highest = highest.maximum(amount.adding(sidecars))
            }
        }
        return sum.maximum(highest)
    }
}

extension Container {
    /// The requests; a limit without a request counts as one.
    public var effectiveRequests: [String: Quantity] {
        let resources = resources
        return resources.limits.merging(resources.requests) { _, request in request }
    }
}

extension [String: Quantity] {
    public func adding(_ other: Self) -> Self { merging(other) { $0 + $1 } }
    public func maximum(_ other: Self) -> Self { merging(other) { Swift.max($0, $1) } }
    func overridden(by other: Self) -> Self { merging(other) { $1 } }
}

extension PodSpec {
    /// `Guaranteed`, `Burstable` or `BestEffort` by Kubernetes' rule: cpu and memory of the containers
    /// (and init containers), or of the pod where it has resources of its own.
    public var qosClass: String {
        let counted = resources.isEmpty ? (containers + initContainers).map(\.resources) : [resources]
        var isGuaranteed = true
        var isBestEffort = true
        for resources in counted {
            let requests = resources.requests.filter(Self.countsForQoS)
            let limits = resources.limits.filter(Self.countsForQoS)
            if !requests.isEmpty || !limits.isEmpty { isBestEffort = false }
            if limits.count < 2 || requests.contains(where: { limits[$0.key] != $0.value }) {
                isGuaranteed = false
            }
        }
        return isBestEffort ? "BestEffort" : isGuaranteed ? "Guaranteed" : "Burstable"
    }

    private static func countsForQoS(_ entry: (key: String, value: Quantity)) -> Bool {
        (entry.key == "cpu" || entry.key == "memory") && entry.value > .zero
    }
}
