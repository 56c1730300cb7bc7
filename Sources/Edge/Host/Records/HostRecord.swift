internal import EdgeJSON
internal import EdgeSystem

/// What edge has made on its host outside its data directory, or cannot be told from names alone. Lies in the data
/// directory, so that an uninstall needs neither a running edge nor its flags.
public struct HostRecord: Sendable, Equatable {
    /// What a node has made.
    public struct Node: Sendable, Equatable {
        public var name: String
        public var clusterCIDR: String
        public var serviceCIDR: String
        /// The directories of edge's root group, one for each hierarchy.
        public var cgroups: [String]
        /// Directories above those that were not there before.
        public var cgroupParents: [String] = []

        public init(name: String, clusterCIDR: String, serviceCIDR: String, cgroups: [String]) {
            self.name = name
            self.clusterCIDR = clusterCIDR
            self.serviceCIDR = serviceCIDR
            self.cgroups = cgroups
        }
    }

    public var runDirectory: String?
    public var kubeconfig: String?
    /// Where other hosts reach this server.
    public var serverURL: String?
    public var node: Node?

    public init() {}

    public static func path(dataDirectory: String) -> String { "\(dataDirectory)/host.json" }

    /// Nil where there is none.
    public static func read(dataDirectory: String) throws -> HostRecord? {
        let path = path(dataDirectory: dataDirectory)
        guard File.exists(path) else { return nil }
        return HostRecord(try JSONParser.parse(try File.read(path, limit: 1 << 20)))
    }

    /// Changes the record; writes nothing when nothing has changed. Blocks.
    public static func update(dataDirectory: String, _ change: (inout HostRecord) -> Void) throws {
        // A damaged record is as good as none.
        let before = (try? read(dataDirectory: dataDirectory)) ?? nil
        var record = before ?? HostRecord()
        change(&record)
        guard record != before else { return }
        try Directory.make(dataDirectory)
        try File.writeAtomically(record.json.encoded, to: path(dataDirectory: dataDirectory), mode: 0o600)
    }

    init(_ json: JSONValue) {
        runDirectory = json["runDirectory"]?.string
        kubeconfig = json["kubeconfig"]?.string
        serverURL = json["serverURL"]?.string
        guard let node = json["node"], let name = node["name"]?.string else { return }
        self.node = Node(
            name: name, clusterCIDR: node["clusterCIDR"]?.string ?? "",
            serviceCIDR: node["serviceCIDR"]?.string ?? "", cgroups: node["cgroups"]?.strings ?? [])
        self.node?.cgroupParents = node["cgroupParents"]?.strings ?? []
    }

    var json: JSONValue {
        var object: JSONObject = ["version": 1]
        if let runDirectory { object["runDirectory"] = .string(runDirectory) }
        if let kubeconfig { object["kubeconfig"] = .string(kubeconfig) }
        if let serverURL { object["serverURL"] = .string(serverURL) }
        if let node {
            object["node"] = [
                "name": .string(node.name), "clusterCIDR": .string(node.clusterCIDR),
                "serviceCIDR": .string(node.serviceCIDR), "cgroups": .texts(node.cgroups),
                "cgroupParents": .texts(node.cgroupParents),
            ]
        }
        return .object(object)
    }
}

extension JSONValue {
    static func texts(_ texts: [String]) -> JSONValue { .array(texts.map { .string($0) }) }
}
