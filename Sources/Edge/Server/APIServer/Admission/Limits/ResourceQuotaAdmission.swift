internal import EdgeAPI
internal import EdgeBase
internal import EdgeJSON
internal import EdgeStorage
internal import Synchronization

/// Refuses what would exceed a ResourceQuota of its namespace. What is used is counted from the objects
/// themselves, together with those that were let in a moment ago and are not stored yet: the quota's status is
/// for people to read, and no write waits for another.
final class ResourceQuotaAdmission: AdmissionPlugin {
    /// How long an object that was let in may take to be stored.
    private static let patience: Duration = .seconds(5)

    let name = "ResourceQuota"
    private let store: ObjectStore
    private let clock: any WallClock
    private let state = Mutex(State())

    private struct State {
        /// By uid.
        var admitted: [String: Admitted] = [:]
        /// Usage of objects that were looked at before, by revision.
        var known: [ObjectKey: (revision: UInt64, object: APIObject)] = [:]
    }

    private struct Admitted {
        let key: ObjectKey
        let object: APIObject
        let time: Timestamp
    }

    init(store: ObjectStore, clock: any WallClock) {
        self.store = store
        self.clock = clock
    }

    func validate(_ request: AdmissionRequest) throws {
        let resource = request.resource.storageName
        let isResize = resource == "pods" && request.subresource == "resize"
        guard let object = request.object, request.subresource.isEmpty || isResize,
            request.resource.isStored, isResize || Self.isCounted(request.operation, resource)
        else { return }
        let quotas = try store.list("resourcequotas", namespace: request.namespace).objects
            .map { Quota(try APIObject(decoding: $0)) }.filter { $0.resources.contains(resource) }
        guard !quotas.isEmpty else { return }
        try state.withLock { state in
            for quota in quotas { try check(quota, object, request, &state) }
            if request.operation == .create, !request.isDryRun {
                let key = ObjectKey(resource: resource, namespace: request.namespace, name: object.name)
                state.admitted[object.uid] = Admitted(key: key, object: object, time: clock.now)
            }
        }
    }

    private static func isCounted(_ operation: AdmissionRequest.Operation, _ resource: String) -> Bool {
        switch operation {
        case .create: true
        case .update: resource == "services" || resource == "persistentvolumeclaims"
        default: false
        }
    }

    private func check(
        _ quota: Quota, _ object: APIObject, _ request: AdmissionRequest, _ state: inout State
    ) throws {
        let resource = request.resource.storageName
        if request.operation == .create, let missing = quota.missingRequirements(of: object, resource) {
            throw APIStatus.forbidden(
                request.resource.qualifiedName, object.name,
                "failed quota: \(quota.name): must specify \(missing)")
        }
        let now = clock.now
        var requested = quota.usage(of: object, resource, now: now)
        if let old = request.old {
            for (name, amount) in quota.usage(of: old, resource, now: now) {
                requested[name] = (requested[name] ?? .zero) - amount
            }
        }
        guard requested.contains(where: { $0.value > .zero }) else { return }
        let used = used(quota, resource, in: request.namespace, now, &state)
        if let refusal = quota.refusal(requested: requested, used: used) {
            throw APIStatus.forbidden(request.resource.qualifiedName, object.name, refusal)
        }
    }

    /// What the stored and the admitted objects of one resource take. Other resources count under other names.
    private func used(
        _ quota: Quota, _ resource: String, in namespace: String, _ now: Timestamp, _ state: inout State
    ) -> [String: Quantity] {
        var used: [String: Quantity] = [:]
        for stored in store.list(resource, namespace: namespace).objects {
            guard let object = decoded(stored, &state) else { continue }
            used = used.adding(quota.usage(of: object, resource, now: now))
        }
        for (uid, admitted) in state.admitted {
            let isStored = store.get(admitted.key).flatMap { decoded($0, &state) }?.uid == uid
            if isStored || now > admitted.time + Self.patience {
                state.admitted[uid] = nil
            } else if admitted.key.resource == resource, admitted.key.namespace == namespace {
                used = used.adding(quota.usage(of: admitted.object, resource, now: now))
            }
        }
        return used
    }

    private func decoded(_ stored: EncodedObject, _ state: inout State) -> APIObject? {
        if let known = state.known[stored.key], known.revision == stored.revision { return known.object }
        guard let object = try? APIObject(decoding: stored) else { return nil }
        // Only what is counted again and again is worth keeping, and not without bound.
        if state.known.count > 1000 { state.known.removeAll() }
        var kept = object
        kept["status"] = object[path: "status", "phase"].map { ["phase": $0] }
        kept[path: "metadata", "managedFields"] = nil
        state.known[stored.key] = (stored.revision, kept)
        return kept
    }
}
