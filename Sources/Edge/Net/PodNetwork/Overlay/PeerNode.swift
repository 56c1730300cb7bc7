public import EdgeBase

/// Another node of the cluster.
public struct PeerNode: Hashable, Sendable {
    public var name: String
    public var podCIDR: CIDR
    /// Its InternalIP.
    public var address: IPAddress

    public init(name: String, podCIDR: CIDR, address: IPAddress) {
        self.name = name
        self.podCIDR = podCIDR.network
        self.address = address
    }
}
