internal import EdgeBase
internal import EdgeNetlink

/// An address of the host itself on one of edge's own interfaces, with which it disappears.
enum LocalAddress {
    /// Short system calls; call from a thread that may block.
    static func add(_ address: IPAddress, to interface: String) throws {
        let routes = try RouteClient()
        guard let link = try routes.link(named: interface),
            let prefix = CIDR(address, prefixLength: address.bitWidth)
        else { throw CommandFailure("add address \(address): there is no interface \(interface)") }
        // Told to replace it, the kernel would report a change even where there is none.
        guard try !routes.addresses(of: link.index).contains(where: { $0.cidr == prefix }) else { return }
        try routes.replace(InterfaceAddress(interface: link.index, cidr: prefix))
    }
}
