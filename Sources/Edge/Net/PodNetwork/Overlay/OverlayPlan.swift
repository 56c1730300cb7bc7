internal import EdgeBase
internal import EdgeNetlink

/// The entries by which a node reaches the pods of other nodes.
///
/// With VXLAN each peer has one of each kind: a route to its pods through the address of its tunnel device
/// (the first of its pod CIDR), a permanent neighbour that gives this address the device's link address,
/// which follows from it, and a forwarding entry that sends frames for that link address to the node. Nothing
/// is learned and nothing is asked for by broadcast.
struct OverlayEntries: Equatable {
    var routes: Set<Route> = []
    var neighbours: Set<Neighbour> = []
    var forwarding: Set<ForwardingEntry> = []
}

/// One step from the entries that exist to those that should.
enum OverlayAction: Equatable {
    case deleteRoute(Route)
    case deleteNeighbour(Neighbour)
    case deleteForwarding(ForwardingEntry)
    case replaceForwarding(ForwardingEntry)
    case replaceNeighbour(Neighbour)
    case replaceRoute(Route)
}

enum OverlayPlan {
    /// What there should be, and the peers that cannot be had, with the cause.
    static func desired(
        _ configuration: PodNetworkConfiguration, peers: [PeerNode], tunnel: Int32?
    ) -> (entries: OverlayEntries, refused: [(peer: PeerNode, cause: String)]) {
        var entries = OverlayEntries()
        var refused: [(peer: PeerNode, cause: String)] = []
        var taken = [configuration.podCIDR]
        for peer in peers.sorted(by: { $0.name < $1.name }) where peer.name != configuration.nodeName {
            if let cause = objection(to: peer, configuration, taken: taken) {
                refused.append((peer, cause))
                continue
            }
            taken.append(peer.podCIDR)
            switch (configuration.backend, tunnel) {
            case (.hostGateway, _):
                entries.routes.insert(Route(to: peer.podCIDR, via: peer.address))
            case (.vxlan, let tunnel?):
                guard case .v4(let endpoint) = peer.podCIDR.firstAddress else { continue }
                let linkAddress = MACAddress(of: endpoint)
                entries.routes.insert(
                    Route(to: peer.podCIDR, via: .v4(endpoint), interface: tunnel, onLink: true))
                entries.neighbours.insert(
                    Neighbour(interface: tunnel, address: .v4(endpoint), linkAddress: linkAddress))
                entries.forwarding.insert(
                    ForwardingEntry(interface: tunnel, linkAddress: linkAddress, destination: peer.address))
            case (.vxlan, nil): refused.append((peer, "this node has no address yet"))
            }
        }
        return (entries, refused)
    }

    private static func objection(
        to peer: PeerNode, _ configuration: PodNetworkConfiguration, taken: [CIDR]
    ) -> String? {
        guard peer.podCIDR.address.isIPv4, peer.address.isIPv4 else { return "only IPv4 is supported" }
        guard configuration.clusterCIDR.contains(peer.podCIDR) else {
            return "pod CIDR \(peer.podCIDR) is not within cluster CIDR \(configuration.clusterCIDR)"
        }
        if let other = taken.first(where: { $0.overlaps(peer.podCIDR) }) {
            return "pod CIDR \(peer.podCIDR) overlaps \(other)"
        }
        if peer.address == configuration.nodeAddress { return "address \(peer.address) is this node's" }
        return nil
    }

    /// Removals first, and a route last, when everything that it leads through is there.
    static func actions(from actual: OverlayEntries, to desired: OverlayEntries) -> [OverlayAction] {
        func sorted<Value>(_ values: Set<Value>) -> [Value] {
            values.sorted { "\($0)" < "\($1)" }
        }
        // A forwarding entry for a known link address is replaced, not deleted: no packet is lost meanwhile.
        let kept = Set(desired.forwarding.map(\.linkAddress))
        let keptRoutes = Set(desired.routes.map(\.destination))
        let keptNeighbours = Set(desired.neighbours.map(\.address))
        var actions: [OverlayAction] = []
        actions += sorted(actual.routes.subtracting(desired.routes))
            .filter { !keptRoutes.contains($0.destination) }.map { .deleteRoute($0) }
        actions += sorted(actual.neighbours.subtracting(desired.neighbours))
            .filter { !keptNeighbours.contains($0.address) }.map { .deleteNeighbour($0) }
        actions += sorted(actual.forwarding.subtracting(desired.forwarding))
            .filter { !kept.contains($0.linkAddress) }.map { .deleteForwarding($0) }
        actions += sorted(desired.forwarding.subtracting(actual.forwarding)).map { .replaceForwarding($0) }
        actions += sorted(desired.neighbours.subtracting(actual.neighbours)).map { .replaceNeighbour($0) }
        actions += sorted(desired.routes.subtracting(actual.routes)).map { .replaceRoute($0) }
        return actions
    }
}
