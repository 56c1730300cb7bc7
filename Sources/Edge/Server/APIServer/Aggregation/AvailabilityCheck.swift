internal import EdgeAPI
internal import EdgeBase
internal import EdgeJSON
internal import EdgeStorage
internal import EdgeTransport
internal import NIOCore

/// Finds out whether another API server can be asked: first by what its Service looks like, then by asking it.
struct AvailabilityCheck: Sendable {
    private static let timeout = Duration.seconds(5)

    let store: ObjectStore
    let clients: OutboundClients

    /// What the objects of the cluster say against it; nil when nothing does.
    func obstacle(_ target: AggregatedService) throws -> Availability? {
        let place = "service/\(target.service) in \(target.namespace.goQuoted)"
        let key = ObjectKey(resource: "services", namespace: target.namespace, name: target.service)
        guard let stored = store.get(key) else {
            return .missing("ServiceNotFound", "\(place) is not present")
        }
        let service = try APIObject(decoding: stored)
        guard service[path: "spec", "type"] ?? "ClusterIP" == "ClusterIP" else { return nil }
        let endpoints = ServiceEndpoints(
            store: store, namespace: target.namespace, name: target.service, port: .number(target.port))
        guard let entry = endpoints.portEntry(of: service) else {
            return .missing("ServicePortError", "\(place) is not listening on port \(target.port)")
        }
        let port = entry["name"]?.string ?? ""
        let (addresses, hasSlices) = try endpoints.endpoints(portName: port)
        guard hasSlices else {
            return .missing("EndpointsNotFound", "cannot find endpointslices for \(place)")
        }
        guard !addresses.isEmpty else {
            return .missing(
                "MissingEndpoints",
                "endpointslices for \(place) have no addresses with port name \(port.goQuoted)")
        }
        return nil
    }

    /// Asks the server for its resources. Whoever answers is believed here as in Kubernetes: only the condition
    /// depends on it; requests are handed on to nobody whose certificate is not good.
    func ask(_ target: AggregatedService) async -> (Availability, resources: [JSONValue]?) {
        var destination = target.destination
        destination.trust = .anybody
        let url = target.url(target.path)
        let asker = UserInfo(name: "system:kube-aggregator", groups: [UserInfo.Group.masters])
        var headers = asker.forwardedFields
        headers.add("Accept", "application/json")
        do {
            let (head, body) = try await clients.client(for: destination).collect(
                HTTPClientRequest(.get, url, headers: headers, timeout: Self.timeout))
            guard (200..<300).contains(head.status.code) else {
                return (
                    .missing(
                        "FailedDiscoveryCheck",
                        "failing or missing response from \(url): bad status from \(url): \(head.status.code)"
                    ),
                    nil
                )
            }
            let list = try? JSONValue(parsing: body.readableBytesView)
            return (.passed, list.map(AggregatedDiscovery.resources))
        } catch {
            return (
                .missing(
                    "FailedDiscoveryCheck",
                    "failing or missing response from \(url): Get \"\(url)\": \(error)"),
                nil
            )
        }
    }
}
