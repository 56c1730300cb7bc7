internal import EdgeBase
internal import EdgeNetlink

extension PodNetwork {
    /// Sets the other nodes of the cluster, all of them; what differs from the entries that exist is changed.
    /// This node itself may be among them. All peers are tried; the error names those that could not be had.
    public func updatePeers(_ peers: [PeerNode]) throws {
        self.peers = peers
        try applyPeers()
    }

    func applyPeers() throws {
        let (desired, refused) = OverlayPlan.desired(configuration, peers: peers, tunnel: tunnelIndex)
        var causes = refused.map { "\($0.peer.name): \($0.cause)" }
        for action in OverlayPlan.actions(from: try actualEntries(), to: desired) {
            do {
                try perform(action)
            } catch {
                causes.append("\(error)")
            }
        }
        guard causes.isEmpty else {
            throw PodNetworkError(
                operation: "connect", object: configuration.nodeName, cause: causes.joined(separator: "; "))
        }
    }

    private func actualEntries() throws -> OverlayEntries {
        var entries = OverlayEntries()
        for route in try client.routes(table: Route.mainTable)
        where Self.isOwnRoute(route, configuration) && route.destination != configuration.serviceCIDR {
            var route = route
            // A route by way of a gateway is given without interface, and comes back with one.
            if configuration.backend == .hostGateway { route.interface = nil }
            entries.routes.insert(route)
        }
        guard let tunnelIndex else { return entries }
        entries.neighbours = Set(try client.neighbours(of: tunnelIndex).filter(\.isPermanent))
        entries.forwarding = Set(try client.forwardingEntries(of: tunnelIndex))
        return entries
    }

    private func perform(_ action: OverlayAction) throws {
        switch action {
        case .deleteRoute(let route): try client.delete(route)
        case .deleteNeighbour(let neighbour): try client.delete(neighbour)
        case .deleteForwarding(let entry): try client.delete(entry)
        case .replaceForwarding(let entry):
            // The kernel refuses to change the destination of an entry in place unless it is the only one.
            for old in try client.forwardingEntries(of: entry.interface)
            where old.linkAddress == entry.linkAddress { try client.delete(old) }
            try client.replace(entry)
        case .replaceNeighbour(let neighbour): try client.replace(neighbour)
        case .replaceRoute(let route): try client.replace(route)
        }
    }

    /// The tunnel device, with the first address of the pod CIDR, from which the host's own packets to pods
    /// of other nodes come. A device with other settings is made anew: the kernel cannot change them.
    func ensureTunnel() throws {
        guard configuration.backend == .vxlan, let local = configuration.nodeAddress,
            case .v4(let address) = configuration.podCIDR.firstAddress
        else {
            tunnelIndex = nil
            try client.deleteLink(named: names.tunnel)
            return
        }
        tunnelIndex = nil
        guard let device = try client.addresses().first(where: { $0.cidr.address == local })?.interface else {
            throw PodNetworkError(
                operation: "create tunnel", object: names.tunnel,
                cause: "no interface has the node's address \(local)")
        }
        let settings = VXLANSettings(
            id: configuration.vxlanID, port: configuration.vxlanPort, local: local, device: device)
        if let link = try client.link(named: names.tunnel), link.vxlan != settings {
            try client.deleteLink(link.index)
        }
        let linkAddress = MACAddress(of: address)
        if try client.link(named: names.tunnel) == nil {
            try client.createVXLAN(named: names.tunnel, settings, mtu: podMTU, address: linkAddress)
        }
        guard let link = try client.link(named: names.tunnel) else {
            throw PodNetworkError(
                operation: "create tunnel", object: names.tunnel, cause: "it vanished at once")
        }
        try ensureAddress(.v4(address), prefixLength: 32, on: link.index)
        try client.change(
            link.index,
            LinkChanges(
                isUp: link.isUp ? nil : true, mtu: link.mtu == podMTU ? nil : podMTU,
                address: link.address == linkAddress ? nil : linkAddress))
        tunnelIndex = link.index
        try NetworkParameters(in: configuration.namespace).set([
            // Answers may come another way than through the tunnel.
            (name: "ipv4/conf/\(names.tunnel)/rp_filter", value: "2"),
            (name: "ipv6/conf/\(names.tunnel)/disable_ipv6", value: "1"),
        ])
    }
}
