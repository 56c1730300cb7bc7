internal import EdgeBase
internal import EdgeJSON

/// What the run directory knows of a sandbox.
struct SandboxRecord: Sendable, Equatable {
    static let version: Int64 = 1

    var id: String
    var name: String
    var namespace: String
    var uid: String
    var attempt: UInt32
    var labels: [String: String]
    var annotations: [String: String]
    var created: Timestamp
    var bootID: String
    var logDirectory: String
    var cgroup: String
    var hostNetwork: Bool
    var hostPID: Bool
    var hostIPC: Bool
    var sharesProcessNamespace: Bool

    init(id: String, config: PodSandboxConfig, created: Timestamp, bootID: String) {
        self.id = id
        name = config.name
        namespace = config.namespace
        uid = config.uid
        attempt = config.attempt
        labels = config.labels
        annotations = config.annotations
        self.created = created
        self.bootID = bootID
        logDirectory = config.logDirectory
        cgroup = config.cgroup
        hostNetwork = config.hostNetwork
        hostPID = config.hostPID
        hostIPC = config.hostIPC
        sharesProcessNamespace = config.sharesProcessNamespace
    }

    var json: JSONValue {
        [
            "version": .int(Self.version), "id": .string(id), "name": .string(name),
            "namespace": .string(namespace), "uid": .string(uid), "attempt": .int(Int64(attempt)),
            "labels": .texts(labels), "annotations": .texts(annotations),
            "created": .int(created.nanoseconds),
            "bootID": .string(bootID), "logDirectory": .string(logDirectory), "cgroup": .string(cgroup),
            "hostNetwork": .bool(hostNetwork), "hostPID": .bool(hostPID), "hostIPC": .bool(hostIPC),
            "sharesProcessNamespace": .bool(sharesProcessNamespace),
        ]
    }

    init(json: JSONValue) throws(RuntimeError) {
        try RecordFields.checkVersion(json, Self.version)
        let fields = RecordFields(json)
        id = try fields.text("id")
        name = try fields.text("name")
        namespace = try fields.text("namespace")
        uid = try fields.text("uid")
        attempt = UInt32(truncatingIfNeeded: try fields.number("attempt"))
        labels = fields.texts("labels")
        annotations = fields.texts("annotations")
        created = Timestamp(nanoseconds: try fields.number("created"))
        bootID = try fields.text("bootID")
        logDirectory = try fields.text("logDirectory")
        cgroup = try fields.text("cgroup")
        hostNetwork = fields.flag("hostNetwork")
        hostPID = fields.flag("hostPID")
        hostIPC = fields.flag("hostIPC")
        sharesProcessNamespace = fields.flag("sharesProcessNamespace")
    }
}
