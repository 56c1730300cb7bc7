public import EdgeBase
public import EdgeNetlink

/// What the proxy's rules depend on besides Services and endpoints.
public struct ProxyConfiguration: Sendable {
    /// This node, to know its endpoints by.
    public var nodeName: String
    /// The pods of all nodes: what comes from elsewhere is masqueraded on its way to a cluster IP, and what
    /// goes from here to elsewhere is masqueraded too.
    public var clusterCIDR: CIDR
    /// Where cluster IPs are. Packets to what is no port of a Service are refused.
    public var serviceCIDR: CIDR
    /// The name of the one table that belongs to the proxy.
    public var tableName: String
    /// A bit of the packet mark that is set between the first and the last hook for what is to be
    /// masqueraded, as with kube-proxy.
    public var masqueradeMark: UInt32
    /// Off where the network itself knows the way to pods.
    public var masqueradesEgress: Bool
    /// Nil for the process's own.
    public var namespace: NetworkNamespace?

    public init(
        nodeName: String, clusterCIDR: CIDR, serviceCIDR: CIDR, tableName: String = "edge",
        masqueradeMark: UInt32 = 0x4000, masqueradesEgress: Bool = true, namespace: NetworkNamespace? = nil
    ) {
        self.nodeName = nodeName
        self.clusterCIDR = clusterCIDR.network
        self.serviceCIDR = serviceCIDR.network
        self.tableName = tableName
        self.masqueradeMark = masqueradeMark
        self.masqueradesEgress = masqueradesEgress
        self.namespace = namespace
    }

    var table: NFTTable { NFTTable(.ipv4, tableName) }

    func validate() throws {
        func refuse(_ cause: String) -> ProxyError {
            ProxyError(operation: "configure proxy of", object: nodeName, cause: cause)
        }
        guard clusterCIDR.address.isIPv4, serviceCIDR.address.isIPv4 else {
            throw refuse("only IPv4 is supported")
        }
        guard !clusterCIDR.overlaps(serviceCIDR) else {
            throw refuse("service CIDR \(serviceCIDR) overlaps cluster CIDR \(clusterCIDR)")
        }
        guard masqueradeMark.nonzeroBitCount == 1 else { throw refuse("the masquerade mark must be one bit") }
        guard (1...31).contains(tableName.utf8.count) else {
            throw refuse("the table's name must have 1 to 31 bytes")
        }
    }
}

/// What the proxy could not do.
public struct ProxyError: Error, CustomStringConvertible {
    public let operation: String
    public let object: String
    public let cause: String

    public var description: String { "\(operation) \(object): \(cause)" }
}
