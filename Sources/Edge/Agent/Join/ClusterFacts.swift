public import EdgeBase
public import EdgeJSON

/// What a node has to know of its cluster: the data of the ConfigMap `kube-system/edge-cluster`, which the server
/// publishes at its start. A host keeps a copy, by which it starts while the server is away.
public struct ClusterFacts: Sendable, Equatable {
    public static let key = ObjectKey(resource: "configmaps", namespace: "kube-system", name: "edge-cluster")

    public var clusterCIDR: CIDR
    public var serviceCIDR: CIDR
    public var dns: IPAddress?
    public var domain: String
    /// How long a node may be silent; leases are renewed four times as often.
    public var gracePeriodSeconds: Double
    /// The CA in PEM of those who may call the kubelet.
    public var clientAuthority: String

    public init(
        clusterCIDR: CIDR, serviceCIDR: CIDR, dns: IPAddress?, domain: String, gracePeriodSeconds: Double,
        clientAuthority: String
    ) {
        self.clusterCIDR = clusterCIDR
        self.serviceCIDR = serviceCIDR
        self.dns = dns
        self.domain = domain
        self.gracePeriodSeconds = gracePeriodSeconds
        self.clientAuthority = clientAuthority
    }

    public var data: JSONObject {
        [
            "cluster-cidr": .string(clusterCIDR.description),
            "service-cidr": .string(serviceCIDR.description),
            "cluster-dns": .string(dns?.description ?? ""), "cluster-domain": .string(domain),
            "node-monitor-grace-period-seconds": .string("\(gracePeriodSeconds)"),
            "client-ca.crt": .string(clientAuthority),
        ]
    }

    public init(_ data: JSONValue?) throws {
        func text(_ name: String) throws -> String {
            guard let text = data?[name]?.string else {
                throw JoinFailure.temporary("configmap kube-system/edge-cluster has no \(name)")
            }
            return text
        }
        guard let pods = CIDR(try text("cluster-cidr")), let services = CIDR(try text("service-cidr")) else {
            throw JoinFailure.temporary("configmap kube-system/edge-cluster has a malformed network")
        }
        clusterCIDR = pods
        serviceCIDR = services
        dns = IPAddress(try text("cluster-dns"))
        domain = try text("cluster-domain")
        gracePeriodSeconds = Double(try text("node-monitor-grace-period-seconds")) ?? 40
        clientAuthority = try text("client-ca.crt")
    }
}
