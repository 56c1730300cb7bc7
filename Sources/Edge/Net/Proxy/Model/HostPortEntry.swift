public import EdgeBase

/// A port of this host that leads to a pod.
public struct HostPortEntry: Hashable, Sendable {
    /// The address of the host on which the port is; nil for all of them.
    public var hostIP: IPAddress?
    public var hostPort: UInt16
    public var transport: TransportProtocol
    public var podIP: IPAddress
    public var podPort: UInt16

    public init(
        hostIP: IPAddress? = nil, hostPort: UInt16, transport: TransportProtocol, podIP: IPAddress,
        podPort: UInt16
    ) {
        self.hostIP = hostIP
        self.hostPort = hostPort
        self.transport = transport
        self.podIP = podIP
        self.podPort = podPort
    }
}
