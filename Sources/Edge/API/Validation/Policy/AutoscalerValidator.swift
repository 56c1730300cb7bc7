internal import EdgeJSON

extension ObjectValidator {
    private static let sources = [
        "ContainerResource": "containerResource", "External": "external", "Object": "object", "Pods": "pods",
        "Resource": "resource",
    ]

    static let horizontalPodAutoscaler: Rule = { object, _, errors in
        let path = FieldPath.spec
        let spec = object["spec"] ?? .null
        let minimum = spec["minReplicas"].number
        let maximum = spec["maxReplicas"].number ?? 0
        if let minimum, minimum < 1 {
            errors.invalid(path["minReplicas"], minimum, "must be greater than or equal to 1")
        }
        if maximum < 1 { errors.invalid(path["maxReplicas"], maximum, "must be greater than 0") }
        if let minimum, maximum < minimum {
            errors.invalid(
                path["maxReplicas"], maximum, "must be greater than or equal to `minReplicas`")
        }
        errors.checkScaleTarget(spec["scaleTargetRef"] ?? .null, path["scaleTargetRef"])
        for (index, metric) in (spec["metrics"]?.array ?? []).enumerated() {
            errors.checkMetric(metric, sources, path["metrics"][index])
        }
        for direction in ["scaleUp", "scaleDown"] {
            guard let rules = spec["behavior"]?[direction] else { continue }
            errors.checkScaling(rules, path["behavior"][direction])
        }
    }

    static let autoscalerStatus: StatusRule = { object, _, errors in
        errors.nonNegative(.status["currentReplicas"], object[path: "status", "currentReplicas"].number)
        // The path is Kubernetes' own spelling.
        errors.nonNegative(.status["desiredReplicas"], object[path: "status", "desiredReplicas"].number)
    }
}

extension FieldErrors {
    fileprivate mutating func checkScaleTarget(_ target: JSONValue, _ path: FieldPath) {
        for key in ["kind", "name"] { requiredName(path[key], target[key].text, .pathSegment) }
        let version = target["apiVersion"].text
        if version.split(separator: "/", omittingEmptySubsequences: false).count > 2 {
            invalid(path["apiVersion"], version, "unexpected GroupVersion string: \(version)")
        }
    }

    fileprivate mutating func checkMetric(
        _ metric: JSONValue, _ sources: [String: String], _ path: FieldPath
    ) {
        let type = metric["type"].text
        if type.isEmpty { required(path["type"], "must specify a metric source type") }
        guard let expected = sources[type] else {
            return notSupported(path["type"], type, sources.keys.sorted())
        }
        let present = sources.values.sorted().filter { metric[$0] != nil }
        if metric[expected] == nil {
            required(path[expected], "must populate information for the given metric source")
        }
        for other in present where other != expected {
            forbidden(path[other], "must populate the given metric source only")
        }
        guard let source = metric[expected] else { return }
        checkSource(source, type, path[expected])
    }

    private mutating func checkSource(_ source: JSONValue, _ type: String, _ path: FieldPath) {
        let target = source["target"] ?? .null
        let isResource = type == "Resource" || type == "ContainerResource"
        if isResource {
            if source["name"].text.isEmpty { required(path["name"], "must specify a resource name") }
            if type == "ContainerResource", source["container"].text.isEmpty {
                required(path["container"], "must specify a container")
            }
        } else {
            let name = source["metric"]?["name"].text ?? ""
            if name.isEmpty {
                required(path["metric"]["name"], "must specify a metric name")
            } else {
                invalid(path["metric"]["name"], name, Names.pathSegment(name))
            }
            checkLabelSelector(source["metric"]?["selector"], path["metric"]["selector"])
        }
        if type == "Object" { checkScaleTarget(source["describedObject"] ?? .null, path["describedObject"]) }
        checkMetricTarget(target, path["target"])
        let (value, average) = (target["value"], target["averageValue"])
        let utilization = target["averageUtilization"]
        switch type {
        case "Pods":
            if average.quantity.map({ $0 <= .zero }) ?? true {
                required(path["target"]["averageValue"], "must specify a positive target averageValue")
            }
        case "Resource", "ContainerResource":
            if utilization == nil, average == nil {
                required(
                    path["target"]["averageUtilization"],
                    "must set either a target raw value or a target utilization")
            }
            if utilization != nil, average != nil {
                forbidden(
                    path["target"]["averageValue"],
                    "may not set both a target raw value and a target utilization")
            }
        default:
            if value == nil, average == nil {
                required(
                    path["target"]["averageValue"],
                    "must set either a target value for metric or a per-pod target")
            }
            if type == "External", value != nil, average != nil {
                forbidden(
                    path["target"]["value"],
                    "may not set both a target value for metric and a per-pod target")
            }
        }
    }

    private mutating func checkMetricTarget(_ target: JSONValue, _ path: FieldPath) {
        let types = ["AverageValue", "Utilization", "Value"]
        let type = target["type"].text
        if type.isEmpty { required(path["type"], "must specify a metric target type") }
        if !types.contains(type) {
            // In this order and form in Kubernetes.
            invalid(path["type"], type, "must be either Utilization, Value, or AverageValue")
        }
        for key in ["value", "averageValue"] {
            if let amount = target[key].quantity, amount <= .zero {
                invalid(path[key], amount.description, "must be positive")
            }
        }
        if let utilization = target["averageUtilization"].number, utilization < 1 {
            invalid(path["averageUtilization"], utilization, "must be greater than 0")
        }
    }

    fileprivate mutating func checkScaling(_ rules: JSONValue, _ path: FieldPath) {
        if let seconds = rules["stabilizationWindowSeconds"].number {
            let place = path["stabilizationWindowSeconds"]
            if seconds < 0 { invalid(place, seconds, "must be greater than or equal to zero") }
            if seconds > 3600 { invalid(place, seconds, "must be less than or equal to 3600") }
        }
        optionalOneOf(path["selectPolicy"], rules["selectPolicy"].optionalText, ["Disabled", "Max", "Min"])
        let policies = rules["policies"]?.array ?? []
        if policies.isEmpty { required(path["policies"], "must specify at least one Policy") }
        for (index, policy) in policies.enumerated() {
            let path = path["policies"][index]
            optionalOneOf(path["type"], policy["type"].text, ["Percent", "Pods"])
            let value = policy["value"].number ?? 0
            if value <= 0 { invalid(path["value"], value, "must be greater than zero") }
            let period = policy["periodSeconds"].number ?? 0
            if period <= 0 { invalid(path["periodSeconds"], period, "must be greater than zero") }
            if period > 1800 { invalid(path["periodSeconds"], period, "must be less than or equal to 1800") }
        }
        if let tolerance = rules["tolerance"].quantity, tolerance < .zero {
            invalid(path["tolerance"], tolerance.description, "must be greater than or equal to 0")
        }
    }
}
