internal import EdgeAPI
internal import EdgeJSON

/// Selectors between their text and their object form.
enum LabelSelectorText {
    /// `app=web,tier in (a,b)` as a `metav1.LabelSelector`.
    static func object(_ text: String) throws -> JSONValue {
        let selector: LabelSelector
        do {
            selector = try LabelSelector(parsing: text)
        } catch {
            throw KubectlError("\(error)")
        }
        var labels: [String: String] = [:]
        var expressions: [JSONValue] = []
        for requirement in selector.requirements {
            let name: String
            switch requirement.operator {
            case .equals, .doubleEquals:
                labels[requirement.key] = requirement.values.first ?? ""
                continue
            case .in: name = "In"
            case .notIn, .notEquals: name = "NotIn"
            case .exists: name = "Exists"
            case .doesNotExist: name = "DoesNotExist"
            case .greaterThan, .lessThan:
                throw KubectlError("the operator in \(goQuoted(text)) cannot be used in a label selector")
            }
            var expression: JSONValue = ["key": .string(requirement.key), "operator": .string(name)]
            if !requirement.values.isEmpty { expression["values"] = .strings(requirement.values.sorted()) }
            expressions.append(expression)
        }
        var object: JSONValue = [:]
        if !expressions.isEmpty { object["matchExpressions"] = .array(expressions) }
        if !labels.isEmpty { object["matchLabels"] = .strings(labels) }
        return object
    }

    /// A `metav1.LabelSelector`, or the map of labels of a Service, as the text of a list call.
    static func text(_ value: JSONValue?) throws -> String {
        guard let value, !value.isNull else { return "" }
        if value["matchLabels"] == nil, value["matchExpressions"] == nil {
            return (value.object?.sortedMembers ?? []).map { "\($0.key)=\($0.value.string ?? "")" }
                .joined(separator: ",")
        }
        var parts = (value["matchLabels"]?.object?.sortedMembers ?? [])
            .map { "\($0.key)=\($0.value.string ?? "")" }
        let expressions: JSONValue = ["matchExpressions": value["matchExpressions"] ?? []]
        let rest = try LabelSelector(object: expressions).description
        if !rest.isEmpty { parts.append(rest) }
        return parts.joined(separator: ",")
    }
}
