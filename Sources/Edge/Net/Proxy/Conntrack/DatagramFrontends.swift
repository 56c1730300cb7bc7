internal import EdgeBase
internal import EdgeNetlink

/// Where UDP packets are taken, and to whom they may go. A UDP "connection" never ends while packets flow, so
/// the kernel goes on sending them to an endpoint that has gone until its entry is deleted.
struct DatagramFrontends: Equatable {
    private(set) var addresses: [ProxyTarget: Set<ProxyTarget>] = [:]
    private(set) var ports: [UInt16: Set<ProxyTarget>] = [:]

    init() {}

    init(_ state: ProxyState) {
        for service in state.services where service.portName.transport == .udp {
            let endpoints = EndpointSelection(state.endpoints[service.portName] ?? [])
            let targets = Set(endpoints.cluster + endpoints.local)
            for case .v4(let address) in service.clusterIPs + service.externalIPs + service.loadBalancerIPs {
                addresses[ProxyTarget(address, service.port), default: []].formUnion(targets)
            }
            if let port = service.nodePort { ports[port, default: []].formUnion(targets) }
        }
        for entry in state.hostPorts where entry.transport == .udp {
            guard case .v4(let pod) = entry.podIP else { continue }
            ports[entry.hostPort, default: []].insert(ProxyTarget(pod, entry.podPort))
        }
    }

    /// With the frontends of before, which nobody may use any more unless they are still there.
    func including(_ former: DatagramFrontends) -> DatagramFrontends {
        var merged = self
        for key in former.addresses.keys { merged.addresses[key, default: []].formUnion([]) }
        for key in former.ports.keys { merged.ports[key, default: []].formUnion([]) }
        return merged
    }

    /// Whether a connection goes to somebody to whom it may not go any more.
    func isStale(_ entry: ConntrackEntry) -> Bool {
        guard entry.original.transportProtocol == TransportProtocol.udp.rawValue,
            case .v4(let destination) = entry.original.destination,
            case .v4(let answerer) = entry.reply.source
        else { return false }
        let actual = ProxyTarget(answerer, entry.reply.sourcePort)
        if let allowed = addresses[ProxyTarget(destination, entry.original.destinationPort)] {
            return !allowed.contains(actual)
        }
        // Others may use the same port number: only what was translated is the proxy's.
        guard entry.hasTranslatedDestination, let allowed = ports[entry.original.destinationPort] else {
            return false
        }
        return !allowed.contains(actual)
    }
}
