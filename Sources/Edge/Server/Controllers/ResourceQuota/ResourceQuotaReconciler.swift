internal import EdgeAPI
internal import EdgeBase
internal import EdgeClient
internal import EdgeJSON

/// Counts what the objects of a namespace take, and writes it into the status of a quota.
struct ResourceQuotaReconciler: Reconciler {
    static let controllerName = "resourcequota-controller"
    private static let resource = "resourcequotas"

    let name = Self.controllerName
    let client: any APIClient
    /// Of every namespaced resource, by storage name.
    let informers: InformerTable
    let clock: any WallClock

    var quotas: Informer? { informers[Self.resource] }

    func reconcile(_ key: ObjectKey) async throws -> ReconcileResult {
        guard let stored = quotas?.get(key) else { return .done }
        var object = try APIObject(decoding: stored)
        let status = try Self.status(of: object) { resource in
            (informers[resource]?.list(namespace: key.namespace) ?? []).map { ($0, resource) }
        } now: {
            clock.now
        }
        guard status != object["status"] else { return .done }
        object["status"] = status
        _ = try await client.updateStatus(Self.resource, object)
        return .done
    }

    /// The status that a quota ought to have.
    static func status(
        of object: APIObject, objects: (String) throws -> [(EncodedObject, String)], now: () -> Timestamp
    ) throws -> JSONValue {
        let quota = Quota(object)
        var used = quota.hard.mapValues { _ in Quantity.zero }
        let now = now()
        for resource in quota.resources.sorted() {
            for (stored, resource) in try objects(resource) {
                used = used.adding(quota.usage(of: try APIObject(decoding: stored), resource, now: now))
            }
        }
        var status: JSONValue = [:]
        var list: JSONValue?
        list.quantities = quota.hard
        status["hard"] = list
        list = nil
        list.quantities = used
        status["used"] = list
        return status
    }
}
