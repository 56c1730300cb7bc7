public import EdgeJSON

extension FieldErrors {
    /// A `metav1.LabelSelector`; nil is fine.
    public mutating func checkLabelSelector(_ selector: JSONValue?, _ path: FieldPath) {
        guard let selector else { return }
        checkLabels(selector["matchLabels"].stringMap, path["matchLabels"])
        for (index, expression) in (selector["matchExpressions"]?.array ?? []).enumerated() {
            checkExpression(expression, path["matchExpressions"][index])
        }
    }

    private mutating func checkExpression(_ expression: JSONValue, _ path: FieldPath) {
        let values = expression["values"].strings
        switch expression["operator"].text {
        case "In", "NotIn":
            if values.isEmpty {
                required(path["values"], "must be specified when `operator` is 'In' or 'NotIn'")
            }
        case "Exists", "DoesNotExist":
            if !values.isEmpty {
                forbidden(
                    path["values"], "may not be specified when `operator` is 'Exists' or 'DoesNotExist'")
            }
        case let other: invalid(path["operator"], other, "not a valid selector operator")
        }
        let key = expression["key"].text
        invalid(path["key"], key, Names.labelKey(key))
        for (index, value) in values.enumerated() {
            invalid(path["values"][index], value, Names.labelValue(value))
        }
    }

    /// The selector of a workload: there, not empty, and meant for its own pods.
    mutating func checkWorkloadSelector(
        _ selector: JSONValue?, template: JSONValue?, kind: String, _ path: FieldPath
    ) {
        let selectorPath = path["selector"]
        guard let selector, !selector.isNull else {
            required(selectorPath)
            return
        }
        checkLabelSelector(selector, selectorPath)
        guard let parsed = try? LabelSelector(object: selector) else { return }
        if parsed.matchesEverything {
            invalid(selectorPath, selector, "empty selector is invalid for \(kind)")
            return
        }
        let labels = template?[path: "metadata", "labels"]
        if !parsed.matches(labels.stringMap) {
            invalid(
                path["template"]["metadata"]["labels"], labels ?? .object(JSONObject()),
                "`selector` does not match template `labels`")
        }
    }
}
