public import EdgeBase
internal import EdgeJSON

/// A ResourceQuota: what it limits, and which objects count.
public struct Quota: Sendable {
    public let name: String
    public let hard: [String: Quantity]
    private let scopes: [QuotaScope]
    /// The stored resources whose objects it counts.
    public let resources: Set<String>

    public init(_ object: APIObject) {
        name = object.name
        hard = object[path: "spec", "hard"].quantities
        let spec = object["spec"]
        let named = spec?["scopes"].strings ?? []
        let selected = spec?["scopeSelector"]?["matchExpressions"]?.array ?? []
        scopes = named.map { QuotaScope(name: $0) } + selected.map { QuotaScope($0) }
        resources = Set(hard.keys.compactMap(QuotaUsage.resource(countedBy:)))
    }

    /// What an object takes of what this quota limits; nothing when its scopes leave the object out.
    public func usage(of object: APIObject, _ resource: String, now: Timestamp) -> [String: Quantity] {
        guard resources.contains(resource), matches(object, resource) else { return [:] }
        return QuotaUsage.of(object, resource, now: now).filter { hard[$0.key] != nil }
    }

    private func matches(_ object: APIObject, _ resource: String) -> Bool {
        guard !scopes.isEmpty else { return true }
        switch resource {
        case "pods":
            let pod = Pod(object)
            return scopes.allSatisfy { $0.matches(pod) }
        case "persistentvolumeclaims": return scopes.allSatisfy { $0.matches(claim: object) }
        default: return false
        }
    }

    // MARK: Admission

    /// What a pod's containers have to say for this quota to be able to count them: `limits.cpu for: web`.
    public func missingRequirements(of object: APIObject, _ resource: String) -> String? {
        guard resource == "pods", matches(object, resource) else { return nil }
        let required = ["cpu", "memory"].flatMap { [$0, "limits.\($0)", "requests.\($0)"] }
            .filter { hard[$0] != nil }.sorted()
        guard !required.isEmpty else { return nil }
        let spec = Pod(object).spec
        guard spec.resources.isEmpty else { return nil }
        var missing: [String: Set<String>] = [:]
        for container in spec.containers + spec.initContainers {
            let said = QuotaUsage.compute(
                requests: container.resources.requests, limits: container.resources.limits)
            for name in required where said[name] == nil { missing[name, default: []].insert(container.name) }
        }
        guard !missing.isEmpty else { return nil }
        return missing.sorted { $0.key < $1.key }
            .map { "\($0.key) for: \($0.value.sorted().joined(separator: ","))" }.joined(separator: "; ")
    }

    /// What stands against taking more, in Kubernetes' words.
    public func refusal(requested: [String: Quantity], used: [String: Quantity]) -> String? {
        let exceeded = requested.filter { name, amount in
            guard let bound = hard[name], amount > .zero else { return false }
            return (used[name] ?? .zero) + amount > bound
        }
        guard !exceeded.isEmpty else { return nil }
        func text(_ amounts: [String: Quantity]) -> String {
            exceeded.keys.sorted().map { "\($0)=\(amounts[$0] ?? .zero)" }.joined(separator: ",")
        }
        return
            "exceeded quota: \(name), requested: \(text(requested)), used: \(text(used)), limited: \(text(hard))"
    }
}

/// One condition on the objects that a quota counts.
struct QuotaScope: Sendable {
    let name: String
    private var relation = "Exists"
    private var values: [String] = []

    init(name: String) {
        self.name = name
    }

    init(_ expression: JSONValue) {
        name = expression["scopeName"].text
        relation = expression["operator"].text
        values = expression["values"].strings
    }

    func matches(_ pod: Pod) -> Bool {
        switch name {
        case "Terminating": (pod.object[path: "spec", "activeDeadlineSeconds"].number ?? -1) >= 0
        case "NotTerminating": pod.object[path: "spec", "activeDeadlineSeconds"].number == nil
        case "BestEffort": pod.spec.qosClass == "BestEffort"
        case "NotBestEffort": pod.spec.qosClass != "BestEffort"
        case "PriorityClass": matches(pod.object[path: "spec", "priorityClassName"].text)
        case "CrossNamespacePodAffinity": Self.reachesOtherNamespaces(pod)
        default: false
        }
    }

    func matches(claim: APIObject) -> Bool {
        name == "VolumeAttributesClass"
            && matches(claim[path: "spec", "volumeAttributesClassName"].text)
    }

    private func matches(_ value: String) -> Bool {
        switch relation {
        case "In": values.contains(value)
        case "NotIn": !values.contains(value)
        case "DoesNotExist": value.isEmpty
        default: !value.isEmpty
        }
    }

    private static func reachesOtherNamespaces(_ pod: Pod) -> Bool {
        ["podAffinity", "podAntiAffinity"].contains { kind in
            let rules = pod.object[path: "spec", "affinity", kind]
            let required = rules?["requiredDuringSchedulingIgnoredDuringExecution"]?.array ?? []
            let preferred = (rules?["preferredDuringSchedulingIgnoredDuringExecution"]?.array ?? [])
                .compactMap { $0["podAffinityTerm"] }
            return (required + preferred).contains {
                !$0["namespaces"].strings.isEmpty || $0["namespaceSelector"]?.object != nil
            }
        }
    }
}
