internal import EdgeJSON

extension FieldErrors {
    private static let standardContainerResources: Set<String> = ["cpu", "memory", "ephemeral-storage"]

    mutating func checkResources(_ resources: ResourceRequirements, _ path: FieldPath) {
        let limits = resources.limits
        let requests = resources.requests
        for (name, limit) in limits.sorted(by: { $0.key < $1.key }) {
            checkResourceName(name, path["limits"])
            checkAmount(name, limit, path["limits"][key: name])
        }
        for (name, request) in requests.sorted(by: { $0.key < $1.key }) {
            checkResourceName(name, path["requests"])
            checkAmount(name, request, path["requests"][key: name])
            checkAgainstLimit(name, request, limits[name], path["requests"])
        }
        let names = Set(limits.keys).union(requests.keys)
        let hasHugePages = names.contains { $0.hasPrefix("hugepages-") }
        let hasBasics = names.contains("cpu") || names.contains("memory")
        if hasHugePages, !hasBasics {
            forbidden(path, "HugePages require cpu or memory")
        }
    }

    private mutating func checkAgainstLimit(
        _ name: String, _ request: Quantity, _ limit: Quantity?, _ path: FieldPath
    ) {
        let allowsOvercommit = Self.isNative(name) && !name.hasPrefix("hugepages-")
        guard let limit else {
            if !allowsOvercommit { required(path, "Limit must be set for non overcommitable resources") }
            return
        }
        if request != limit, !allowsOvercommit {
            invalid(path, request.description, "must be equal to \(name) limit of \(limit)")
        } else if request > limit {
            invalid(path, request.description, "must be less than or equal to \(name) limit of \(limit)")
        }
    }

    private mutating func checkAmount(_ name: String, _ amount: Quantity, _ path: FieldPath) {
        nonNegativeQuantity(path, amount)
        let isCounted = !Self.isNative(name) || name.hasPrefix("hugepages-")
        if isCounted, !amount.isWhole { invalid(path, amount.description, "must be an integer") }
    }

    private mutating func checkResourceName(_ name: String, _ path: FieldPath) {
        invalid(path[key: name], name, Names.labelKey(name))
        if !name.contains("/") {
            if !Self.standardContainerResources.contains(name), !name.hasPrefix("hugepages-") {
                invalid(path[key: name], name, "must be a standard resource for containers")
            }
        } else if Self.isNative(name) || name.hasPrefix("requests.") {
            invalid(path[key: name], name, "doesn't follow extended resource name standard")
        }
    }

    /// Whether the resource is Kubernetes' own and not one that a device plugin brings.
    static func isNative(_ name: String) -> Bool {
        !name.contains("/") || name.hasPrefix("kubernetes.io/") || name.contains(".kubernetes.io/")
    }

    mutating func checkResourceList(_ list: [String: Quantity], _ path: FieldPath, isRequest: Bool) {
        for (name, amount) in list.sorted(by: { $0.key < $1.key }) {
            invalid(path, name, Names.labelKey(name))
            nonNegativeQuantity(path[key: name], amount)
        }
    }

    /// Resources of the whole pod: no less than its containers ask for.
    mutating func checkPodResources(_ context: PodSpecContext, _ path: FieldPath) {
        let resources = context.spec.resources
        guard !resources.isEmpty else { return }
        if resources.claims != nil {
            forbidden(path["claims"], "claims cannot be set for Resources at pod-level")
        }
        checkResources(resources, path)
        var bare = context.spec
        bare.resources = ResourceRequirements()
        bare.overhead = [:]
        for (name, sum) in bare.totalRequests.sorted(by: { $0.key < $1.key }) {
            let request = resources.requests[name] ?? .zero
            guard sum > request else { continue }
            invalid(
                path["requests"][key: name], request.description,
                "must be greater than or equal to aggregate container requests of \(sum)")
        }
        for (index, container) in context.spec.containers.enumerated() {
            for (name, limit) in container.resources.limits.sorted(by: { $0.key < $1.key }) {
                guard let whole = resources.limits[name], limit > whole else { continue }
                invalid(
                    path["containers"][index][key: name]["limits"], limit.description,
                    "must be less than or equal to pod limits of \(whole)")
            }
        }
    }
}
