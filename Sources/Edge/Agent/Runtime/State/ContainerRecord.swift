internal import EdgeBase
internal import EdgeJSON

/// What the run directory knows of a container: enough to show it, to stop it and to run things in it.
struct ContainerRecord: Sendable, Equatable {
    static let version: Int64 = 1

    var id: String
    var sandboxID: String
    var name: String
    var attempt: UInt32
    var image: String
    var imageID: String
    var labels: [String: String]
    var annotations: [String: String]
    var created: Timestamp
    /// Absolute; "" without a log.
    var logPath: String
    var cgroup: String
    var stopSignal: Int32
    var closesInputAfterAttach: Bool
    var process: ProcessSpec

    var json: JSONValue {
        [
            "version": .int(Self.version), "id": .string(id), "sandboxID": .string(sandboxID),
            "name": .string(name), "attempt": .int(Int64(attempt)), "image": .string(image),
            "imageID": .string(imageID), "labels": .texts(labels), "annotations": .texts(annotations),
            "created": .int(created.nanoseconds), "logPath": .string(logPath), "cgroup": .string(cgroup),
            "stopSignal": .int(Int64(stopSignal)), "closesInputAfterAttach": .bool(closesInputAfterAttach),
            "process": process.json,
        ]
    }

    init(
        id: String, sandbox: SandboxRecord, config: ContainerConfig, created: Timestamp, process: ProcessSpec
    ) {
        self.id = id
        sandboxID = sandbox.id
        name = config.name
        attempt = config.attempt
        image = config.image
        imageID = config.imageID
        labels = config.labels
        annotations = config.annotations
        self.created = created
        logPath = config.logPath.isEmpty ? "" : "\(sandbox.logDirectory)/\(config.logPath)"
        cgroup = "\(sandbox.cgroup)/\(id)"
        stopSignal = config.stopSignal ?? 15
        closesInputAfterAttach = config.closesInputAfterAttach
        self.process = process
    }

    init(json: JSONValue) throws(RuntimeError) {
        try RecordFields.checkVersion(json, Self.version)
        let fields = RecordFields(json)
        id = try fields.text("id")
        sandboxID = try fields.text("sandboxID")
        name = try fields.text("name")
        attempt = UInt32(truncatingIfNeeded: try fields.number("attempt"))
        image = try fields.text("image")
        imageID = try fields.text("imageID")
        labels = fields.texts("labels")
        annotations = fields.texts("annotations")
        created = Timestamp(nanoseconds: try fields.number("created"))
        logPath = try fields.text("logPath")
        cgroup = try fields.text("cgroup")
        stopSignal = Int32(truncatingIfNeeded: try fields.number("stopSignal"))
        closesInputAfterAttach = fields.flag("closesInputAfterAttach")
        process = try ProcessSpec(json: json["process"] ?? .null)
    }
}

extension ProcessSpec {
    var json: JSONValue {
        [
            "environment": .strings(environment), "workingDirectory": .string(workingDirectory),
            "uid": .int(Int64(user.uid)), "gid": .int(Int64(user.gid)),
            "groups": .array(user.groups.map { .int(Int64($0)) }),
            "capabilities": .bits(capabilities.rawValue),
            "ambientCapabilities": .bits(ambientCapabilities.rawValue),
            "noNewPrivileges": .bool(noNewPrivileges), "hasSeccomp": .bool(hasSeccomp),
            "oomScoreAdjustment": .int(Int64(oomScoreAdjustment)),
            "resourceLimits": .array(
                resourceLimits.map { [.int(Int64($0.resource)), .bits($0.soft), .bits($0.hard)] }),
        ]
    }

    init(json: JSONValue) throws(RuntimeError) {
        let fields = RecordFields(json)
        environment = fields.strings("environment")
        workingDirectory = try fields.text("workingDirectory")
        user.uid = UInt32(truncatingIfNeeded: try fields.number("uid"))
        user.gid = UInt32(truncatingIfNeeded: try fields.number("gid"))
        user.groups = fields.list("groups").compactMap { $0.int.map { UInt32(truncatingIfNeeded: $0) } }
        capabilities = CapabilitySet(rawValue: UInt64(bitPattern: try fields.number("capabilities")))
        ambientCapabilities = CapabilitySet(
            rawValue: UInt64(bitPattern: try fields.number("ambientCapabilities")))
        noNewPrivileges = fields.flag("noNewPrivileges")
        hasSeccomp = fields.flag("hasSeccomp")
        oomScoreAdjustment = Int(try fields.number("oomScoreAdjustment"))
        resourceLimits = fields.list("resourceLimits").compactMap { limit in
            guard let parts = limit.array?.compactMap(\.int), parts.count == 3 else { return nil }
            return ResourceLimit(
                resource: UInt32(truncatingIfNeeded: parts[0]), soft: UInt64(bitPattern: parts[1]),
                hard: UInt64(bitPattern: parts[2]))
        }
    }
}
