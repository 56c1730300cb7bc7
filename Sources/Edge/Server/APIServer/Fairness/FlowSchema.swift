internal import EdgeAPI
internal import EdgeJSON
internal import EdgeTransport

/// A FlowSchema, ready to be matched.
struct FlowSchema: Sendable {
    enum Distinguisher: Sendable { case none, user, namespace }

    private struct Rule: Sendable {
        var users: Set<String> = []
        var groups: [String] = []
        /// Anybody at all.
        var isForAll = false
        var resources: [PolicyRule] = []
        /// The namespaces of each resource rule; `*` for all, "" for what is in none.
        var namespaces: [[String]] = []
        var paths: [PolicyRule] = []
    }

    let name: String
    let precedence: Int64
    let distinguisher: Distinguisher
    let level: PriorityLevel
    /// The header fields that tell by which objects a request was treated.
    let headers: HTTPHeaders
    private let seed: UInt64
    private let rules: [Rule]

    init(_ object: APIObject, level: PriorityLevel, levelUID: String) {
        name = object.name
        precedence = object[path: "spec", "matchingPrecedence"]?.int ?? 1000
        distinguisher =
            switch object[path: "spec", "distinguisherMethod", "type"]?.string {
            case "ByUser": .user
            case "ByNamespace": .namespace
            default: .none
            }
        self.level = level
        headers =
            object.uid.isEmpty
            ? [:]
            : [
                "X-Kubernetes-Pf-Flowschema-Uid": object.uid,
                "X-Kubernetes-Pf-Prioritylevel-Uid": levelUID,
            ]
        seed = Self.hash(name, 0xcbf2_9ce4_8422_2325)
        rules = (object[path: "spec", "rules"]?.array ?? []).map(Self.rule)
    }

    private static func rule(_ value: JSONValue) -> Rule {
        var rule = Rule()
        for subject in value["subjects"]?.array ?? [] {
            switch subject["kind"]?.string {
            case "User":
                let name = subject[path: "user", "name"]?.string ?? ""
                if name == "*" { rule.isForAll = true } else { rule.users.insert(name) }
            case "Group":
                let name = subject[path: "group", "name"]?.string ?? ""
                if name == "*" { rule.isForAll = true } else { rule.groups.append(name) }
            default:
                let namespace = subject[path: "serviceAccount", "namespace"]?.string ?? ""
                let name = subject[path: "serviceAccount", "name"]?.string ?? ""
                if name == "*" {
                    rule.groups.append("system:serviceaccounts:\(namespace)")
                } else {
                    rule.users.insert("system:serviceaccount:\(namespace):\(name)")
                }
            }
        }
        for resource in value["resourceRules"]?.array ?? [] {
            rule.resources.append(PolicyRule(resource))
            var namespaces = resource["namespaces"]?.strings ?? []
            if resource["clusterScope"]?.bool == true { namespaces.append("") }
            rule.namespaces.append(namespaces)
        }
        rule.paths = (value["nonResourceRules"]?.array ?? []).map(PolicyRule.init)
        return rule
    }

    func matches(_ user: UserInfo, _ info: RequestInfo) -> Bool {
        rules.contains { rule in
            guard
                rule.isForAll || rule.users.contains(user.name) || rule.groups.contains(where: user.isMember)
            else { return false }
            guard info.isResourceRequest else {
                return rule.paths.contains { $0.allows(info.verb, .path(info.path)) }
            }
            return rule.resources.indices.contains { index in
                let namespaces = rule.namespaces[index]
                guard
                    namespaces.contains(info.namespace) || !info.namespace.isEmpty && namespaces.contains("*")
                else { return false }
                return rule.resources[index].allows(
                    info.verb,
                    .resource(
                        group: info.group, resource: info.resource, subresource: info.subresource,
                        namespace: "",
                        name: ""))
            }
        }
    }

    /// The hash of the request's flow.
    func hash(_ user: UserInfo, _ info: RequestInfo) -> UInt64 {
        switch distinguisher {
        case .none: seed
        case .user: Self.hash(user.name, seed)
        case .namespace: Self.hash(info.namespace, seed)
        }
    }

    /// FNV-1a: spreads names, and is the same at each start.
    private static func hash(_ text: String, _ seed: UInt64) -> UInt64 {
        var hash = seed
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return hash
    }
}
