internal import EdgeAPI
internal import EdgeJSON

/// One entry of a webhook's `rules`: which requests it wants to see.
struct WebhookRule: Sendable {
    private let operations: Set<String>
    private let groups: Set<String>
    private let versions: Set<String>
    private let resources: [(resource: String, subresource: String)]
    /// Nil for both.
    private let wantsNamespaced: Bool?

    init(_ rule: JSONValue) {
        operations = Set(rule["operations"]?.strings ?? [])
        groups = Set(rule["apiGroups"]?.strings ?? [])
        versions = Set(rule["apiVersions"]?.strings ?? [])
        resources = (rule["resources"]?.strings ?? []).map { text in
            let parts = text.split(separator: "/", maxSplits: 1).map(String.init)
            return (parts.first ?? "", parts.count > 1 ? parts[1] : "")
        }
        wantsNamespaced =
            switch rule["scope"]?.string {
            case "Namespaced": true
            case "Cluster": false
            default: nil
            }
    }

    func matches(
        _ operation: AdmissionRequest.Operation, _ resource: ResourceDefinition, subresource: String
    ) -> Bool {
        Self.has(operations, operation.rawValue) && Self.has(groups, resource.group)
            && Self.has(versions, resource.version)
            && (wantsNamespaced ?? resource.isNamespaced) == resource.isNamespaced
            && resources.contains { wanted in
                (wanted.resource == "*" || wanted.resource == resource.resource)
                    && (wanted.subresource == "*" || wanted.subresource == subresource)
            }
    }

    private static func has(_ set: Set<String>, _ value: String) -> Bool {
        set.contains("*") || set.contains(value)
    }
}
