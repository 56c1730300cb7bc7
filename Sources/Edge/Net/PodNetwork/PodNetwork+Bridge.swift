internal import EdgeBase
internal import EdgeNetlink

extension PodNetwork {
    /// The MTU of the interface with the node's address, else of the one with the default route, else 1500;
    /// less what the tunnel adds.
    func detectedMTU() throws -> Int {
        let interface: Int32?
        if let address = configuration.nodeAddress {
            interface = try client.addresses().first { $0.cidr.address == address }?.interface
        } else {
            interface = try client.routes(table: Route.mainTable)
                .filter { $0.destination.prefixLength == 0 }
                .min { ($0.metric ?? 0) < ($1.metric ?? 0) }?.interface
        }
        let mtu = try interface.flatMap { try client.link(index: $0) }?.mtu ?? 1500
        // The loopback, with its 64 KiB, is not what packets to other nodes go through.
        let usable = min(mtu, 9216)
        return configuration.backend == .vxlan ? usable - PodNetworkConfiguration.vxlanOverhead : usable
    }

    func ensureBridge() throws {
        guard case .v4(let gateway) = gateway else { return }
        let linkAddress = MACAddress(of: gateway)
        if let link = try client.link(named: names.bridge), link.kind != "bridge" {
            throw PodNetworkError(
                operation: "use", object: names.bridge,
                cause: "it is not a bridge but \(link.kind ?? "a device")")
        }
        if try client.link(named: names.bridge) == nil {
            try client.createBridge(named: names.bridge, mtu: podMTU, address: linkAddress)
        }
        guard let link = try client.link(named: names.bridge) else {
            throw PodNetworkError(
                operation: "create bridge", object: names.bridge, cause: "it vanished at once")
        }
        bridgeIndex = link.index
        try client.change(
            link.index,
            LinkChanges(
                isUp: link.isUp ? nil : true, mtu: link.mtu == podMTU ? nil : podMTU,
                address: link.address == linkAddress ? nil : linkAddress))
        try ensureAddress(
            .v4(gateway), prefixLength: configuration.podCIDR.prefixLength, on: link.index)
        try ensureServiceRoute(link.index)
    }

    /// One IPv4 address on the interface, this one, and those of Services that the node itself answers at.
    func ensureAddress(_ address: IPAddress, prefixLength: Int, on interface: Int32) throws {
        guard let cidr = CIDR(address, prefixLength: prefixLength) else { return }
        let existing = try client.addresses(of: interface).filter { $0.cidr.address.isIPv4 }
        for other in existing where other.cidr != cidr && !isServiceAddress(other.cidr) {
            try client.delete(other)
        }
        if !existing.contains(where: { $0.cidr == cidr }) {
            try client.add(InterfaceAddress(interface: interface, cidr: cidr))
        }
    }

    private func isServiceAddress(_ cidr: CIDR) -> Bool {
        cidr.prefixLength == 32 && configuration.serviceCIDR?.contains(cidr) == true
    }

    /// The host's own packets to a Service are translated only after they have been routed: they need a
    /// route, which a host without a default route does not have. The source address is the gateway's, so
    /// that endpoints on other nodes answer through the tunnel.
    private func ensureServiceRoute(_ bridge: Int32) throws {
        guard let services = configuration.serviceCIDR else { return }
        let route = Route(to: services, interface: bridge, source: gateway)
        let existing = try client.routes(table: Route.mainTable).filter { $0.destination == services }
        if !existing.contains(route) { try client.replace(route) }
    }

    /// `rp_filter` 1 on the bridge drops packets from pods with a source address that is no pod's of this
    /// node. A redirect would tell a pod to reach another one directly, which it cannot; the kernel sends
    /// none only if both `all` and the interface say so, and every other interface still has its own setting.
    func setParameters() throws {
        try NetworkParameters(in: configuration.namespace).set([
            (name: "ipv4/ip_forward", value: "1"),
            (name: "ipv4/conf/all/send_redirects", value: "0"),
            (name: "ipv4/conf/\(names.bridge)/send_redirects", value: "0"),
            (name: "ipv4/conf/\(names.bridge)/rp_filter", value: "1"),
            (name: "ipv6/conf/\(names.bridge)/disable_ipv6", value: "1"),
        ])
    }
}
