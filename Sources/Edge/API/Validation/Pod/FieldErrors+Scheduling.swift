internal import EdgeJSON

extension FieldErrors {
    mutating func checkTolerations(_ tolerations: [Toleration], _ path: FieldPath) {
        for (index, toleration) in tolerations.enumerated() {
            let path = path[index]
            let name = toleration.json["operator"].text
            if !toleration.key.isEmpty {
                invalid(path["key"], toleration.key, Names.labelKey(toleration.key))
            }
            if toleration.key.isEmpty, name != "Exists" {
                invalid(
                    path["operator"], name,
                    "operator must be Exists when `key` is empty, which means "
                        + "\"match all values and all keys\"")
            }
            if toleration.tolerationSeconds != nil, toleration.effect != "NoExecute" {
                invalid(
                    path["effect"], toleration.effect,
                    "effect must be 'NoExecute' when `tolerationSeconds` is set")
            }
            switch name {
            case "", "Equal":
                let messages = Names.labelValue(toleration.value)
                if !messages.isEmpty {
                    invalid(path["operator"], toleration.value, messages.joined(separator: ";"))
                }
            case "Exists":
                if !toleration.value.isEmpty {
                    invalid(
                        path["operator"], toleration.value, "value must be empty when `operator` is 'Exists'")
                }
            default: notSupported(path["operator"], name, ["Equal", "Exists"])
            }
            if !toleration.effect.isEmpty { checkEffect(toleration.effect, path["effect"]) }
        }
    }

    mutating func checkEffect(_ effect: String, _ path: FieldPath) {
        oneOf(path, effect, ["NoSchedule", "PreferNoSchedule", "NoExecute"])
    }

    mutating func checkAffinity(_ affinity: Affinity, _ path: FieldPath) {
        if let node = affinity.nodeAffinity {
            let path = path["nodeAffinity"]
            if let selector = node.required {
                checkNodeSelector(selector, path["requiredDuringSchedulingIgnoredDuringExecution"])
            }
            for (index, term) in node.preferred.enumerated() {
                let path = path["preferredDuringSchedulingIgnoredDuringExecution"][index]
                checkWeight(term.weight, path["weight"])
                checkNodeTerm(term.preference, path["preference"])
            }
        }
        if let pods = affinity.podAffinity { checkPodAffinity(pods, path["podAffinity"]) }
        if let pods = affinity.podAntiAffinity { checkPodAffinity(pods, path["podAntiAffinity"]) }
    }

    private mutating func checkWeight(_ weight: Int, _ path: FieldPath) {
        if !(1...100).contains(weight) { invalid(path, weight, "must be in the range 1-100") }
    }

    mutating func checkNodeSelector(_ selector: NodeSelector, _ path: FieldPath) {
        let terms = selector.nodeSelectorTerms
        let path = path["nodeSelectorTerms"]
        if terms.isEmpty { return required(path, "must have at least one node selector term") }
        for (index, term) in terms.enumerated() { checkNodeTerm(term, path[index]) }
    }

    private mutating func checkNodeTerm(_ term: NodeSelectorTerm, _ path: FieldPath) {
        for (index, requirement) in term.matchExpressions.enumerated() {
            checkNodeRequirement(requirement, path["matchExpressions"][index])
        }
        for (index, requirement) in term.matchFields.enumerated() {
            let path = path["matchFields"][index]
            if !["In", "NotIn"].contains(requirement.operator) {
                invalid(path["operator"], requirement.operator, "not a valid selector operator")
            } else if requirement.values.count != 1 {
                required(
                    path["values"],
                    "must be only one value when `operator` is 'In' or 'NotIn' for node field selector")
            }
            if requirement.key != "metadata.name" {
                invalid(path["key"], requirement.key, "not a valid field selector key")
            } else {
                for (place, value) in requirement.values.enumerated() {
                    invalid(path["values"][place], value, Names.subdomain(value))
                }
            }
        }
    }

