/// Everything that the ruleset is made from.
public struct ProxyState: Equatable, Sendable {
    public var services: [ServiceEntry]
    public var endpoints: [ServicePortName: [EndpointEntry]]
    public var hostPorts: [HostPortEntry]

    public init(
        services: [ServiceEntry] = [], endpoints: [ServicePortName: [EndpointEntry]] = [:],
        hostPorts: [HostPortEntry] = []
    ) {
        self.services = services
        self.endpoints = endpoints
        self.hostPorts = hostPorts
    }
}

/// What a load balancer's health check on a Service's `healthCheckNodePort` is to be told.
public struct ServiceHealth: Hashable, Sendable {
    public let service: ServiceName
    public let port: UInt16
    /// 0 answers 503, more answers 200.
    public let localEndpoints: Int
}

extension ProxyState {
    /// One for each Service with external policy Local and a health check port, by name.
    public var serviceHealth: [ServiceHealth] {
        var counts: [ServiceName: (port: UInt16, addresses: Set<ProxyTarget>)] = [:]
        for service in services where service.externalTrafficPolicy == .local {
            guard let port = service.healthCheckNodePort else { continue }
            // A node counts its ready endpoints only: new traffic shall not come where pods are going away.
            let ready = (endpoints[service.portName] ?? []).filter { $0.isLocal && $0.isReady }
            let targets = EndpointSelection(ready).local.map { ProxyTarget($0.address, 0) }
            counts[service.portName.service, default: (port, [])].addresses.formUnion(targets)
        }
        return counts.sorted { $0.key < $1.key }.map {
            ServiceHealth(service: $0.key, port: $0.value.port, localEndpoints: $0.value.addresses.count)
        }
    }
}
