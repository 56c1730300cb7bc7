public import EdgeJSON

extension LabelSelector {
    /// From a `metav1.LabelSelector` (`matchLabels`, `matchExpressions`). A missing one matches nothing, an
    /// empty one everything.
    public init(object: JSONValue?) throws(SelectorError) {
        guard let object, !object.isNull else {
            self = .nothing
            return
        }
        var requirements = object["matchLabels"].stringMap
            .map { Requirement(key: $0.key, operator: .equals, values: [$0.value]) }
        for expression in object["matchExpressions"]?.array ?? [] {
            let key = expression["key"].text
            let values = expression["values"].strings
            switch expression["operator"].text {
            case "In": requirements.append(Requirement(key: key, operator: .in, values: values))
            case "NotIn": requirements.append(Requirement(key: key, operator: .notIn, values: values))
            case "Exists": requirements.append(Requirement(key: key, operator: .exists))
            case "DoesNotExist": requirements.append(Requirement(key: key, operator: .doesNotExist))
            case let other: throw SelectorError("\"\(other)\" is not a valid label selector operator")
            }
        }
        self.init(requirements)
    }
}
