public import EdgeBase
public import EdgeNetlink

/// The pod network of one node: a bridge that is the pods' gateway, a veth pair for each pod, and the way to
/// the pods of other nodes.
///
/// Every pod has its address with a prefix of /32 and one route, to the gateway. So packets between two pods
/// of a node are routed by the host like all others and pass its nf_tables hooks in both directions: Services
/// and policies need no `bridge-nf-call-iptables`. Where another program has that switched on, a packet whose
/// destination is translated to a pod of the same bridge is bridged after all; the ports are therefore not
/// isolated from each other and have hairpin mode on, and both ways work.
///
/// Which addresses are in use is not written to any file: the interfaces carry it (see `PodAlias`).
///
/// Calls block for some system calls, on a thread that belongs to the actor.
public actor PodNetwork {
    var configuration: PodNetworkConfiguration
    public nonisolated let names: InterfaceNames
    let client: RouteClient
    private let executor: NetlinkExecutor

    var pool: AddressPool
    var bridgeIndex: Int32?
    var tunnelIndex: Int32?
    var podMTU = 1500
    /// The peers of the last update, to which `ensure` comes back.
    var peers: [PeerNode] = []

    public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// Fails for a configuration that cannot be had. Nothing is changed before `ensure`. An executor may be
    /// shared with other owners of netlink sockets.
    public init(_ configuration: PodNetworkConfiguration, executor: NetlinkExecutor? = nil) throws {
        try configuration.validate()
        self.configuration = configuration
        names = InterfaceNames(nodeName: configuration.nodeName)
        gateway = configuration.podCIDR.address(at: 1) ?? configuration.podCIDR.firstAddress
        self.executor = try executor ?? NetlinkExecutor()
        client = try RouteClient(in: configuration.namespace)
        pool = AddressPool(network: configuration.podCIDR, used: [], last: nil)
    }

    /// The address of the bridge.
    public nonisolated let gateway: IPAddress

    /// Makes what is missing and corrects what differs: the bridge, the kernel's settings, the route to
    /// Services, the tunnel and the entries for the peers; finds the pods that are attached. To be called at
    /// start, and again when interfaces or addresses of the host have changed.
    ///
    /// Pods of this node are served first: after an error of the tunnel or of a peer they can be attached.
    public func ensure() throws {
        podMTU = try configuration.mtu ?? detectedMTU()
        try ensureBridge()
        try setParameters()
        try adoptAttachments()
        try ensureTunnel()
        try applyPeers()
    }

    /// The node has got another address, or lost it: the tunnel is made anew, the pods keep theirs.
    public func setNodeAddress(_ address: IPAddress?) throws {
        guard configuration.nodeAddress != address else { return }
        var changed = configuration
        changed.nodeAddress = address
        try changed.validate()
        configuration = changed
        try ensure()
    }

    /// Takes away exactly what this node's network consists of: its pods' interfaces, its bridge, its tunnel
    /// and its routes. The kernel's settings stay, since others may rely on them by now.
    public func remove() throws {
        try Self.remove(configuration, client)
        bridgeIndex = nil
        tunnelIndex = nil
        peers = []
        pool = AddressPool(network: configuration.podCIDR, used: [], last: nil)
    }

    /// The same for an uninstall, when no network is running. Blocks the calling thread for some system
    /// calls.
    public static func remove(_ configuration: PodNetworkConfiguration) throws {
        try remove(configuration, try RouteClient(in: configuration.namespace))
    }

    private static func remove(_ configuration: PodNetworkConfiguration, _ client: RouteClient) throws {
        let names = InterfaceNames(nodeName: configuration.nodeName)
        for link in try client.links() where isPodInterface(link, names) { try client.deleteLink(link.index) }
        for route in try client.routes(table: Route.mainTable) where isOwnRoute(route, configuration) {
            try client.delete(route)
        }
        try client.deleteLink(named: names.tunnel)
        try client.deleteLink(named: names.bridge)
    }

    static func isPodInterface(_ link: Link, _ names: InterfaceNames) -> Bool {
        link.kind == "veth" && link.name.hasPrefix(names.podPrefix)
    }

    func isPodInterface(_ link: Link) -> Bool {
        Self.isPodInterface(link, names)
    }

    /// A route that leads to other nodes' pods or to Services and was made by edge.
    static func isOwnRoute(_ route: Route, _ configuration: PodNetworkConfiguration) -> Bool {
        guard route.creator == .edge, route.destination.address.isIPv4 else { return false }
        return configuration.clusterCIDR.contains(route.destination)
            || route.destination == configuration.serviceCIDR
    }
}
