internal import EdgeAPI
internal import EdgeJSON

/// The rules of an aggregated ClusterRole: those of all roles that its selectors find, each once, in the order
/// of the roles' names.
enum ClusterRoleAggregation {
    static func rules(for role: ClusterRole, from roles: [ClusterRole]) -> [PolicyRule] {
        let selectors = (role.aggregationRule?["clusterRoleSelectors"]?.array ?? [])
            .compactMap { try? LabelSelector(object: $0) }
        var rules: [PolicyRule] = []
        var seen: Set<String> = []
        for selector in selectors {
            let found = roles.filter { $0.name != role.name && selector.matches($0.labels) }
            for source in found.sorted(by: { $0.name < $1.name }) where seen.insert(source.name).inserted {
                for rule in source.rules where !rules.contains(rule) { rules.append(rule) }
            }
        }
        return rules
    }
}
