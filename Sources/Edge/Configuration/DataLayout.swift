/// Where edge keeps what, below its data and run directories.
struct DataLayout: Sendable {
    let data: String
    let run: String

    var database: String { "\(data)/server/db/state.db" }
    var tls: String { "\(data)/server/tls" }
    var token: String { "\(data)/server/token" }
    var agentToken: String { "\(data)/server/agent-token" }
    /// The keys that Secrets are encrypted with on the disk, at k3s's place.
    var encryption: String { "\(data)/server/cred/encryption-config.json" }
    var auditLog: String { "\(data)/server/logs/audit.log" }
    var manifests: String { "\(data)/server/manifests" }
    /// Archives of images that are imported at start and when they change.
    var imageArchives: String { "\(data)/agent/images" }
    var imageStore: String { "\(data)/agent/store" }
    var agentTLS: String { "\(data)/agent/tls" }
    /// What the host remembers of its cluster, to start while the server is away.
    var clusterFacts: String { "\(data)/agent/cluster.json" }
    var pods: String { "\(data)/agent/pods" }
    var logs: String { "\(data)/agent/logs" }
    /// The local-path volumes.
    var storage: String { "\(data)/storage" }
    var podRuntime: String { "\(run)/pods" }
    var pidFile: String { "\(run)/edge.pid" }
    /// Where a running edge answers the commands of its host.
    var controlSocket: String { "\(run)/edge.sock" }
}
