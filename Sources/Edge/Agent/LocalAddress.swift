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
        try routes.replace(InterfaceAddress(interface: link.index, cidr: prefix))
    }
}
