internal import EdgeJSON

extension ObjectValidator {
    private static let scopes = [
        "BestEffort", "CrossNamespacePodAffinity", "NotBestEffort", "NotTerminating", "PriorityClass",
        "Terminating", "VolumeAttributesClass",
    ]

    static let resourceQuota: Rule = { object, old, errors in
        let path = FieldPath.spec
        let spec = object["spec"] ?? .null
        for (name, amount) in spec["hard"].quantities.sorted(by: { $0.key < $1.key }) {
            errors.invalid(path["hard"][key: name], name, Names.labelKey(name))
            errors.nonNegativeQuantity(path["hard"][key: name], amount)
        }
        for scope in spec["scopes"].strings where !scopes.contains(scope) {
            errors.invalid(
                path["scopes"], .array(spec["scopes"].strings.map(JSONValue.string)), "unsupported scope")
        }
        if let old {
            errors.immutable(path["scopes"], spec["scopes"], old[path: "spec", "scopes"])
        }
    }

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
