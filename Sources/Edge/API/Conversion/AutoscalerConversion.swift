internal import EdgeJSON

/// HorizontalPodAutoscalers of autoscaling/v1, which know one metric: the CPU. What v2 has beyond it travels
/// in annotations, so that a client of v1 can read an object and write it back.
enum AutoscalerConversion {
    private static let metrics = "autoscaling.alpha.kubernetes.io/metrics"
    private static let currentMetrics = "autoscaling.alpha.kubernetes.io/current-metrics"
    private static let conditions = "autoscaling.alpha.kubernetes.io/conditions"
    private static let behavior = "autoscaling.alpha.kubernetes.io/behavior"

    // MARK: v2 to v1

    static func toFirstVersion(_ object: inout APIObject) {
        var spec = object["spec"] ?? [:]
        var status = object["status"] ?? [:]
        let wanted = spec["metrics"]?.array ?? []
        let current = status["currentMetrics"]?.array ?? []
        if let target = wanted.first(where: isCPU) {
            spec["targetCPUUtilizationPercentage"] = target[path: "resource", "target", "averageUtilization"]
        }
        if let value = current.last(where: isCPU) {
            status["currentCPUUtilizationPercentage"] =
                value[path: "resource", "current", "averageUtilization"]
        }
        let others = wanted.filter {
            !isCPU($0) || ($0[path: "resource", "target", "averageUtilization"] ?? .null).isNull
        }
        annotate(&object, metrics, list: others.map { AutoscalerMetric.firstVersion($0, .target) })
        // The CPU is kept here too, for its absolute value.
        annotate(&object, currentMetrics, list: current.map { AutoscalerMetric.firstVersion($0, .current) })
        annotate(&object, conditions, list: status["conditions"]?.array ?? [])
        if let rules = spec["behavior"], !rules.isNull { object[annotation: behavior] = rules.description }
        spec["metrics"] = nil
        spec["behavior"] = nil
        status["currentMetrics"] = nil
        status["conditions"] = nil
        object["spec"] = spec
        object["status"] = status
    }

    private static func annotate(_ object: inout APIObject, _ key: String, list: [JSONValue]) {
        if !list.isEmpty { object[annotation: key] = JSONValue.array(list).description }
    }

    private static func isCPU(_ metric: JSONValue) -> Bool {
        metric["type"] == "Resource" && metric[path: "resource", "name"] == "cpu"
    }

    // MARK: v1 to v2

    /// Works on parts of an object too: what is not there does not come up.
    static func toSecondVersion(_ object: inout APIObject) {
        if var spec = object["spec"] {
            var wanted: [JSONValue] = []
            if let percentage = spec["targetCPUUtilizationPercentage"], !percentage.isNull {
                wanted.append([
                    "type": "Resource",
                    "resource": [
                        "name": "cpu", "target": ["type": "Utilization", "averageUtilization": percentage],
                    ],
                ])
            }
            wanted += list(object, metrics).map { AutoscalerMetric.secondVersion($0, .target) }
            if !wanted.isEmpty { spec["metrics"] = .array(wanted) }
            if let rules = value(object, behavior)?.object { spec["behavior"] = .object(rules) }
            spec["targetCPUUtilizationPercentage"] = nil
            object["spec"] = spec
        }
        if var status = object["status"] {
            var current = list(object, currentMetrics).map { AutoscalerMetric.secondVersion($0, .current) }
            if current.isEmpty, let percentage = status["currentCPUUtilizationPercentage"], !percentage.isNull
            {
                current = [
                    [
                        "type": "Resource",
                        "resource": ["name": "cpu", "current": ["averageUtilization": percentage]],
                    ]
                ]
            }
            if !current.isEmpty { status["currentMetrics"] = .array(current) }
            let states = list(object, conditions)
            if !states.isEmpty { status["conditions"] = .array(states) }
            status["currentCPUUtilizationPercentage"] = nil
            object["status"] = status
        }
        dropAnnotations(&object)
    }

    private static func value(_ object: APIObject, _ key: String) -> JSONValue? {
        object[annotation: key].flatMap { try? JSONValue(parsing: $0) }
    }

    private static func list(_ object: APIObject, _ key: String) -> [JSONValue] {
        value(object, key)?.array ?? []
    }

    private static func dropAnnotations(_ object: inout APIObject) {
        guard object[path: "metadata", "annotations"]?.object != nil else { return }
        for key in [metrics, currentMetrics, conditions, behavior] { object[annotation: key] = nil }
        if object[path: "metadata", "annotations"]?.object?.isEmpty == true {
            object[path: "metadata", "annotations"] = nil
        }
    }
}

/// One metric in the forms of both versions: v1 has flat names, v2 a metric and its amount.
enum AutoscalerMetric {
    /// What a metric shall be, or what it is.
    enum Amount: String {
        case target, current
    }

    static func firstVersion(_ metric: JSONValue, _ amount: Amount) -> JSONValue {
        var result: JSONObject = ["type": metric["type"] ?? ""]
        for kind in ["object", "pods", "resource", "containerResource", "external"] {
            guard let source = metric[kind]?.object else { continue }
            var flat: JSONObject = [:]
            for name in names(kind, amount) {
                if let value = source.value(at: name.second), !value.isNull { flat[name.first] = value }
            }
            result[kind] = .object(flat)
        }
        return .object(result)
    }

    static func secondVersion(_ metric: JSONValue, _ amount: Amount) -> JSONValue {
        var result: JSONObject = ["type": metric["type"] ?? ""]
        for kind in ["object", "pods", "resource", "containerResource", "external"] {
            guard let source = metric[kind]?.object else { continue }
            var nested = JSONValue.object(JSONObject())
            for name in names(kind, amount) {
                if let value = source[name.first], !value.isNull { nested.set(value, at: name.second[...]) }
            }
            if amount == .target { nested[path: "target", "type"] = .string(targetType(nested["target"])) }
            result[kind] = nested
        }
        return .object(result)
    }

    private static func targetType(_ target: JSONValue?) -> String {
        if target?["averageUtilization"] != nil { return "Utilization" }
        return target?["averageValue"] != nil ? "AverageValue" : "Value"
    }

    /// Names in v1, and paths in v2.
    private static func names(_ kind: String, _ amount: Amount) -> [(first: String, second: [String])] {
        let prefix = amount.rawValue
        switch kind {
        case "object":
            return [
                ("target", ["describedObject"]), ("metricName", ["metric", "name"]),
                ("selector", ["metric", "selector"]), ("\(prefix)Value", [prefix, "value"]),
                ("averageValue", [prefix, "averageValue"]),
            ]
        case "pods":
            return [
                ("metricName", ["metric", "name"]), ("selector", ["metric", "selector"]),
                ("\(prefix)AverageValue", [prefix, "averageValue"]),
            ]
        case "external":
            return [
                ("metricName", ["metric", "name"]), ("metricSelector", ["metric", "selector"]),
                ("\(prefix)Value", [prefix, "value"]), ("\(prefix)AverageValue", [prefix, "averageValue"]),
            ]
        default:
            return [
                ("name", ["name"]), ("container", ["container"]),
                ("\(prefix)AverageUtilization", [prefix, "averageUtilization"]),
                ("\(prefix)AverageValue", [prefix, "averageValue"]),
            ]
        }
    }
}

extension JSONObject {
    fileprivate func value(at path: [String]) -> JSONValue? {
        var value: JSONValue? = .object(self)
        for key in path { value = value?[key] }
        return value
    }
}
