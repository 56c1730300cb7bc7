internal import EdgeAPI

/// The resources of one group, by version, the preferred version first.
struct DiscoveryGroup: Sendable {
    struct Version: Sendable {
        let name: String
        /// By name.
        let resources: [ResourceDefinition]
    }

    let name: String
    let versions: [Version]

    var isCore: Bool { name.isEmpty }

    func groupVersion(_ version: Version) -> String { isCore ? version.name : "\(name)/\(version.name)" }

    /// The core group first, the others as Kubernetes orders them: by the age of the group.
    static func all(of resources: [ResourceDefinition]) -> [DiscoveryGroup] {
        let groups = Dictionary(grouping: resources, by: \.group).map { name, resources in
            let versions = Dictionary(grouping: resources, by: \.version)
                .map { Version(name: $0.key, resources: $0.value.sorted { $0.resource < $1.resource }) }
                .sorted { precedence($0.name) > precedence($1.name) }
            return DiscoveryGroup(name: name, versions: versions)
        }
        return groups.sorted { (rank($0.name), $0.name) < (rank($1.name), $1.name) }
    }

    private static let order = [
        "", "apiregistration.k8s.io", "apps", "events.k8s.io", "authentication.k8s.io", "authorization.k8s.io",
        "autoscaling", "batch", "certificates.k8s.io", "networking.k8s.io", "policy",
        "rbac.authorization.k8s.io", "storage.k8s.io", "admissionregistration.k8s.io", "apiextensions.k8s.io",
        "scheduling.k8s.io", "coordination.k8s.io", "node.k8s.io", "discovery.k8s.io",
    ]

    private static func rank(_ group: String) -> Int { order.firstIndex(of: group) ?? order.count }

    /// Kubernetes' order of versions: v2 before v1 before v1beta2 before v1beta1 before v1alpha1.
    private static func precedence(_ version: String) -> Int {
        let digits = version.dropFirst().prefix { $0.isNumber }
        let major = Int(digits) ?? 0
        let rest = version.dropFirst(1 + digits.count)
        if rest.isEmpty { return 2_000_000 + major * 1000 }
        let minor = Int(rest.drop { !$0.isNumber }) ?? 0
        return (rest.hasPrefix("beta") ? 1_000_000 : 0) + major * 1000 + minor
    }
}
