internal import EdgeAPI
internal import EdgeCEL
internal import EdgeJSON

/// The rules of a schema, node by node; branches without rules are left out. Immutable.
final class RuleTree: Sendable {
    let type: String
    let schema: CELSchema?
    let rules: [SchemaRule]
    /// What is told of each object when rules that were stored once do not compile any more.
    let failures: [String]
    let items: RuleTree?
    let additional: RuleTree?
    let properties: [String: RuleTree]
    /// The members that tell elements of a list apart; empty where elements have no counterpart.
    let keys: [String]

    /// Nil where neither the node nor anything below has a rule.
    init?(_ node: JSONObject, isWhole: Bool) {
        items = node["items"]?.object.flatMap { RuleTree($0, isWhole: RuleSchema.isWhole($0)) }
        additional = node["additionalProperties"]?.object
            .flatMap { RuleTree($0, isWhole: RuleSchema.isWhole($0)) }
        var properties: [String: RuleTree] = [:]
        for member in node["properties"]?.object ?? JSONObject() {
            guard let property = member.value.object else { continue }
            properties[member.key] = RuleTree(property, isWhole: RuleSchema.isWhole(property))
        }
        self.properties = properties
        type = node["type"].text
        keys =
            node["x-kubernetes-list-type"].text == "map" ? node["x-kubernetes-list-map-keys"].strings : []
        let entries = node["x-kubernetes-validations"]?.array ?? []
        guard !entries.isEmpty else {
            (rules, failures, schema) = ([], [], nil)
            if items == nil, additional == nil, properties.isEmpty { return nil }
            return
        }
        schema = RuleSchema.make(node, isWhole: isWhole)
        var rules: [SchemaRule] = []
        var failures: [String] = []
        if let environment = schema.map(RuleEnvironment.init) {
            for entry in entries {
                do throws(SchemaRule.Failure) {
                    rules.append(try SchemaRule(entry, on: node, environment))
                } catch { failures.append("rule compile error: \(error.description)") }
            }
        } else {
            failures.append(
                "rule compiler initialization error: rule declared on schema that does not support validation rules"
            )
        }
        (self.rules, self.failures) = (rules, failures)
    }
}

extension RuleTree: SchemaRules {
    func errors(in object: JSONValue, old: JSONValue?) -> [FieldError] {
        var evaluation = RuleEvaluation()
        evaluation.visit(
            self, "", object, old,
            RuleEvaluation.Correlation(current: old.map { (object, $0) }, isRoot: true))
        return evaluation.errors
    }

    /// What a default of the schema violates.
    func errors(inDefault value: JSONValue, _ path: String) -> [FieldError] {
        var evaluation = RuleEvaluation()
        evaluation.visit(self, path, value, value, RuleEvaluation.Correlation())
        return evaluation.errors
    }
}
