import EdgeAPI
import EdgeJSON
import Testing

@testable import EdgeControllers

@Suite struct ClusterRoleAggregationTests {
    private static func role(_ name: String, labels: [String: String] = [:], verbs: [String]) -> ClusterRole {
        var role = ClusterRole(name: name)
        role.labels = labels
        role.rules = verbs.map { verb in
            var rule = PolicyRule()
            rule.verbs = [verb]
            return rule
        }
        return role
    }

    @Test func takesTheRulesOfAllRolesThatItsSelectorsFind() {
        var target = Self.role("view", labels: ["to": "edit"], verbs: [])
        target.aggregationRule = ["clusterRoleSelectors": [["matchLabels": ["to": "view"]]]]
        let rules = ClusterRoleAggregation.rules(
            for: target,
            from: [
                target, Self.role("b", labels: ["to": "view"], verbs: ["list", "get"]),
                Self.role("a", labels: ["to": "view"], verbs: ["get"]), Self.role("c", verbs: ["delete"]),
            ])
        #expect(rules.map(\.verbs) == [["get"], ["list"]])
    }
}
