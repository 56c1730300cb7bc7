internal import EdgeAPI
internal import EdgeBase
internal import EdgeClient
internal import EdgeJSON

/// Keeps the status of PodDisruptionBudgets, by which evictions are let through.
struct DisruptionReconciler: Reconciler {
    static let controllerName = "disruption-controller"

    let name = Self.controllerName
    let client: any APIClient
    let budgets: Informer
    let pods: Informer
    /// Of the kinds that run pods, by kind and group as in `ReplicaSet.apps`.
    let owners: [String: Informer]
    let clock: any WallClock

    func reconcile(_ key: ObjectKey) async throws -> ReconcileResult {
        guard let budget = try budgets.view(key, as: PodDisruptionBudget.self) else { return .done }
        let selector = budget.spec.selector
        let selected = pods.views(namespace: budget.namespace, as: Pod.self).filter { selector.matches($0) }
        var written = budget
        var recheck: Duration?
        do throws(DisruptionPlan.Failure) {
            let plan = try DisruptionPlan(
                budget, pods: selected,
                scales: { () throws(DisruptionPlan.Failure) in try scales(of: selected) }, now: clock.now)
            written.status = plan.status
            recheck = plan.recheck
        } catch {
            // Nothing may go as long as nobody knows how many there ought to be.
            written.status.disruptionsAllowed = 0
            var condition = Condition(
                type: "DisruptionAllowed", status: .false, reason: "SyncFailed", message: error.description)
            condition.observedGeneration = written.status.observedGeneration
            written.status.setCondition(condition, now: clock.now)
        }
        if written.status != budget.status {
            _ = try await client.updateStatus(PodDisruptionBudget.resource, written.object)
        }
        return recheck.map { .again(after: $0) } ?? .done
    }

    private func scales(of pods: [Pod]) throws(DisruptionPlan.Failure) -> [String: Int] {
        var scales: [String: Int] = [:]
        for pod in pods {
            guard let reference = pod.controllerReference, scales[reference.uid] == nil else { continue }
            guard var owner = owner(reference, in: pod.namespace) else {
                throw DisruptionPlan.Failure(description: "found no controllers for pod \"\(pod.name)\"")
            }
            // A ReplicaSet of a Deployment counts with all that the Deployment wants.
            if owner.kind == "ReplicaSet", let above = owner.controllerReference,
                let deployment = self.owner(above, in: pod.namespace)
            {
                owner = deployment
            }
            scales[owner.uid] = owner[path: "spec", "replicas"].number ?? 1
        }
        return scales
    }

    private func owner(_ reference: OwnerReference, in namespace: String) -> APIObject? {
        let parts = reference.apiVersion.split(separator: "/")
        let kind = parts.count > 1 ? "\(reference.kind).\(parts[0])" : reference.kind
        guard let informer = owners[kind] else { return nil }
        let key = ObjectKey(resource: informer.scope.resource, namespace: namespace, name: reference.name)
        guard let stored = informer.get(key), let object = try? APIObject(decoding: stored),
            object.uid == reference.uid
        else { return nil }
        return object
    }
}
