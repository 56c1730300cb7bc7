internal import EdgeAPI
internal import EdgeCEL
internal import EdgeJSON

/// Checks the rules of a schema when its definition is written: they must compile, what they may cost is
/// limited, and defaults must satisfy them.
struct RuleChecker {
    private(set) var errors = FieldErrors()
    private var total: UInt64 = 0
    private var mostExpensive: [(path: FieldPath, cost: UInt64)] = []
    private let limitsSingleRules: Bool

    /// How often a node can be there, and whether its old value can be found.
    private struct Context {
        /// Nil where a list or a map around has no bound.
        var cardinality: UInt64? = 1
        /// The outermost schema whose elements have no counterpart in the old object.
        var uncorrelatable: FieldPath?
        var isWhole = false
    }

    static func errors(in schema: JSONObject, _ path: FieldPath, limitsSingleRules: Bool) -> [FieldError] {
        var checker = RuleChecker(limitsSingleRules: limitsSingleRules)
        checker.check(schema, path, Context(isWhole: true))
        if checker.total > CELCost.estimatedSchemaLimit {
            for expensive in checker.mostExpensive {
                checker.errors.forbidden(
                    expensive.path,
                    "contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema"
                )
            }
            checker.errors.forbidden(
                path,
                CELCost.excessMessage(
                    "x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema",
                    cost: checker.total, limit: CELCost.estimatedSchemaLimit))
        }
        if checker.errors.list.isEmpty { checker.checkDefaults(schema, path, isWhole: true) }
        return checker.errors.list
    }

    private init(limitsSingleRules: Bool) { self.limitsSingleRules = limitsSingleRules }

    private mutating func check(_ node: JSONObject, _ path: FieldPath, _ context: Context) {
        var inner = Context(
            cardinality: Self.product(context.cardinality, Self.maximumElements(node)),
            uncorrelatable: context.uncorrelatable)
        if let additional = node["additionalProperties"]?.object {
            inner.isWhole = RuleSchema.isWhole(additional)
            check(additional, path["additionalProperties"], inner)
        }
        for member in node["properties"]?.object ?? JSONObject() {
            guard let property = member.value.object else { continue }
            inner.isWhole = RuleSchema.isWhole(property)
            check(property, path["properties"][key: member.key], inner)
        }
        if let items = node["items"]?.object {
            inner.isWhole = RuleSchema.isWhole(items)
            if node["x-kubernetes-list-type"].text != "map" {
                inner.uncorrelatable = inner.uncorrelatable ?? path
            }
            check(items, path["items"], inner)
        }
        checkRules(node, path["x-kubernetes-validations"], context)
    }

    /// How often a child of this node can be there: nil for without bound.
    private static func maximumElements(_ node: JSONObject) -> UInt64? {
        switch node["type"].text {
        case "object":
            node["additionalProperties"]?.object == nil
                ? 1 : node["maxProperties"].number.map { UInt64(max(0, $0)) }
        case "array": node["maxItems"].number.map { UInt64(max(0, $0)) }
        default: 0
        }
    }

    private static func product(_ left: UInt64?, _ right: UInt64?) -> UInt64? {
        guard let left, let right else { return nil }
        let (product, overflow) = left.multipliedReportingOverflow(by: right)
        return overflow ? .max : product
    }

    // MARK: Rules

    private mutating func checkRules(_ node: JSONObject, _ path: FieldPath, _ context: Context) {
        let rules = node["x-kubernetes-validations"]?.array ?? []
        guard !rules.isEmpty else { return }
        guard let schema = RuleSchema.make(node, isWhole: context.isWhole) else {
            errors.append(
                FieldError(
                    .internalError, path.description,
                    detail:
                        "internal error: failed to retrieve type information for x-kubernetes-validations"))
            return
        }
        let environment = RuleEnvironment(schema)
        let cardinality = context.cardinality ?? schema.maximumCardinality
        for (index, entry) in rules.enumerated() {
            let place = path[index]
            do throws(SchemaRule.Failure) {
                let rule = try SchemaRule(entry, on: node, environment)
                checkCosts(rule, cardinality, place)
                checkOldSelf(rule, entry, place, context)
            } catch {
                errors.invalid(
                    place[error.isInMessage ? "messageExpression" : "rule"], entry, error.description)
            }
        }
    }

    private mutating func checkCosts(_ rule: SchemaRule, _ cardinality: UInt64, _ path: FieldPath) {
        let (product, overflow) = rule.program.estimatedCost.maximum.multipliedReportingOverflow(
            by: cardinality)
        observe(overflow ? .max : product, "estimated rule cost", path["rule"])
        if let message = rule.messageProgram {
            observe(
                message.estimatedCost.maximum, "estimated messageExpression cost", path["messageExpression"])
        }
    }

    private mutating func observe(_ cost: UInt64, _ name: String, _ path: FieldPath) {
        if limitsSingleRules, cost > CELCost.estimatedRuleLimit {
            errors.forbidden(
                path, CELCost.excessMessage(name, cost: cost, limit: CELCost.estimatedRuleLimit))
        }
        let (sum, overflow) = total.addingReportingOverflow(cost)
        total = overflow ? .max : sum
        mostExpensive.append((path, cost))
        mostExpensive.sort { $0.cost > $1.cost }
        if mostExpensive.count > 4 { mostExpensive.removeLast() }
    }

    private mutating func checkOldSelf(
        _ rule: SchemaRule, _ entry: JSONValue, _ path: FieldPath, _ context: Context
    ) {
        if rule.usesOldSelf {
            guard let uncorrelatable = context.uncorrelatable else { return }
            errors.invalid(
                path["rule"], rule.text,
                "oldSelf cannot be used on the uncorrelatable portion of the schema within \(uncorrelatable)")
        } else if let flag = entry["optionalOldSelf"], !flag.isNull {
            errors.invalid(
                path["optionalOldSelf"], flag, "may not be set if oldSelf is not used in rule")
        }
    }

    // MARK: Defaults

    private mutating func checkDefaults(_ node: JSONObject, _ path: FieldPath, isWhole: Bool) {
        if let value = node["default"], !value.isNull, let rules = RuleTree(node, isWhole: isWhole) {
            for error in rules.errors(inDefault: value, path["default"].description) { errors.append(error) }
        }
        if let items = node["items"]?.object {
            checkDefaults(items, path["items"], isWhole: RuleSchema.isWhole(items))
        }
        for member in node["properties"]?.object ?? JSONObject() {
            guard let property = member.value.object else { continue }
            checkDefaults(
                property, path["properties"][key: member.key], isWhole: RuleSchema.isWhole(property))
        }
    }
}
