public import EdgeBase

/// A pod's connection with the pod network.
public struct PodAttachment: Hashable, Sendable {
    /// The caller's identifier, such as that of the pod's sandbox.
    public let id: String
    /// The pod's address; on `eth0` it has a prefix of /32.
    public let address: IPAddress
    /// Where the pod's default route goes: the bridge.
    public let gateway: IPAddress
    /// The host's end of the veth pair.
    public let hostInterface: String
    public let mtu: Int
}

/// What the alias of a host end says: `edge pod <address> <id>`. The interfaces themselves are thus the
/// record of which addresses are in use: it cannot be lost, nor disagree with them.
struct PodAlias: Equatable {
    let address: IPAddress
    let id: String

    var text: String { "edge pod \(address) \(id)" }

    init(address: IPAddress, id: String) {
        self.address = address
        self.id = id
    }

    init?(_ text: String?) {
        let parts = (text ?? "").split(separator: " ", maxSplits: 3).map(String.init)
        guard parts.count == 4, parts[0] == "edge", parts[1] == "pod", let address = IPAddress(parts[2])
        else {
            return nil
        }
        self.init(address: address, id: parts[3])
    }
}
