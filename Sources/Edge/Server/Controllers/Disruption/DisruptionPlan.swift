internal import EdgeAPI
internal import EdgeBase
internal import EdgeJSON

/// The status that a PodDisruptionBudget ought to have, from the pods it selects.
struct DisruptionPlan: Equatable {
    /// How long an eviction that was let through may take to delete its pod before it counts no more.
    static let deletionTimeout: Duration = .seconds(120)

    let status: PodDisruptionBudgetStatus
    /// When an eviction under way ceases to count.
    let recheck: Duration?

    /// Why the expected number of pods cannot be known.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// - Parameter scales: what the owners of the pods want to run, by the owners' uids; pods without an owner
    ///   count for nothing in it.
    init(
        _ budget: PodDisruptionBudget, pods: [Pod], scales: () throws(Failure) -> [String: Int],
        now: Timestamp
    ) throws(Failure) {
        let expected: Int
        let desired: Int
        if let maximum = budget.spec.maxUnavailable {
            expected = try scales().values.reduce(0, +)
            desired = max(0, expected - (maximum.scaled(of: expected, roundingUp: true) ?? 0))
        } else if case .int(let minimum)? = budget.spec.minAvailable {
            expected = pods.count
            desired = minimum
        } else if let minimum = budget.spec.minAvailable {
            expected = try scales().values.reduce(0, +)
            desired = minimum.scaled(of: expected, roundingUp: true) ?? 0
        } else {
            (expected, desired) = (0, 0)
        }
        var disrupted = JSONObject()
        var next: Duration?
        let former = budget.status.disruptedPods?.object ?? JSONObject()
        for pod in pods.sorted(by: { $0.name < $1.name }) where !pod.isBeingDeleted {
            guard let value = former[pod.name], let time = Optional(value).time else { continue }
            let rest = time + Self.deletionTimeout - now
            guard rest >= .zero else { continue }
            disrupted[pod.name] = value
            next = min(next ?? rest, rest)
        }
        let healthy = pods.count { $0.isReady && !$0.isBeingDeleted && disrupted[$0.name] == nil }
        var status = PodDisruptionBudgetStatus(.object(JSONObject()))
        status.observedGeneration = Int(budget.object.generation)
        status.disruptedPods = disrupted.isEmpty ? Optional<JSONValue>.none : .object(disrupted)
        // A budget that matches nothing allows nothing: its first pods may come before it is looked at again.
        status.disruptionsAllowed = expected > 0 ? max(0, healthy - desired) : 0
        status.currentHealthy = healthy
        status.desiredHealthy = desired
        status.expectedPods = expected
        status.conditions = budget.status.conditions
        status.setDisruptionAllowed(now: now)
        self.status = status
        recheck = next
    }
}
