internal import EdgeJSON

/// What the audit log tells of which requests: `Policy` of audit.k8s.io/v1. The first rule that matches decides.
public struct AuditPolicy: Sendable {
    public struct Failure: Error, CustomStringConvertible {
        public let description: String
    }

    enum Level: String, Comparable {
        case none = "None"
        case metadata = "Metadata"
        case request = "Request"
        case requestResponse = "RequestResponse"

        private var rank: Int {
            switch self {
            case .none: 0
            case .metadata: 1
            case .request: 2
            case .requestResponse: 3
            }
        }

        static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }
    }

    enum Stage: String, CaseIterable {
        case requestReceived = "RequestReceived"
        case responseStarted = "ResponseStarted"
        case responseComplete = "ResponseComplete"
        case panic = "Panic"
    }

    /// What a rule says about a request that it matches.
    struct Decision: Sendable, Equatable {
        var level = Level.none
        var omittedStages: Set<Stage> = []
        var omitsManagedFields = false
    }

    private struct Resources: Sendable {
        var group: String
        var resources: [String]
        var names: [String]
    }

    private struct Rule: Sendable {
        var decision: Decision
        var users: [String]
        var groups: [String]
        var verbs: [String]
        var resources: [Resources]
        var namespaces: [String]
        var paths: [String]
    }

    private let rules: [Rule]

    /// From the text of a policy file, YAML or JSON.
    public init(parsing text: String) throws {
        let documents = try YAML.parse(text)
        guard documents.count == 1, let value = documents.first, value["kind"]?.string == "Policy" else {
            throw Failure(description: "it must be one object of kind Policy")
        }
        guard value["apiVersion"]?.string == "audit.k8s.io/v1" else {
            throw Failure(description: "its apiVersion must be audit.k8s.io/v1")
        }
        let stages = try Self.stages(value["omitStages"])
        let omits = value["omitManagedFields"]?.bool ?? false
        let list = value["rules"]?.array ?? []
        guard !list.isEmpty else { throw Failure(description: "loaded illegal policy with 0 rules") }
        rules = try list.map { try Self.rule($0, stages, omits) }
    }

    private static func stages(_ value: JSONValue?) throws -> Set<Stage> {
        Set(
            try (value?.strings ?? []).map { text in
                guard let stage = Stage(rawValue: text) else {
                    throw Failure(description: "omitStages: there is no stage \"\(text)\"")
                }
                return stage
            })
    }

    private static func rule(_ value: JSONValue, _ stages: Set<Stage>, _ omits: Bool) throws -> Rule {
        let text = value["level"]?.string ?? ""
        guard let level = Level(rawValue: text) else {
            throw Failure(
                description:
                    "rules: level: unsupported value \"\(text)\", must be None, Metadata, Request or RequestResponse"
            )
        }
        let rule = Rule(
            decision: Decision(
                level: level, omittedStages: stages.union(try Self.stages(value["omitStages"])),
                omitsManagedFields: value["omitManagedFields"]?.bool ?? omits),
            users: value["users"]?.strings ?? [], groups: value["userGroups"]?.strings ?? [],
            verbs: value["verbs"]?.strings ?? [],
            resources: (value["resources"]?.array ?? []).map {
                Resources(
                    group: $0["group"]?.string ?? "", resources: $0["resources"]?.strings ?? [],
                    names: $0["resourceNames"]?.strings ?? [])
            }, namespaces: value["namespaces"]?.strings ?? [], paths: value["nonResourceURLs"]?.strings ?? [])
        if !rule.paths.isEmpty, !rule.resources.isEmpty || !rule.namespaces.isEmpty {
            throw Failure(
                description: "rules: rules cannot apply to both regular resources and non-resource URLs")
        }
        return rule
    }

    func decision(_ user: UserInfo, _ info: RequestInfo) -> Decision {
        rules.first { Self.matches($0, user, info) }?.decision ?? Decision()
    }

    private static func matches(_ rule: Rule, _ user: UserInfo, _ info: RequestInfo) -> Bool {
        if !rule.users.isEmpty, !rule.users.contains(user.name) { return false }
        if !rule.groups.isEmpty, !rule.groups.contains(where: user.isMember) { return false }
        if !rule.verbs.isEmpty, !rule.verbs.contains(info.verb) { return false }
        if !rule.resources.isEmpty || !rule.namespaces.isEmpty {
            return info.isResourceRequest && matchesResource(rule, info)
        }
        if !rule.paths.isEmpty {
            return !info.isResourceRequest
                && rule.paths.contains { path in
                    path == "*" || path == info.path
                        || path.hasSuffix("*") && info.path.hasPrefix(path.dropLast())
                }
        }
        return true
    }

    private static func matchesResource(_ rule: Rule, _ info: RequestInfo) -> Bool {
        if !rule.namespaces.isEmpty, !rule.namespaces.contains(info.namespace) { return false }
        if rule.resources.isEmpty { return true }
        return rule.resources.contains { entry in
            guard entry.group == info.group else { return false }
            if entry.resources.isEmpty { return true }
            guard entry.names.isEmpty || entry.names.contains(info.name) else { return false }
            return entry.resources.contains { name in
                name == "*" || name == info.resourceAndSubresource || name == "\(info.resource)/*"
                    || !info.subresource.isEmpty && name == "*/\(info.subresource)"
            }
        }
    }
}
