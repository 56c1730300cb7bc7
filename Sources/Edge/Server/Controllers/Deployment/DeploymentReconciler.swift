internal import EdgeAPI
internal import EdgeBase
internal import EdgeClient
internal import EdgeJSON

/// Brings a Deployment's ReplicaSets to its template and size.
struct DeploymentReconciler: Reconciler {
    static let controllerName = "deployment-controller"

    let name = Self.controllerName
    let client: any APIClient
    let deployments: Informer
    let sets: Informer
    let pods: Informer
    let recorder: EventRecorder
    let clock: any WallClock
    /// The newest writes to ReplicaSets, and to the Deployment itself.
    let memory = RevisionMemory()
    let written = RevisionMemory()

    func reconcile(_ key: ObjectKey) async throws -> ReconcileResult {
        try await deployments.waitUntil(revision: written.revision(key))
        guard let deployment = try deployments.view(key, as: Deployment.self) else {
            memory.forget(key)
            written.forget(key)
            return .done
        }
        try await sets.waitUntil(revision: memory.revision(key))
        let owned = try await claimSets(of: deployment)
        if deployment.isBeingDeleted { return try await finish(deployment, owned) }
        if deployment.spec.paused { return try await scaleOnly(deployment, owned) }
        if Self.isScaling(deployment, owned) { return try await scaleOnly(deployment, owned) }
        return deployment.spec.strategy.type == "Recreate"
            ? try await recreate(deployment, owned) : try await roll(deployment, owned)
    }

    // MARK: Strategies

    private func roll(_ deployment: Deployment, _ owned: [ReplicaSet]) async throws -> ReconcileResult {
        var family = try await family(of: deployment, owned, creates: true)
        guard let new = family.new else { return .done }
        let rolling = RollingUpdate(deployment)
        let members = Self.members(family.old)
        let step = rolling.step(
            new: .init(
                name: new.name, desired: new.spec.replicas, available: new.status.availableReplicas, age: 0),
            old: members)
        for set in family.all where step[set.name] != nil {
            family.replace(try await scale(set, to: step[set.name] ?? 0, deployment))
        }
        return try await finish(deployment, family.all, family)
    }

    /// All old pods go before the first new one comes.
    private func recreate(_ deployment: Deployment, _ owned: [ReplicaSet]) async throws -> ReconcileResult {
        var family = try await family(of: deployment, owned, creates: false)
        let active = family.old.filter { $0.spec.replicas > 0 }
        if !active.isEmpty {
            for set in active { family.replace(try await scale(set, to: 0, deployment)) }
            return try await finish(deployment, family.all, family)
        }
        if hasRunningPods(family.old) { return try await finish(deployment, family.all, family) }
        if family.new == nil { family = try await self.family(of: deployment, owned, creates: true) }
        if let new = family.new, new.spec.replicas != deployment.spec.replicas {
            family.replace(try await scale(new, to: deployment.spec.replicas, deployment))
        }
        return try await finish(deployment, family.all, family)
    }

    private func hasRunningPods(_ sets: [ReplicaSet]) -> Bool {
        sets.contains { set in
            pods.views(index: ControllerIndexes.owner, set.uid, as: Pod.self).contains { !$0.isTerminal }
        }
    }

    /// A paused Deployment, or one whose size has just changed, only changes the sizes of what is there.
    private func scaleOnly(_ deployment: Deployment, _ owned: [ReplicaSet]) async throws -> ReconcileResult {
        var family = try await family(of: deployment, owned, creates: false)
        let active = family.all.filter { $0.spec.replicas > 0 }
        let newest = active.count == 1 ? active[0] : active.isEmpty ? family.new ?? family.old.last : nil
        if active.count <= 1 {
            if let newest, newest.spec.replicas != deployment.spec.replicas {
                family.replace(try await scale(newest, to: deployment.spec.replicas, deployment))
            }
        } else if family.new?.status.availableReplicas == deployment.spec.replicas,
            family.new?.spec.replicas == deployment.spec.replicas
        {
            for set in family.old where set.spec.replicas > 0 {
                family.replace(try await scale(set, to: 0, deployment))
            }
        } else if deployment.spec.strategy.type != "Recreate" {
            let former = active.compactMap { Int($0[annotation: DeploymentAnnotations.maxReplicas] ?? "") }
                .max()
            let rolling = RollingUpdate(deployment)
            let sizes = rolling.proportional(
                Self.members(active), formerMaximum: former ?? deployment.status.replicas)
            for set in active {
                family.replace(try await scale(set, to: sizes[set.name] ?? set.spec.replicas, deployment))
            }
        }
        return try await finish(deployment, family.all, family)
    }

