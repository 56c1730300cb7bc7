internal import EdgeJSON

/// One rule of a Role or ClusterRole, ready to be matched.
struct PolicyRule: Sendable, Equatable {
    var verbs: [String]
    var groups: [String]
    var resources: [String]
    var resourceNames: [String]
    var paths: [String]

    init(_ value: JSONValue) {
        verbs = value["verbs"]?.strings ?? []
        groups = value["apiGroups"]?.strings ?? []
        resources = value["resources"]?.strings ?? []
        resourceNames = value["resourceNames"]?.strings ?? []
        paths = value["nonResourceURLs"]?.strings ?? []
    }

    var value: JSONValue {
        var object: JSONObject = ["verbs": .array(verbs.map(JSONValue.string))]
        if !groups.isEmpty || !resources.isEmpty {
            object["apiGroups"] = .array(groups.map(JSONValue.string))
        }
        if !resources.isEmpty { object["resources"] = .array(resources.map(JSONValue.string)) }
        if !resourceNames.isEmpty { object["resourceNames"] = .array(resourceNames.map(JSONValue.string)) }
        if !paths.isEmpty { object["nonResourceURLs"] = .array(paths.map(JSONValue.string)) }
        return .object(object)
    }

    func allows(_ verb: String, _ target: AccessRequest.Target) -> Bool {
        guard verbs.contains(where: { $0 == "*" || $0 == verb }) else { return false }
        switch target {
        case .path(let path):
            return paths.contains { Self.path($0, matches: path) }
        case .resource(let group, let resource, let subresource, _, let name):
            return groups.contains { $0 == "*" || $0 == group }
                && resources.contains { Self.resource($0, matches: resource, subresource) }
                && (resourceNames.isEmpty || resourceNames.contains(name))
        }
    }

    /// `pods`, `pods/log`, `*/scale` (that subresource of everything) or `*`.
    private static func resource(_ rule: String, matches resource: String, _ subresource: String) -> Bool {
        if rule == "*" { return true }
        if subresource.isEmpty { return rule == resource }
        guard let slash = rule.utf8.firstIndex(of: UInt8(ascii: "/")) else { return false }
        guard rule[rule.index(after: slash)...] == subresource else { return false }
        return rule[..<slash] == "*" || rule[..<slash] == resource
    }

    /// `/healthz`, `/healthz/*` or `*`.
    private static func path(_ rule: String, matches path: String) -> Bool {
        if rule == "*" || rule == path { return true }
        return rule.hasSuffix("*") && path.hasPrefix(rule.dropLast())
    }
}
