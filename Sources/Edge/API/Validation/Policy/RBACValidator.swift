internal import EdgeJSON

extension ObjectValidator {
    static let role: Rule = { object, _, errors in
        errors.checkPolicyRules(Role(object).rules, isNamespaced: true)
    }

    static let clusterRole: Rule = { object, _, errors in
        errors.checkPolicyRules(ClusterRole(object).rules, isNamespaced: false)
        guard let aggregation = object["aggregationRule"] else { return }
        let path = FieldPath("aggregationRule")["clusterRoleSelectors"]
        let selectors = aggregation["clusterRoleSelectors"]?.array ?? []
        if selectors.isEmpty {
            errors.required(
                path, "at least one clusterRoleSelector required if aggregationRule is non-nil")
        }
        for (index, selector) in selectors.enumerated() {
            errors.checkLabelSelector(selector, path[index])
        }
    }

    static let roleBinding: Rule = { object, old, errors in
        errors.checkBinding(object, old, kinds: ["Role", "ClusterRole"])
    }

    static let clusterRoleBinding: Rule = { object, old, errors in
        errors.checkBinding(object, old, kinds: ["ClusterRole"])
    }
}

extension FieldErrors {
    private static let group = "rbac.authorization.k8s.io"

    mutating func checkPolicyRules(_ rules: [PolicyRule], isNamespaced: Bool) {
        for (index, rule) in rules.enumerated() {
            let path = FieldPath("rules")[index]
            if rule.verbs.isEmpty { required(path["verbs"], "verbs must contain at least one value") }
            if !rule.nonResourceURLs.isEmpty {
                let urls = rule.json["nonResourceURLs"] ?? .null
                if isNamespaced {
                    invalid(
                        path["nonResourceURLs"], urls,
                        "namespaced rules cannot apply to non-resource URLs")
                }
                if !rule.apiGroups.isEmpty || !rule.resources.isEmpty || !rule.resourceNames.isEmpty {
                    invalid(
                        path["nonResourceURLs"], urls,
                        "rules cannot apply to both regular resources and non-resource URLs")
                }
                continue
            }
            if rule.apiGroups.isEmpty {
                required(path["apiGroups"], "resource rules must supply at least one api group")
            }
            if rule.resources.isEmpty {
                required(path["resources"], "resource rules must supply at least one resource")
            }
        }
    }

    mutating func checkBinding(_ object: APIObject, _ old: APIObject?, kinds: [String]) {
        let reference = RoleRef(object["roleRef"] ?? .null)
        let path = FieldPath("roleRef")
        optionalOneOf(path["apiGroup"], reference.apiGroup, [Self.group])
        optionalOneOf(path["kind"], reference.kind, kinds)
        requiredName(path["name"], reference.name, .pathSegment)
        for (index, subject) in object["subjects"].views(of: Subject.self).enumerated() {
            checkSubject(subject, isNamespaced: kinds.count > 1, FieldPath("subjects")[index])
        }
        if let old, old["roleRef"] != object["roleRef"] {
            invalid(path, object["roleRef"] ?? .null, "cannot change roleRef")
        }
    }

    private mutating func checkSubject(_ subject: Subject, isNamespaced: Bool, _ path: FieldPath) {
        if subject.name.isEmpty { required(path["name"]) }
        switch subject.kind {
        case "ServiceAccount":
            if !subject.name.isEmpty { invalid(path["name"], subject.name, Names.subdomain(subject.name)) }
            if !subject.apiGroup.isEmpty { notSupported(path["apiGroup"], subject.apiGroup, [""]) }
            if !isNamespaced, subject.namespace.isEmpty { required(path["namespace"]) }
        case "User", "Group": optionalOneOf(path["apiGroup"], subject.apiGroup, [Self.group])
        case let other: notSupported(path["kind"], other, ["ServiceAccount", "User", "Group"])
        }
    }
}
