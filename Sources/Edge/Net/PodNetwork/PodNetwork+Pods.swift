internal import EdgeBase
public import EdgeNetlink

extension PodNetwork {
    /// Connects a pod's network namespace: `lo` up, `eth0` with an address of the pool, the default route.
    /// For an id that is attached already the same attachment comes back if it is in that namespace, else a
    /// new one with the same address takes its place.
    ///
    /// `id` has no white space and at most 200 bytes; it names the attachment in `detach` and in
    /// `collectGarbage`.
    public func attach(_ id: String, to namespace: NetworkNamespace) throws -> PodAttachment {
        guard let bridgeIndex else {
            throw PodNetworkError(operation: "attach pod", object: id, cause: "the pod network is not set up")
        }
        guard !id.isEmpty, id.utf8.count <= 200, !id.contains(where: \.isWhitespace) else {
            throw PodNetworkError(operation: "attach pod", object: id, cause: "the id is not usable")
        }
        let name = names.pod(id)
        if let link = try client.link(named: name), let alias = PodAlias(link.alias) {
            guard alias.id == id else {
                throw PodNetworkError(
                    operation: "attach pod", object: id, cause: "\(name) belongs to \(alias.id)")
            }
            if try isComplete(alias, link, bridgeIndex, namespace) { return attachment(alias, name) }
        }
        let address = try takeAddress(for: id, name)
        do {
            try connect(PodAlias(address: address, id: id), name, bridgeIndex, namespace)
        } catch {
            // The first error is the one that tells; the address is not given out before the interface is
            // gone.
            if (try? client.deleteLink(named: name)) != nil { pool.release(address) }
            throw error
        }
        return attachment(PodAlias(address: address, id: id), name)
    }

    /// Removes the interfaces of an attachment and frees its address; false when there was none. The pod's
    /// end vanishes with the namespace, too, so that this may come late.
    @discardableResult
    public func detach(_ id: String) throws -> Bool {
        let name = names.pod(id)
        guard let link = try client.link(named: name) else { return false }
        let alias = PodAlias(link.alias)
        if let alias, alias.id != id { return false }
        try client.deleteLink(link.index)
        if let alias { pool.release(alias.address) }
        return true
    }

    /// The attachments that exist, by address.
    public func attachments() throws -> [PodAttachment] {
        try client.links().filter(isPodInterface)
            .compactMap { link in PodAlias(link.alias).map { attachment($0, link.name) } }
            .sorted { $0.address < $1.address }
    }

    /// Removes the attachments of all ids but these, and interfaces whose attachment was never finished;
    /// returns the ids that went. Addresses of pods whose namespace is gone become free by that, too: their
    /// interfaces vanished with it.
    @discardableResult
    public func collectGarbage(keeping live: Set<String>) throws -> [String] {
        var removed: [String] = []
        for link in try client.links() where isPodInterface(link) {
            let alias = PodAlias(link.alias)
            if let alias, live.contains(alias.id) { continue }
            try client.deleteLink(link.index)
            removed.append(alias?.id ?? link.name)
        }
        try adoptAttachments()
        return removed.sorted()
    }

    /// Brings the pool in line with the interfaces that exist.
    func adoptAttachments() throws {
        let links = try client.links()
        let addresses = Set(
            links.filter(isPodInterface).compactMap { PodAlias($0.alias)?.address }
                .filter { configuration.podCIDR.contains($0) })
        if pool.used.isEmpty {
            let last = links.first { $0.index == bridgeIndex }?.alias.flatMap(Self.lastAddress)
            pool = AddressPool(network: configuration.podCIDR, used: addresses, last: last)
        } else {
            for address in pool.used.subtracting(addresses) { pool.release(address) }
            for address in addresses { _ = pool.take(address) }
        }
    }

    private func attachment(_ alias: PodAlias, _ name: String) -> PodAttachment {
        PodAttachment(
            id: alias.id, address: alias.address, gateway: gateway, hostInterface: name, mtu: podMTU)
    }

