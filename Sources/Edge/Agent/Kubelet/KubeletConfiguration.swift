public import EdgeAPI
public import EdgeBase

/// What a kubelet is told about its node and its cluster.
public struct KubeletConfiguration: Sendable {
    public var nodeName: String
    /// The node's addresses, the primary one first.
    public var nodeAddresses: [IPAddress]
    public var externalAddresses: [IPAddress] = []
    /// Added to the labels that every node has.
    public var nodeLabels: [String: String] = [:]
    /// Given to the node when it registers for the first time.
    public var nodeTaints: [Taint] = []
    /// On disk, for what must outlive a boot or may grow: `/var/lib/edge`.
    public var dataDirectory: String
    /// In memory, for what is worthless after a boot, and for secrets: `/run/edge`.
    public var runDirectory: String
    /// Whether a file system in memory is mounted for secrets and other volumes where the run directory is not on one
    /// already.
    public var mountsMemory = true
    /// Where the containers' logs lie: `/var/log/pods`.
    public var logDirectory = "/var/log/pods"
    /// The cluster's DNS service; nil without one.
    public var clusterDNS: IPAddress?
    public var clusterDomain = "cluster.local"
    /// The host's resolver configuration; "" for none.
    public var resolvConf = "/etc/resolv.conf"
    public var maximumPods = 110
    /// Processes per pod; nil is no limit.
    public var podPidsLimit: Int64?
    /// Where the kubelet's own server listens, as told to the API server.
    public var port = 10250
    /// Namespaces of Services with KUBERNETES_SERVICE_HOST and others in them.
    public var masterServiceNamespace = "default"
    /// What the node and its pods show as the kubelet's version.
    public var version = "v1.36.0+edge"
    /// Kept from pods: `cpu`, `memory`, `ephemeral-storage`.
    public var reserved: [String: Quantity] = [:]
    public var statusUpdateFrequency: Duration = .seconds(300)
    public var leaseDuration: Duration = .seconds(40)
    public var leaseRenewal: Duration = .seconds(10)
    /// How often pods with volumes made from API objects look at them again.
    public var volumeRefresh: Duration = .seconds(60)

    public init(nodeName: String, nodeAddresses: [IPAddress], dataDirectory: String, runDirectory: String) {
        self.nodeName = nodeName
        self.nodeAddresses = nodeAddresses
        self.dataDirectory = dataDirectory
        self.runDirectory = runDirectory
    }
}
