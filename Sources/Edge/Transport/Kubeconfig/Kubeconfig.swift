public import EdgeJSON

/// Why a kubeconfig cannot be used.
public struct KubeconfigError: Error, Equatable, CustomStringConvertible {
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// A kubeconfig, one file or several merged. Entries keep members that edge does not know, so that writing a
/// file back loses nothing.
public struct Kubeconfig: Sendable, Equatable {
    /// A named cluster, user or context with its members, and the directory that its relative paths start
    /// from.
    public struct Entry: Sendable, Equatable {
        public let name: String
        public var value: JSONValue
        /// Where relative paths start from; nil for the working directory.
        public internal(set) var directory: String?

        public init(name: String, value: JSONValue) {
            self.name = name
            self.value = value
        }
    }

    public var clusters: [Entry] = []
    public var users: [Entry] = []
    public var contexts: [Entry] = []
    public var currentContext = ""
    private var other = JSONObject()

    public init() {}

    /// From the value of a file.
    ///
    /// - Parameter directory: where the file lies; relative paths in it start from there.
    public init(_ value: JSONValue, directory: String? = nil) throws(KubeconfigError) {
        if value.isNull { return }
        guard var members = value.object else { throw KubeconfigError("kubeconfig is not a mapping") }
        if let kind = members.removeValue(forKey: "kind")?.string, kind != "Config" {
            throw KubeconfigError("kubeconfig has kind \(kind) instead of Config")
        }
        _ = members.removeValue(forKey: "apiVersion")
        clusters = try Self.entries(members.removeValue(forKey: "clusters"), "cluster", directory)
        users = try Self.entries(members.removeValue(forKey: "users"), "user", directory)
        contexts = try Self.entries(members.removeValue(forKey: "contexts"), "context", directory)
        currentContext = members.removeValue(forKey: "current-context")?.string ?? ""
        other = members
    }

    private static func entries(
        _ list: JSONValue?, _ member: String, _ directory: String?
    ) throws(KubeconfigError) -> [Entry] {
        guard let list, !list.isNull else { return [] }
        guard let elements = list.array else { throw KubeconfigError("kubeconfig: \(member)s is not a list") }
        var entries: [Entry] = []
        for element in elements {
            guard let name = element["name"]?.string else {
                throw KubeconfigError("kubeconfig: a \(member) has no name")
            }
            var entry = Entry(name: name, value: element[member] ?? [:])
            entry.directory = directory
            entries.append(entry)
        }
        return entries
    }

    /// Adds what another file has and this one has not: the first file that names something wins.
    public mutating func merge(_ later: Kubeconfig) {
        func add(_ entries: [Entry], to list: inout [Entry]) {
            for entry in entries where !list.contains(where: { $0.name == entry.name }) { list.append(entry) }
        }
        add(later.clusters, to: &clusters)
        add(later.users, to: &users)
        add(later.contexts, to: &contexts)
        if currentContext.isEmpty { currentContext = later.currentContext }
        for member in later.other.members where other[member.key] == nil { other.append(member) }
    }

    /// The value to write as a file.
    public var value: JSONValue {
        func list(_ entries: [Entry], _ member: String) -> JSONValue {
            .array(entries.map { .object(JSONObject([(member, $0.value), ("name", .string($0.name))])) })
        }
        var members = JSONObject([
            ("apiVersion", "v1"), ("clusters", list(clusters, "cluster")),
            ("contexts", list(contexts, "context")),
            ("current-context", .string(currentContext)), ("kind", "Config"), ("users", list(users, "user")),
        ])
        for member in other.members { members.append(member) }
        return .object(members)
    }

    /// A kubeconfig with one cluster, user and context of the same name.
    public static func single(
        name: String, server: String, authority: String, credentials: UserCredentials,
        namespace: String? = nil
    ) -> Kubeconfig {
        var config = Kubeconfig()
        config.clusters = [
            Entry(
                name: name,
                value: [
                    "certificate-authority-data": .string(Base64.encode(Array(authority.utf8))),
                    "server": .string(server),
                ])
        ]
        config.users = [Entry(name: name, value: credentials.value)]
        var context: JSONValue = ["cluster": .string(name), "user": .string(name)]
        if let namespace { context["namespace"] = .string(namespace) }
        config.contexts = [Entry(name: name, value: context)]
        config.currentContext = name
        return config
    }

    /// What a user proves itself with.
    public enum UserCredentials: Sendable {
        case certificate(KeyPair)
        case token(String)

        var value: JSONValue {
            switch self {
            case .token(let token): return ["token": .string(token)]
            case .certificate(let pair):
                return [
                    "client-certificate-data": .string(Base64.encode(Array(pair.certificate.utf8))),
                    "client-key-data": .string(Base64.encode(Array(pair.privateKey.utf8))),
                ]
            }
        }
    }
}
