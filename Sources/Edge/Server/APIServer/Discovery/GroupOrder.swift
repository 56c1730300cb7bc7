internal import EdgeAPI

/// One group of the API with its versions, the preferred one first.
struct APIGroupEntry {
    var name: String
    var versions: [APIVersionEntry]
}

struct APIVersionEntry {
    var version: String
    var resources: [ResourceDefinition]
    /// Set when another server serves this version.
    var aggregated: AggregatedDiscovery?
}

/// The order in which Kubernetes lists groups and versions; clients take the first match for a short name.
enum GroupOrder {
    private static let ranks: [String: Int] = {
        let groups = [
            "", "apiregistration.k8s.io", "apps", "events.k8s.io", "authentication.k8s.io",
            "authorization.k8s.io", "autoscaling", "batch", "certificates.k8s.io", "networking.k8s.io",
            "policy",
            "rbac.authorization.k8s.io", "storage.k8s.io", "admissionregistration.k8s.io",
            "apiextensions.k8s.io", "scheduling.k8s.io", "coordination.k8s.io", "node.k8s.io",
            "discovery.k8s.io", "flowcontrol.apiserver.k8s.io", "resource.k8s.io",
        ]
        return Dictionary(uniqueKeysWithValues: groups.enumerated().map { ($1, $0) })
    }()

    /// Built-in groups in their order, then others by name; versions by rank; resources as they come.
    static func groups(
        of resources: [ResourceDefinition], _ aggregated: [AggregatedDiscovery] = []
    ) -> [APIGroupEntry] {
        let others = Dictionary(grouping: aggregated, by: \.group)
        var byGroup: [String: [String: [ResourceDefinition]]] = [:]
        for resource in resources {
            byGroup[resource.group, default: [:]][resource.version, default: []].append(resource)
        }
        for other in aggregated { byGroup[other.group, default: [:]][other.version] = [] }
        return byGroup.map { group, versions in
            let entries = versions.map { version, resources in
                APIVersionEntry(
                    version: version, resources: resources,
                    aggregated: others[group]?.first { $0.version == version })
            }
            return APIGroupEntry(
                name: group, versions: entries.sorted { VersionRank($0.version) < VersionRank($1.version) })
        }
        .sorted { (ranks[$0.name] ?? ranks.count, $0.name) < (ranks[$1.name] ?? ranks.count, $1.name) }
    }
}
