internal import ArgumentParser
internal import EdgeBase

/// The flags that servers and agents share: names and defaults are k3s's where it has them.
struct NodeOptions: ParsableArguments {
    @Option(name: [.customLong("data-dir"), .customShort("d")], help: "Where edge keeps its state.")
    var dataDir = "/var/lib/edge"

    @Option(help: "Where edge keeps what a reboot may lose.")
    var runDir = "/run/edge"

    @Option(help: "The node's name; the host's name when not given.")
    var nodeName: String?

    @Option(name: .customLong("node-ip"), help: "The address that the node is reached at in the cluster.")
    var nodeIP: String?

    @Option(
        name: .customLong("node-external-ip"), help: "The address that the node is reached at from outside.")
    var nodeExternalIP: String?

    @Option(help: "A label for the node at its registration, key=value; may be repeated.")
    var nodeLabel: [String] = []

    @Option(help: "A taint for the node at its registration, key=value:effect; may be repeated.")
    var nodeTaint: [String] = []

    @Option(help: "The token to join with, or the secret of a new cluster.")
    var token: String?

    @Option(help: "A file with the token.")
    var tokenFile: String?

    @Option(help: "Mirrors and credentials of image registries.")
    var privateRegistry = NodeOptions.defaultRegistries

    @Option(help: "The resolver configuration that pods' outside names are looked up by.")
    var resolvConf = "/etc/resolv.conf"

    @Option(help: "The cgroup below which edge and its pods live.")
    var cgroupRoot = "edge"

    @Flag(help: "Log more.")
    var debug = false

    static let defaultRegistries = "/etc/edge/registries.yaml"
    static let defaultDirectories = (data: "/var/lib/edge", run: "/run/edge")

    var layout: DataLayout { DataLayout(data: dataDir, run: runDir) }
}

/// The flags of a cluster's server.
struct ServerOptions: ParsableArguments {
    @Option(help: "The address that the server listens on.")
    var bindAddress = "0.0.0.0"

    @Option(help: "The port that the server listens on.")
    var httpsListenPort = 6443

    @Option(help: "The address that others reach the server at; the node's when not given.")
    var advertiseAddress: String?

    @Option(help: "A further name or address in the server's certificate; may be repeated.")
    var tlsSan: [String] = []

    @Option(name: .customLong("cluster-cidr"), help: "The network of the pods.")
    var clusterCIDR = "10.42.0.0/16"

    @Option(name: .customLong("service-cidr"), help: "The network of the Services.")
    var serviceCIDR = "10.43.0.0/16"

    @Option(help: "The ports that NodePort Services may have.")
    var serviceNodePortRange = "30000-32767"

    @Option(name: .customLong("cluster-dns"), help: "The address of the cluster's DNS.")
    var clusterDNS = "10.43.0.10"

    @Option(help: "The cluster's DNS domain.")
    var clusterDomain = "cluster.local"

    @Option(help: "A secret that only agents may join with.")
    var agentToken: String?

    @Option(
        name: [.customLong("write-kubeconfig"), .customShort("o")],
        help: "Where the administrator's kubeconfig is written.")
    var writeKubeconfig = ServerOptions.defaultKubeconfig

    static let defaultKubeconfig = "/etc/edge/edge.yaml"

    @Option(help: "The mode of that file.")
    var writeKubeconfigMode = "600"

    @Option(help: "A part not to run; may be repeated.")
    var disable: [String] = []

    @Flag(help: "Run no pods on the server's own host.")
    var disableAgent = false

    @Option(help: "How long a node may be silent before it counts as not ready, in seconds or as 40s, 1m.")
    var nodeMonitorGracePeriod = "40s"

    @Option(help: "How long pods stay on a node that is not ready, in seconds.")
    var defaultNotReadyTolerationSeconds: Int64 = 300

    @Option(help: "How long pods stay on a node that cannot be reached, in seconds.")
    var defaultUnreachableTolerationSeconds: Int64 = 300

    @Flag(help: "Encrypt Secrets on the disk.")
    var secretsEncryption = false

    @OptionGroup var audit: AuditOptions

    @Option(
        help:
            "A flag of kube-apiserver without its dashes, such as audit-policy-file=/etc/edge/audit.yaml; may be repeated."
    )
    var kubeApiserverArg: [String] = []

    @Option(help: "Reserved for an external store.")
    var datastoreEndpoint: String?

    func validate() throws {
        if datastoreEndpoint != nil {
            throw ValidationError(
                "--datastore-endpoint is reserved: this version of edge has its own store only")
        }
        for (name, text) in [("--cluster-cidr", clusterCIDR), ("--service-cidr", serviceCIDR)]
        where CIDR(text) == nil {
            throw ValidationError("\(name) must be a network such as 10.42.0.0/16, not \"\(text)\"")
        }
        guard IPAddress(clusterDNS) != nil else {
            throw ValidationError("--cluster-dns must be an address, not \"\(clusterDNS)\"")
        }
        if let pods = CIDR(clusterCIDR), let services = CIDR(serviceCIDR), pods.overlaps(services) {
            throw ValidationError("--cluster-cidr \(clusterCIDR) and --service-cidr \(serviceCIDR) overlap")
        }
        // What edge does not have is disabled already; anything else cannot be taken away yet.
        let absent: Set<String> = ["traefik", "servicelb", "local-storage", "metrics-server"]
        for part in disable.flatMap({ $0.split(separator: ",") }) where !absent.contains(String(part)) {
            throw ValidationError("--disable \(part) is not supported by this version of edge")
        }
        _ = try audit.merged(with: kubeApiserverArg)
        _ = try nodePorts
        _ = try gracePeriod
    }

    var nodePorts: ClosedRange<Int> {
        get throws {
            let parts = serviceNodePortRange.split(separator: "-").compactMap { Int($0) }
            guard parts.count == 2, parts[0] > 0, parts[0] <= parts[1], parts[1] < 65536 else {
                throw ValidationError(
                    "--service-node-port-range must be such as 30000-32767, not \"\(serviceNodePortRange)\"")
            }
            return parts[0]...parts[1]
        }
    }

    var gracePeriod: Duration {
        get throws {
            guard let duration = DurationText.parse(nodeMonitorGracePeriod), duration > .zero else {
                throw ValidationError(
                    "--node-monitor-grace-period must be a duration such as 40s, not \"\(nodeMonitorGracePeriod)\""
                )
            }
            return duration
        }
    }
}