    /// The size that the ReplicaSets were last scaled for is not the size that is wished now.
    private static func isScaling(_ deployment: Deployment, _ sets: [ReplicaSet]) -> Bool {
        sets.contains { set in
            guard set.spec.replicas > 0, let text = set[annotation: DeploymentAnnotations.desiredReplicas],
                let size = Int(text)
            else { return false }
            return size != deployment.spec.replicas
        }
    }

    private static func members(_ sets: [ReplicaSet]) -> [RollingUpdate.Member] {
        let byAge = sets.sorted {
            ($0.creationTimestamp ?? .distantPast) > ($1.creationTimestamp ?? .distantPast)
        }
        return byAge.enumerated().map { index, set in
            RollingUpdate.Member(
                name: set.name, desired: set.spec.replicas, available: set.status.availableReplicas,
                age: index)
        }
    }

    // MARK: ReplicaSets

    private func claimSets(of deployment: Deployment) async throws -> [ReplicaSet] {
        var owned: [ReplicaSet] = []
        for set in sets.views(namespace: deployment.namespace, as: ReplicaSet.self) {
            let claim = OwnerClaim.decide(
                set.object, owner: deployment.object, selector: deployment.spec.selector)
            switch claim {
            case .keep: owned.append(set)
            case .ignore: break
            case .adopt, .release:
                guard let patch = claim.patch(set.object, owner: deployment.object) else { continue }
                let stored = try await client.patch(set.key, patch)
                memory.note(stored.revision, deployment.key)
                if claim == .adopt { owned.append(try ReplicaSet(decoding: stored)) }
            }
        }
        return owned
    }

    /// The set of the present template and the others, oldest first.
    private func family(
        of deployment: Deployment, _ owned: [ReplicaSet], creates: Bool
    ) async throws -> DeploymentFamily {
        var family = DeploymentFamily(owned, template: deployment.spec.template)
        let revision = (family.old.map { DeploymentAnnotations.revision(of: $0.object) }.max() ?? 0) + 1
        if let new = family.new {
            var updated = new
            DeploymentAnnotations.synchronize(&updated, with: deployment, revision: revision)
            updated.object[path: "spec", "minReadySeconds"] =
                deployment.spec.minReadySeconds > 0 ? .int(Int64(deployment.spec.minReadySeconds)) : nil
            if updated != new { family.replace(try await write(updated, deployment)) }
        } else if creates {
            family.add(try await createSet(for: deployment, family, revision: revision))
        }
        return family
    }

    private func createSet(
        for deployment: Deployment, _ family: DeploymentFamily, revision: Int
    ) async throws -> ReplicaSet {
        let hash = TemplateHash.hash(
            deployment.spec.template, collisions: deployment.status.collisionCount ?? 0)
        var set = ReplicaSet(namespace: deployment.namespace, name: "\(deployment.name)-\(hash)")
        var template = deployment.spec.template.json
        template["metadata"] = template["metadata"] ?? [:]
        template[path: "metadata", "labels", TemplateHash.label] = .string(hash)
        set.labels = template[path: "metadata", "labels"].stringMap
        set.ownerReferences = [OwnerReference(controller: deployment.object)]
        var selector = deployment.object[path: "spec", "selector"] ?? [:]
        selector[path: "matchLabels", TemplateHash.label] = .string(hash)
        let rolling = RollingUpdate(deployment)
        let room = max(0, rolling.wished + rolling.maxSurge - family.old.reduce(0) { $0 + $1.spec.replicas })
        let size = deployment.spec.strategy.type == "Recreate" ? rolling.wished : min(rolling.wished, room)
        set.object["spec"] = [
            "replicas": .int(Int64(size)), "minReadySeconds": .int(Int64(deployment.spec.minReadySeconds)),
            "selector": selector, "template": template,
        ]
        DeploymentAnnotations.synchronize(&set, with: deployment, revision: revision)
        do {
            let stored = try await client.create(ReplicaSet.resource, set.object)
            memory.note(stored.revision, deployment.key)
            recorder.record(
                .normal, "ScalingReplicaSet", "Scaled up replica set \(set.name) from 0 to \(size)",
                about: deployment.object)
            return try ReplicaSet(decoding: stored)
        } catch let status as APIStatus where status.reason == .alreadyExists {
            return try await resolveCollision(of: set, deployment, status)
        }
    }