    /// Whether the interface is the other end of a finished `eth0` in the namespace.
    private func isComplete(
        _ alias: PodAlias, _ link: Link, _ bridge: Int32, _ namespace: NetworkNamespace
    ) throws -> Bool {
        guard link.master == bridge, link.isUp else { return false }
        let inside = try RouteClient(in: namespace)
        guard let peer = try inside.link(named: Self.podInterface), peer.index == link.lowerIndex, peer.isUp
        else { return false }
        let hasAddress = try inside.addresses(of: peer.index).contains { $0.cidr.address == alias.address }
        let hasRoute = try inside.routes(table: Route.mainTable).contains {
            $0.destination.prefixLength == 0 && $0.interface == peer.index
        }
        return hasAddress && hasRoute
    }

    /// The address that the id has or a free one; an unfinished interface of the name is removed.
    private func takeAddress(for id: String, _ name: String) throws -> IPAddress {
        if let link = try client.link(named: name) {
            try client.deleteLink(link.index)
            if let alias = PodAlias(link.alias), configuration.podCIDR.contains(alias.address) {
                _ = pool.take(alias.address)
                return alias.address
            }
        }
        var address = pool.allocate()
        if address == nil {
            // Pods may have gone with their namespaces without being detached.
            try adoptAttachments()
            address = pool.allocate()
        }
        guard let address else {
            throw PodNetworkError(
                operation: "attach pod", object: id,
                cause: "all \(pool.used.count) addresses of \(configuration.podCIDR) are in use")
        }
        return address
    }

    private static let podInterface = "eth0"

    private func connect(
        _ alias: PodAlias, _ name: String, _ bridge: Int32, _ namespace: NetworkNamespace
    ) throws {
        guard case .v4(let address) = alias.address, case .v4(let gatewayAddress) = gateway else { return }
        try client.createVeth(
            named: name, mtu: podMTU, peerName: Self.podInterface, peerNamespace: namespace,
            peerAddress: MACAddress(of: address))
        guard let link = try client.link(named: name) else {
            throw PodNetworkError(operation: "attach pod", object: alias.id, cause: "\(name) vanished")
        }
        // The record comes first: from here on the address is in use whatever happens.
        try client.change(link.index, LinkChanges(alias: alias.text))
        try client.change(bridge, LinkChanges(alias: "edge bridge \(alias.address)"))
        try NetworkParameters(in: configuration.namespace).set([
            (name: "ipv6/conf/\(name)/disable_ipv6", value: "1")
        ])
        try client.change(link.index, LinkChanges(isUp: true, master: bridge))
        try client.setBridgePort(link.index, BridgePortSettings(hairpin: true, isolated: false))
        try configure(
            try RouteClient(in: namespace), address, gateway: gatewayAddress, pod: alias.id)
    }

    /// The pod's side. The gateway's link address is known, so that not even ARP is needed.
    private func configure(
        _ inside: RouteClient, _ address: IPv4Address, gateway: IPv4Address, pod: String
    ) throws {
        guard let loopback = try inside.link(named: "lo"),
            let link = try inside.link(named: Self.podInterface),
            let own = CIDR(.v4(address), prefixLength: 32), let next = CIDR(.v4(gateway), prefixLength: 32),
            let all = CIDR(.v4(.any), prefixLength: 0)
        else {
            throw PodNetworkError(operation: "attach pod", object: pod, cause: "its namespace has no eth0")
        }
        try inside.change(loopback.index, LinkChanges(isUp: true))
        try inside.change(link.index, LinkChanges(isUp: true))
        try inside.replace(InterfaceAddress(interface: link.index, cidr: own))
        try inside.replace(
            Neighbour(
                interface: link.index, address: .v4(gateway), linkAddress: MACAddress(of: gateway)))
        try inside.replace(Route(to: next, interface: link.index, creator: .static))
        try inside.replace(
            Route(to: all, via: .v4(gateway), interface: link.index, creator: .static))
    }

    /// The address that was given out last, as the bridge's alias tells it: `edge bridge <address>`.
    private static func lastAddress(_ alias: String) -> IPAddress? {
        guard alias.hasPrefix("edge bridge ") else { return nil }
        return IPAddress(String(alias.dropFirst(12)))
    }
}
