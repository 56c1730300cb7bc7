internal import EdgeAPI
internal import EdgeBase
internal import EdgeClient
internal import EdgeJSON
internal import Logging
internal import Synchronization

/// Keeps the number of pods at what a ReplicaSet asks for.
struct ReplicaSetReconciler: Reconciler {
    static let controllerName = "replicaset-controller"

    let name = Self.controllerName
    let client: any APIClient
    let sets: Informer
    let pods: Informer
    let recorder: EventRecorder
    let clock: any WallClock
    let memory = ReplicaSetMemory()
    /// The newest writes to the set itself.
    let written = RevisionMemory()

    func reconcile(_ key: ObjectKey) async throws -> ReconcileResult {
        try await sets.waitUntil(revision: written.revision(key))
        guard let set = try sets.view(key, as: ReplicaSet.self) else {
            memory.forget(key)
            written.forget(key)
            return .done
        }
        try await pods.waitUntil(revision: memory.revision(key))
        let owned = try await claimPods(of: set)
        let present = owned.filter { !$0.isBeingDeleted && !memory.isDeleted($0.uid, by: key) }
        let active = present.filter { !$0.isTerminal }
        var failure: (any Error)?
        if !set.isBeingDeleted {
            do {
                try await carryOut(
                    ReplicaSetPlan(desired: set.spec.replicas, pods: active, now: clock.now), set, active)
            } catch {
                failure = error
            }
        }
        let nextCheck = try await updateStatus(of: set, active, owned, failure: failure)
        if let failure { throw failure }
        return nextCheck.map { .again(after: $0) } ?? .done
    }

    // MARK: Pods

    private func claimPods(of set: ReplicaSet) async throws -> [Pod] {
        var owned: [Pod] = []
        let selector = set.spec.selector
        for pod in pods.views(namespace: set.namespace, as: Pod.self) {
            let claim = OwnerClaim.decide(pod.object, owner: set.object, selector: selector)
            switch claim {
            case .keep: owned.append(pod)
            case .ignore: break
            case .adopt, .release:
                guard let patch = claim.patch(pod.object, owner: set.object) else { continue }
                let stored = try await client.patch(pod.key, patch)
                if claim == .adopt { owned.append(try Pod(decoding: stored)) }
            }
        }
        return owned
    }

    private func carryOut(_ plan: ReplicaSetPlan, _ set: ReplicaSet, _ active: [Pod]) async throws {
        switch plan {
        case .nothing: break
        case .create(let count): try await create(count, for: set)
        case .delete(let names):
            let doomed = active.filter { names.contains($0.name) }
            try await withThrowingTaskGroup { group in
                for pod in doomed { group.addTask { try await delete(pod, of: set) } }
                try await group.waitForAll()
            }
        }
    }

    /// Creates pods in growing batches: when the first fails (a bad template, no ServiceAccount yet), not
    /// hundreds fail the same way.
    private func create(_ count: Int, for set: ReplicaSet) async throws {
        let template = PodTemplate.pod(from: set.spec.template, owner: set.object)
        var remaining = min(count, Self.burst)
        var batch = 1
        while remaining > 0 {
            let size = min(batch, remaining)
            try await withThrowingTaskGroup { group in
                for _ in 0..<size { group.addTask { try await createOne(template, for: set) } }
                try await group.waitForAll()
            }
            remaining -= size
            batch *= 2
        }
    }

    /// The most pods that one pass creates.
    private static let burst = 500

    private func createOne(_ template: APIObject, for set: ReplicaSet) async throws {
        do {
            let stored = try await client.create(Pod.resource, template)
            memory.note(revision: stored.revision, set.key)
            recorder.record(.normal, "SuccessfulCreate", "Created pod: \(stored.key.name)", about: set.object)
        } catch let status as APIStatus where status.isNamespaceTerminating {
            return
        } catch {
            recorder.record(.warning, "FailedCreate", "Error creating: \(error)", about: set.object)
            throw error
        }
    }

    private func delete(_ pod: Pod, of set: ReplicaSet) async throws {
        memory.note(deleted: pod.uid, set.key)
        do {
            try await client.delete(pod.key, options: DeleteOptions(uid: pod.uid))
            recorder.record(.normal, "SuccessfulDelete", "Deleted pod: \(pod.name)", about: set.object)
        } catch let status as APIStatus where status.reason == .notFound || status.reason == .conflict {
            return
        } catch {
            memory.undo(deleted: pod.uid, set.key)
            recorder.record(.warning, "FailedDelete", "Error deleting: \(error)", about: set.object)
            throw error
        }
    }

    // MARK: Status

    /// Writes the status when it differs; returns when a ready pod becomes available, if one does.
    private func updateStatus(
        of set: ReplicaSet, _ active: [Pod], _ owned: [Pod], failure: (any Error)?
    ) async throws -> Duration? {
        let availability = PodAvailability(active, minReadySeconds: set.spec.minReadySeconds, now: clock.now)
        var status = set.status
        let templateLabels = LabelSelector(
            labels: set.spec.template.json["metadata"]?["labels"].stringMap ?? [:])
        status.replicas = active.count
        status.fullyLabeledReplicas = active.count { templateLabels.matches($0) }
        status.readyReplicas = availability.ready
        status.availableReplicas = availability.available
        status.observedGeneration = set.generation
        if let failure {
            status.setCondition(
                "ReplicaFailure", .true, reason: "FailedCreate", message: "\(failure)", now: clock.now)
        } else {
            status.removeCondition("ReplicaFailure")
        }
        if status != set.status {
            var updated = set
            updated.status = status
            let stored = try await client.updateStatus(ReplicaSet.resource, updated.object)
            written.note(stored.revision, set.key)
        }
        return availability.nextChange
    }
}

extension APIStatus {
    /// The namespace is on its way out: there is nothing to create any more.
    var isNamespaceTerminating: Bool {
        details?.causes.contains { $0.reason == "NamespaceTerminating" } ?? false
    }
}

/// What the reconciler has done that the informer may not show yet.
final class ReplicaSetMemory: Sendable {
    private struct Entry {
        var revision: UInt64 = 0
        var deleted: Set<String> = []
    }

    private let entries = Mutex<[ObjectKey: Entry]>([:])

    func revision(_ key: ObjectKey) -> UInt64 { entries.withLock { $0[key]?.revision ?? 0 } }

    func note(revision: UInt64, _ key: ObjectKey) {
        entries.withLock { $0[key, default: Entry()].revision = max($0[key]?.revision ?? 0, revision) }
    }

    func note(deleted uid: String, _ key: ObjectKey) {
        _ = entries.withLock { $0[key, default: Entry()].deleted.insert(uid) }
    }

    func undo(deleted uid: String, _ key: ObjectKey) {
        _ = entries.withLock { $0[key]?.deleted.remove(uid) }
    }

    func isDeleted(_ uid: String, by key: ObjectKey) -> Bool {
        entries.withLock { $0[key]?.deleted.contains(uid) ?? false }
    }

    /// The informer has shown the deletion.
    func forgetDeleted(_ uid: String) {
        entries.withLock { entries in
            for key in entries.keys { entries[key]?.deleted.remove(uid) }
        }
    }

    func forget(_ key: ObjectKey) {
        _ = entries.withLock { $0.removeValue(forKey: key) }
    }
}
