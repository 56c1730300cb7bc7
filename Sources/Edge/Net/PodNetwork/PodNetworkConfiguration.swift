public import EdgeBase
public import EdgeNetlink

/// What a node's pod network is made from.
public struct PodNetworkConfiguration: Sendable {
    /// How packets reach the pods of other nodes.
    public enum Backend: Hashable, Sendable {
        /// Encapsulated in UDP, over any network between the nodes.
        case vxlan
        /// By plain routes, for nodes that are on one layer 2 network.
        case hostGateway
    }

    /// Tells the interfaces of several nodes on one kernel apart.
    public var nodeName: String
    /// This node's share of the cluster CIDR.
    public var podCIDR: CIDR
    /// The pods of all nodes.
    public var clusterCIDR: CIDR
    /// Where Services have their addresses; routed to the bridge, so that a host without a default route
    /// reaches Services too. Nil leaves that to the default route.
    public var serviceCIDR: CIDR?
    /// The address by which other nodes reach this one; nil while the node is alone.
    public var nodeAddress: IPAddress?
    public var backend: Backend
    /// The VXLAN network identifier, 24 bits; clusters that share a network need different ones.
    public var vxlanID: UInt32
    /// The UDP port of VXLAN, 8472 in Linux' tradition.
    public var vxlanPort: UInt16
    /// The MTU of pods; nil takes that of the interface with the node's address, less the encapsulation.
    public var mtu: Int?
    /// The namespace in which the node lives; nil for the process's own.
    public var namespace: NetworkNamespace?

    public init(
        nodeName: String, podCIDR: CIDR, clusterCIDR: CIDR, serviceCIDR: CIDR? = nil,
        nodeAddress: IPAddress? = nil, backend: Backend = .vxlan, vxlanID: UInt32 = 1,
        vxlanPort: UInt16 = 8472, mtu: Int? = nil, namespace: NetworkNamespace? = nil
    ) {
        self.nodeName = nodeName
        self.podCIDR = podCIDR.network
        self.clusterCIDR = clusterCIDR.network
        self.serviceCIDR = serviceCIDR?.network
        self.nodeAddress = nodeAddress
        self.backend = backend
        self.vxlanID = vxlanID
        self.vxlanPort = vxlanPort
        self.mtu = mtu
        self.namespace = namespace
    }

    /// The bytes that VXLAN adds to a packet: outer Ethernet, IPv4, UDP and VXLAN headers.
    public static let vxlanOverhead = 50

    func validate() throws {
        func refuse(_ cause: String) -> PodNetworkError {
            PodNetworkError(operation: "configure pod network of", object: nodeName, cause: cause)
        }
        guard podCIDR.address.isIPv4, clusterCIDR.address.isIPv4, serviceCIDR?.address.isIPv4 != false,
            nodeAddress?.isIPv4 != false
        else { throw refuse("only IPv4 is supported") }
        guard clusterCIDR.contains(podCIDR) else {
            throw refuse("pod CIDR \(podCIDR) is not within cluster CIDR \(clusterCIDR)")
        }
        guard (8...29).contains(podCIDR.prefixLength) else {
            throw refuse("pod CIDR \(podCIDR) must have a prefix from /8 to /29")
        }
        if let serviceCIDR, serviceCIDR.overlaps(clusterCIDR) {
            throw refuse("service CIDR \(serviceCIDR) overlaps cluster CIDR \(clusterCIDR)")
        }
        guard vxlanID < 1 << 24 else { throw refuse("VXLAN id \(vxlanID) has more than 24 bits") }
        if let mtu, !(576...65_535).contains(mtu) { throw refuse("MTU \(mtu) is not between 576 and 65535") }
    }
}
