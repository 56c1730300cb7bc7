internal import EdgeAPI

/// Where Kubernetes puts the groups and versions that a server brings along: a higher group comes first, and in
/// it a higher version.
enum APIServicePriority {
    private static let groups: [String: Int64] = [
        "": 18000, "apps": 17800, "events.k8s.io": 17750, "authentication.k8s.io": 17700,
        "authorization.k8s.io": 17600, "autoscaling": 17500, "batch": 17400, "certificates.k8s.io": 17300,
        "networking.k8s.io": 17200, "policy": 17100, "rbac.authorization.k8s.io": 17000,
        "storage.k8s.io": 16800, "apiextensions.k8s.io": 16700, "admissionregistration.k8s.io": 16700,
        "scheduling.k8s.io": 16600, "coordination.k8s.io": 16500, "node.k8s.io": 16300,
        "discovery.k8s.io": 16200, "flowcontrol.apiserver.k8s.io": 16100, "resource.k8s.io": 15700,
    ]

    static func builtIn(_ resource: ResourceDefinition) -> (group: Int64, version: Int64) {
        let version: Int64 =
            switch (resource.group, resource.version) {
            case ("", _): 1
            case ("autoscaling", "v2"): 30
            default: resource.version == "v1" ? 15 : 9
            }
        return (groups[resource.group] ?? 15000, version)
    }

    static let custom: (group: Int64, version: Int64) = (1000, 100)
}