    /// The name is taken: by our own set that the informer did not show yet, or by a hash collision.
    private func resolveCollision(
        of set: ReplicaSet, _ deployment: Deployment, _ status: APIStatus
    ) async throws -> ReplicaSet {
        let present = try ReplicaSet(decoding: await client.get(set.key))
        if present.isControlled(by: deployment.uid),
            TemplateHash.areEqual(present.spec.template, deployment.spec.template)
        {
            return present
        }
        var updated = deployment
        var newStatus = deployment.status
        newStatus.collisionCount = (newStatus.collisionCount ?? 0) + 1
        updated.status = newStatus
        _ = try await client.updateStatus(Deployment.resource, updated.object)
        throw status
    }

    private func scale(_ set: ReplicaSet, to size: Int, _ deployment: Deployment) async throws -> ReplicaSet {
        var updated = set
        var spec = updated.spec
        spec.replicas = size
        updated.spec = spec
        DeploymentAnnotations.setSizes(&updated, of: deployment)
        guard updated != set else { return set }
        let stored = try await write(updated, deployment)
        if size != set.spec.replicas {
            let direction = size > set.spec.replicas ? "up" : "down"
            recorder.record(
                .normal, "ScalingReplicaSet",
                "Scaled \(direction) replica set \(set.name) from \(set.spec.replicas) to \(size)",
                about: deployment.object)
        }
        return stored
    }

    private func write(_ set: ReplicaSet, _ deployment: Deployment) async throws -> ReplicaSet {
        let stored = try await client.update(ReplicaSet.resource, set.object)
        memory.note(stored.revision, deployment.key)
        return try ReplicaSet(decoding: stored)
    }

    // MARK: End of a pass

    private func finish(
        _ deployment: Deployment, _ sets: [ReplicaSet], _ family: DeploymentFamily? = nil
    ) async throws -> ReconcileResult {
        let family = family ?? DeploymentFamily(sets, template: deployment.spec.template)
        let report = DeploymentStatusReport(deployment, family, now: clock.now)
        if report.isComplete, !deployment.isBeingDeleted { try await cleanUp(deployment, family) }
        var updated = try await writeRevision(of: family.new, to: deployment)
        if report.status != deployment.status {
            updated.status = report.status
            let stored = try await client.updateStatus(Deployment.resource, updated.object)
            written.note(stored.revision, deployment.key)
        }
        return report.nextCheck.map { .again(after: $0) } ?? .done
    }

    /// The Deployment carries the revision of its newest set, by which kubectl finds it.
    private func writeRevision(of new: ReplicaSet?, to deployment: Deployment) async throws -> Deployment {
        guard let new else { return deployment }
        let revision = String(DeploymentAnnotations.revision(of: new.object))
        guard deployment[annotation: DeploymentAnnotations.revision] != revision else { return deployment }
        let patch: JSONValue = [
            "metadata": ["annotations": [DeploymentAnnotations.revision: .string(revision)]]
        ]
        let stored = try await client.patch(deployment.key, Patch(.merge, patch))
        written.note(stored.revision, deployment.key)
        return try Deployment(decoding: stored)
    }

    /// Deletes old, empty sets beyond the history limit.
    private func cleanUp(_ deployment: Deployment, _ family: DeploymentFamily) async throws {
        let spent = family.old.filter {
            $0.spec.replicas == 0 && $0.status.replicas == 0 && !$0.isBeingDeleted
                && $0.status.observedGeneration >= $0.generation
        }
        .sorted {
            DeploymentAnnotations.revision(of: $0.object) < DeploymentAnnotations.revision(of: $1.object)
        }
        for set in spent.dropLast(max(0, deployment.spec.revisionHistoryLimit)) {
            try await client.delete(set.key, options: DeleteOptions(uid: set.uid))
        }
    }
}
