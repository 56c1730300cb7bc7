internal import EdgeAPI
internal import EdgeBase
internal import EdgeClient
internal import EdgeJSON
internal import EdgeStorage

/// Evicting a pod: deleting it unless a PodDisruptionBudget says that its fellows are too few.
extension Registry {
    private static let budgets = "poddisruptionbudgets.policy"
    /// How many evictions may be under way that the disruption controller has not seen yet.
    private static let maximumPending = 2000
    private static let maximumEvictionTries = 20

    func carryOut(
        eviction: APIObject, of resource: ResourceDefinition, namespace: String, name: String,
        _ context: RequestContext
    ) async throws {
        guard eviction.name.isEmpty || eviction.name == name else {
            throw APIStatus.badRequest("name in URL does not match name in Eviction object")
        }
        var context = context
        var options = DeleteOptions()
        let wanted = eviction["deleteOptions"]
        options.gracePeriodSeconds = wanted?["gracePeriodSeconds"]?.int
        options.uid = wanted?[path: "preconditions", "uid"]?.string
        options.resourceVersion = wanted?[path: "preconditions", "resourceVersion"]?.string
        if wanted?["dryRun"]?.strings.contains("All") == true { context.isDryRun = true }
        let key = key(resource, namespace, name)
        for attempt in 1... {
            guard let stored = store.get(key) else { throw APIStatus.notFound(resource.qualifiedName, name) }
            let pod = Pod(try APIObject(decoding: stored))
            do {
                return try await evict(pod, resource, options, context)
            } catch let status as APIStatus
                where status.reason == .conflict && options.resourceVersion == nil
                && attempt < Self.maximumEvictionTries
            {
                // The pod has changed meanwhile: perhaps it is ready now.
                continue
            }
        }
    }

    private func evict(
        _ pod: Pod, _ resource: ResourceDefinition, _ options: DeleteOptions, _ context: RequestContext
    ) async throws {
        var options = options
        let isOver = pod.isTerminal || pod.isBeingDeleted
        if isOver || pod.status.phase == "Pending" {
            if !isOver { options.resourceVersion = options.resourceVersion ?? pod.object.resourceVersion }
        } else {
            let budgets = try budgets(of: pod)
            guard budgets.count < 2 else {
                throw APIStatus(
                    code: 500, reason: "",
                    message:
                        "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support."
                )
            }
            if let budget = budgets.first {
                if Self.spares(budget, pod) {
                    options.resourceVersion = options.resourceVersion ?? pod.object.resourceVersion
                } else {
                    try await take(from: budget, pod, context)
                }
            }
        }
        if !context.isDryRun, options.resourceVersion == nil {
            try await mark(pod, resource, context)
        }
        _ = try await delete(
            resource, namespace: pod.namespace, name: pod.name, options: options, context)
    }

    private func budgets(of pod: Pod) throws -> [PodDisruptionBudget] {
        try store.list(Self.budgets, namespace: pod.namespace).objects
            .map { PodDisruptionBudget(try APIObject(decoding: $0)) }
            .filter { budget in
                let selector = budget.spec.selector
                return !selector.matchesEverything && selector.matches(pod.labels)
            }
    }

    /// Whether a pod that is not ready may go without counting as a disruption.
    private static func spares(_ budget: PodDisruptionBudget, _ pod: Pod) -> Bool {
        guard !pod.isReady else { return false }
        if budget.spec.unhealthyPodEvictionPolicy == "AlwaysAllow" { return true }
        return budget.status.desiredHealthy > 0
            && budget.status.currentHealthy >= budget.status.desiredHealthy
    }

    /// Takes one disruption from a budget, in one step with looking whether there is one.
    private func take(from budget: PodDisruptionBudget, _ pod: Pod, _ context: RequestContext) async throws {
        guard
            let resource = Schema.shared.resource(
                group: "policy", version: "v1", resource: "poddisruptionbudgets")
        else { throw APIStatus.internalError("the schema has no poddisruptionbudgets") }
        if context.isDryRun { return try Self.check(budget) }
        let now = clock.now
        var own = RequestContext(user: .apiServer)
        own.agent = "edge"
        _ = try await change(
            resource, namespace: pod.namespace, name: budget.name, subresource: "status", own,
            tracking: .none
        ) { current in
            var budget = PodDisruptionBudget(current)
            try Self.check(budget)
            budget.status.disruptionsAllowed -= 1
            if budget.status.disruptionsAllowed == 0 { budget.status.setDisruptionAllowed(now: now) }
            budget.object[path: "status", "disruptedPods", pod.name] = .string(now.rfc3339)
            return budget.object
        }
    }

    private static func check(_ budget: PodDisruptionBudget) throws {
        let status = budget.status
        if status.observedGeneration < Int(budget.object.generation) {
            throw refusal(
                "The disruption budget \(budget.name) is still being processed by the server.",
                retryAfterSeconds: 10)
        }
        if status.disruptionsAllowed < 0 {
            throw APIStatus.forbidden(
                "poddisruptionbudget.policy", budget.name, "pdb disruptions allowed is negative")
        }
        if (status.disruptedPods?.object?.count ?? 0) > maximumPending {
            throw APIStatus.forbidden(
                "poddisruptionbudget.policy", budget.name,
                "DisruptedPods map too big - too many evictions not confirmed by PDB controller")
        }
        guard status.disruptionsAllowed > 0 else {
            throw refusal(
                "The disruption budget \(budget.name) needs \(status.desiredHealthy) healthy pods and has \(status.currentHealthy) currently",
                retryAfterSeconds: 0)
        }
    }

    private static func refusal(_ cause: String, retryAfterSeconds: Int) -> APIStatus {
        var status = APIStatus.tooManyRequests(
            "Cannot evict pod as it would violate the pod's disruption budget.",
            retryAfterSeconds: retryAfterSeconds)
        status.details?.causes = [APIStatus.Cause(reason: "DisruptionBudget", message: cause, field: "")]
        return status
    }

    /// Says in the pod's status why it goes.
    private func mark(_ pod: Pod, _ resource: ResourceDefinition, _ context: RequestContext) async throws {
        let now = clock.now
        _ = try await change(
            resource, namespace: pod.namespace, name: pod.name, subresource: "status", context,
            tracking: .none
        ) { current in
            var pod = Pod(current)
            pod.status.setCondition(
                "DisruptionTarget", .true, reason: "EvictionByEvictionAPI", message: "Eviction API: evicting",
                now: now)
            pod.object[path: "metadata", "resourceVersion"] = nil
            return pod.object
        }
    }
}