    private mutating func checkNodeRequirement(_ requirement: NodeSelectorRequirement, _ path: FieldPath) {
        let values = requirement.values
        switch requirement.operator {
        case "In", "NotIn":
            if values.isEmpty {
                required(path["values"], "must be specified when `operator` is 'In' or 'NotIn'")
            }
        case "Exists", "DoesNotExist":
            if !values.isEmpty {
                forbidden(
                    path["values"], "may not be specified when `operator` is 'Exists' or 'DoesNotExist'")
            }
        case "Gt", "Lt":
            if values.count != 1 {
                required(path["values"], "must be specified single value when `operator` is 'Lt' or 'Gt'")
            }
        case let other: invalid(path["operator"], other, "not a valid selector operator")
        }
        invalid(path["key"], requirement.key, Names.labelKey(requirement.key))
        for (index, value) in values.enumerated() {
            invalid(path["values"][index], value, Names.labelValue(value))
        }
    }

    private mutating func checkPodAffinity(_ affinity: PodAffinity, _ path: FieldPath) {
        for (index, term) in affinity.required.enumerated() {
            checkPodTerm(term, path["requiredDuringSchedulingIgnoredDuringExecution"][index])
        }
        for (index, term) in affinity.preferred.enumerated() {
            let path = path["preferredDuringSchedulingIgnoredDuringExecution"][index]
            checkWeight(term.weight, path["weight"])
            checkPodTerm(term.podAffinityTerm, path["podAffinityTerm"])
        }
    }

    private mutating func checkPodTerm(_ term: PodAffinityTerm, _ path: FieldPath) {
        checkLabelSelector(term.json["labelSelector"], path["labelSelector"])
        checkLabelSelector(term.json["namespaceSelector"], path["namespaceSelector"])
        for name in term.namespaces { invalid(path["namespace"], name, Names.label(name)) }
        if term.topologyKey.isEmpty { required(path["topologyKey"], "can not be empty") }
        invalid(path["topologyKey"], term.topologyKey, Names.labelKey(term.topologyKey))
        for key in ["matchLabelKeys", "mismatchLabelKeys"]
        where !term.json[key].strings.isEmpty && term.json.lacks("labelSelector") {
            forbidden(path[key], "must not be specified when labelSelector is not set")
        }
    }

    mutating func checkSpreadConstraints(_ spec: PodSpec, _ path: FieldPath) {
        var seen: Set<String> = []
        for (index, constraint) in spec.topologySpreadConstraints.enumerated() {
            let path = path[index]
            let skew = constraint.json["maxSkew"].number ?? 0
            if skew <= 0 { invalid(path["maxSkew"], skew, "must be greater than zero") }
            let unsatisfiable = constraint.json["whenUnsatisfiable"].text
            oneOf(path["whenUnsatisfiable"], unsatisfiable, ["DoNotSchedule", "ScheduleAnyway"])
            if constraint.topologyKey.isEmpty {
                required(path["topologyKey"], "can not be empty")
            } else {
                invalid(path["topologyKey"], constraint.topologyKey, Names.labelKey(constraint.topologyKey))
            }
            if let minimum = constraint.minDomains {
                if minimum <= 0 { invalid(path["minDomains"], minimum, "must be greater than zero") }
                if unsatisfiable == "ScheduleAnyway" {
                    invalid(
                        path["minDomains"], minimum,
                        "can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ScheduleAnyway")
                }
            }
            for key in ["nodeAffinityPolicy", "nodeTaintsPolicy"] {
                optionalOneOf(path[key], constraint.json[key].optionalText, ["Honor", "Ignore"])
            }
            if !seen.insert("\(constraint.topologyKey), \(unsatisfiable)").inserted {
                duplicate(
                    path["{topologyKey, whenUnsatisfiable}"],
                    "{\(constraint.topologyKey), \(unsatisfiable)}")
            }
            if !constraint.matchLabelKeys.isEmpty, constraint.json.lacks("labelSelector") {
                forbidden(path["matchLabelKeys"], "must not be specified when labelSelector is not set")
            }
            checkLabelSelector(constraint.json["labelSelector"], path["labelSelector"])
        }
    }
}
