internal import EdgeJSON

extension ObjectValidator {
    private static let scopes = [
        "BestEffort", "CrossNamespacePodAffinity", "NotBestEffort", "NotTerminating", "PriorityClass",
        "Terminating", "VolumeAttributesClass",
    ]
    /// What a quota with one of these scopes may count.
    private static let podCounts: Set<String> = [
        "pods", "cpu", "memory", "ephemeral-storage", "requests.cpu", "requests.memory",
        "requests.ephemeral-storage", "limits.cpu", "limits.memory", "limits.ephemeral-storage",
    ]

    static let resourceQuota: Rule = { object, old, errors in
        let path = FieldPath.spec
        let spec = object["spec"] ?? .null
        let hard = spec["hard"].quantities
        for (name, amount) in hard.sorted(by: { $0.key < $1.key }) {
            errors.checkQuotaName(name, path["hard"][key: name])
            errors.nonNegativeQuantity(path["hard"][key: name], amount)
        }
        let named = spec["scopes"].strings
        errors.checkScopes(named, counted: Set(hard.keys), spec["scopes"] ?? .null, path["scopes"])
        let expressions = spec[path: "scopeSelector", "matchExpressions"]?.array ?? []
        let list = path["scopeSelector"]["matchExpressions"]
        errors.checkScopes(
            expressions.map { $0["scopeName"].text }, counted: Set(hard.keys),
            spec[path: "scopeSelector", "matchExpressions"] ?? .null, list)
        for (index, expression) in expressions.enumerated() {
            errors.checkScopeExpression(expression, list[index])
        }
        if let old {
            errors.immutable(path["scopes"], spec["scopes"], old[path: "spec", "scopes"])
        }
    }

    fileprivate static func supports(_ scope: String, _ name: String) -> Bool {
        switch scope {
        case "BestEffort": name == "pods"
        case "VolumeAttributesClass":
            QuotaUsage.resource(countedBy: name) == "persistentvolumeclaims"
        default:
            podCounts.contains(name) || name.hasPrefix("hugepages-") || name.hasPrefix("requests.hugepages-")
        }
    }

    fileprivate static var knownScopes: [String] { scopes }

    static let limitRange: Rule = { object, _, errors in
        var types: Set<String> = []
        for (index, limit) in (object[path: "spec", "limits"]?.array ?? []).enumerated() {
            let path = FieldPath.spec["limits"][index]
            let type = limit["type"].text
            errors.invalid(path["type"], type, Names.labelKey(type))
            if !types.insert(type).inserted { errors.duplicate(path["type"], type) }
            errors.checkLimit(limit, type, path)
        }
    }
}

extension FieldErrors {
    private static let quotaNames: Set<String> = [
        "cpu", "memory", "ephemeral-storage", "requests.cpu", "requests.memory", "requests.storage",
        "requests.ephemeral-storage", "limits.cpu", "limits.memory", "limits.ephemeral-storage", "pods",
        "resourcequotas", "services", "replicationcontrollers", "secrets", "persistentvolumeclaims",
        "configmaps", "services.nodeports", "services.loadbalancers",
    ]

    /// The name of something that a quota counts.
    mutating func checkQuotaName(_ name: String, _ path: FieldPath) {
        invalid(path, name, Names.labelKey(name))
        guard !name.contains("/"), !Self.quotaNames.contains(name), !name.hasPrefix("hugepages-"),
            !name.hasPrefix("requests.hugepages-")
        else { return }
        invalid(path, name, "must be a standard resource for quota")
    }

    fileprivate mutating func checkScopes(
        _ scopes: [String], counted: Set<String>, _ value: JSONValue, _ path: FieldPath
    ) {
        for scope in scopes {
            guard ObjectValidator.knownScopes.contains(scope) else {
                invalid(path, value, "unsupported scope")
                continue
            }
            for name in counted.sorted()
            where !name.contains("/") && Self.quotaNames.contains(name)
                && !ObjectValidator.supports(scope, name)
            {
                invalid(path, value, "unsupported scope applied to resource")
            }
        }
        for (one, other) in [("BestEffort", "NotBestEffort"), ("Terminating", "NotTerminating")]
        where scopes.contains(one) && scopes.contains(other) {
            invalid(path, value, "conflicting scopes")
        }
    }

    fileprivate mutating func checkScopeExpression(_ expression: JSONValue, _ path: FieldPath) {
        let scope = expression["scopeName"].text
        let values = expression["values"].strings
        let relation = expression["operator"].text
        if ["BestEffort", "NotBestEffort", "Terminating", "NotTerminating", "CrossNamespacePodAffinity"]
            .contains(scope), relation != "Exists"
        {
            invalid(
                path["operator"], relation,
                "must be 'Exist' when scope is any of ResourceQuotaScopeTerminating, "
                    + "ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, "
                    + "ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity")
        }
        switch relation {
        case "In", "NotIn":
            if values.isEmpty {
                required(
                    path["values"],
                    "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector")
            }
        case "Exists", "DoesNotExist":
            if !values.isEmpty {
                invalid(
                    path["values"], expression["values"] ?? .null,
                    "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector")
            }
        case let other: invalid(path["operator"], other, "not a valid selector operator")
        }
    }

    mutating func checkLimit(_ limit: JSONValue, _ type: String, _ path: FieldPath) {
        let lists = ["min", "defaultRequest", "default", "max"]
        if type == "Pod" {
            for key in ["default", "defaultRequest"] where !limit[key].quantities.isEmpty {
                forbidden(path[key], "may not be specified when `type` is 'Pod'")
            }
        }
        if type == "PersistentVolumeClaim", limit["min"]?["storage"] == nil, limit["max"]?["storage"] == nil {
            required(path, "either minimum or maximum storage value is required, but neither was provided")
        }
        // Each amount must not be above those that stand behind it in the list.
        for (place, lowKey) in lists.enumerated() {
            let low = limit[lowKey].quantities
            for highKey in lists[(place + 1)...] {
                let high = limit[highKey].quantities
                for (name, amount) in low.sorted(by: { $0.key < $1.key }) {
                    guard let bound = high[name], amount > bound else { continue }
                    invalid(
                        path[lowKey][key: name], amount.description,
                        "\(Self.phrase(lowKey)) value \(amount) is greater than \(Self.phrase(highKey)) "
                            + "value \(bound)")
                }
            }
        }
        for (name, ratio) in limit["maxLimitRequestRatio"].quantities.sorted(by: { $0.key < $1.key })
        where ratio < Quantity(1) {
            invalid(
                path["maxLimitRequestRatio"][key: name], ratio.description, "ratio \(ratio) is less than 1")
        }
    }

    private static func phrase(_ key: String) -> String { key == "defaultRequest" ? "default request" : key }
}
