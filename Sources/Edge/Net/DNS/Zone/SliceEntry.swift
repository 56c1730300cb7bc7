internal import EdgeAPI
internal import EdgeBase

/// What the zone needs of an EndpointSlice.
struct SliceEntry: Hashable, Sendable {
    struct Endpoint: Hashable, Sendable {
        var addresses: [IPAddress]
        var hostname: String?
        var isReady = true
    }

    /// The Service it belongs to.
    var service: ServiceName
    var ports: [ServiceEntry.Port] = []
    var endpoints: [Endpoint] = []
}

extension SliceEntry {
    /// The label that names a slice's Service.
    private static let serviceLabel = "kubernetes.io/service-name"

    /// Nil for a slice that belongs to no Service, or whose addresses are names.
    init?(_ slice: EndpointSlice) {
        guard let name = slice[label: Self.serviceLabel], !name.isEmpty, slice.addressType != "FQDN" else {
            return nil
        }
        service = ServiceName(namespace: slice.namespace, name: name)
        ports = slice.ports.compactMap { port in
            guard let number = port.port.flatMap({ UInt16(exactly: $0) }) else { return nil }
            return ServiceEntry.Port(name: port.name, protocol: port.protocol, port: number)
        }
        endpoints = slice.endpoints.map { endpoint in
            Endpoint(
                addresses: endpoint.addresses.compactMap { IPAddress($0) },
                hostname: endpoint.hostname.flatMap { $0.isEmpty ? nil : $0 },
                isReady: endpoint.conditions.ready)
        }
    }
}
