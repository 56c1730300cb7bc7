internal import EdgeAPI
internal import EdgeBase
internal import EdgeClient
internal import EdgeJSON

/// Keeps the EndpointSlices and the older Endpoints object of each Service with a selector.
struct EndpointSliceReconciler: Reconciler {
    static let controllerName = "endpointslice-controller"

    let name = Self.controllerName
    let client: any APIClient
    /// Endpoints are written under their own controller's identity.
    let endpointsClient: any APIClient
    let services: Informer
    let pods: Informer
    let slices: Informer
    let endpoints: Informer
    let memory = RevisionMemory()

    func reconcile(_ key: ObjectKey) async throws -> ReconcileResult {
        guard let service = try services.view(key, as: Service.self) else {
            memory.forget(key)
            // The slices follow by garbage collection; the Endpoints object has no owner.
            try await deleteEndpoints(key)
            return .done
        }
        guard !service.spec.selector.isEmpty, !service.isExternalName, !service.isBeingDeleted else {
            return .done
        }
        try await slices.waitUntil(revision: memory.revision(key))
        let selector = LabelSelector(labels: service.spec.selector)
        let selected = pods.views(namespace: service.namespace, as: Pod.self).filter { selector.matches($0) }
        let computed = ServiceEndpoints(service, pods: selected)
        try await writeSlices(service, computed)
        try await writeEndpoints(service, computed)
        return .done
    }

    private func writeSlices(_ service: Service, _ computed: ServiceEndpoints) async throws {
        let present = slices.views(namespace: service.namespace, as: EndpointSlice.self).filter {
            $0[label: "kubernetes.io/service-name"] == service.name
                && $0[label: "endpointslice.kubernetes.io/managed-by"] == EndpointSlicePlan.managedBy
                && !$0.isBeingDeleted
        }
        let plan = EndpointSlicePlan(service, computed, present: present)
        for object in plan.create {
            let stored = try await client.create(EndpointSlice.resource, object)
            memory.note(stored.revision, service.key)
        }
        for object in plan.update {
            let stored = try await client.update(EndpointSlice.resource, object)
            memory.note(stored.revision, service.key)
        }
        for slice in plan.delete { try await Self.ignoringNotFound { try await client.delete(slice.key) } }
    }

    // MARK: Endpoints

    private func writeEndpoints(_ service: Service, _ computed: ServiceEndpoints) async throws {
        let key = ObjectKey(resource: Endpoints.resource, namespace: service.namespace, name: service.name)
        let subsets = Self.subsets(computed)
        guard let stored = endpoints.get(key) else {
            var object = APIObject(
                apiVersion: "v1", kind: "Endpoints", namespace: service.namespace, name: service.name)
            object[path: "metadata", "labels"].stringMap = Self.labels(service)
            object["subsets"] = subsets
            do {
                _ = try await endpointsClient.create(Endpoints.resource, object)
            } catch let status as APIStatus where status.reason == .alreadyExists {
                return
            }
            return
        }
        var object = try APIObject(decoding: stored)
        let before = object
        object[path: "metadata", "labels"].stringMap = Self.labels(service)
        object["subsets"] = subsets
        if object != before { _ = try await endpointsClient.update(Endpoints.resource, object) }
    }

    private static func labels(_ service: Service) -> [String: String] {
        var labels = service.labels
        // Says that the slices are made from the Service, not mirrored from this object.
        labels["endpoints.kubernetes.io/managed-by"] = "endpoint-controller"
        if service.isHeadless { labels["service.kubernetes.io/headless"] = "" }
        return labels
    }

    private static func subsets(_ computed: ServiceEndpoints) -> JSONValue? {
        let subsets = computed.groups.filter { !$0.addresses.isEmpty && !$0.ports.isEmpty }.map {
            group -> JSONValue in
            let usable = group.addresses.filter { $0.ready || !$0.terminating }
            let ready = usable.filter(\.ready).map(address)
            let notReady = usable.filter { !$0.ready }.map(address)
            var subset = JSONObject()
            if !ready.isEmpty { subset["addresses"] = .array(ready) }
            if !notReady.isEmpty { subset["notReadyAddresses"] = .array(notReady) }
            subset["ports"] = .array(
                group.ports.map { port in
                    var value: JSONObject = port.name.isEmpty ? [:] : ["name": .string(port.name)]
                    value["port"] = .int(Int64(port.port))
                    value["protocol"] = .string(port.protocol)
                    if let name = port.appProtocol { value["appProtocol"] = .string(name) }
                    return .object(value)
                })
            return .object(subset)
        }
        let filled = subsets.filter { $0["addresses"] != nil || $0["notReadyAddresses"] != nil }
        return filled.isEmpty ? nil : .array(filled)
    }

    private static func address(_ address: ServiceEndpoints.Address) -> JSONValue {
        var value: JSONObject = ["ip": .string(address.address)]
        if !address.hostname.isEmpty { value["hostname"] = .string(address.hostname) }
        if !address.node.isEmpty { value["nodeName"] = .string(address.node) }
        value["targetRef"] = ["kind": "Pod", "name": .string(address.pod), "uid": .string(address.uid)]
        return .object(value)
    }

    private func deleteEndpoints(_ service: ObjectKey) async throws {
        let key = ObjectKey(resource: Endpoints.resource, namespace: service.namespace, name: service.name)
        guard let stored = endpoints.get(key), let object = try? APIObject(decoding: stored),
            object[label: "endpoints.kubernetes.io/managed-by"] == "endpoint-controller"
        else { return }
        try await Self.ignoringNotFound { try await endpointsClient.delete(key) }
    }

    private static func ignoringNotFound(_ body: () async throws -> Void) async throws {
        do { try await body() } catch let status as APIStatus where status.reason == .notFound { return }
    }
}
