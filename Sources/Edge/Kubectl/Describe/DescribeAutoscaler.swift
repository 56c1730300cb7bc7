internal import EdgeAPI
internal import EdgeJSON

/// HorizontalPodAutoscalers (autoscaling/v2).
enum DescribeAutoscaler {
    @Sendable static func write(_ describer: Describer, _ description: inout Description) async throws {
        let object = describer.object
        let (spec, status) = (object["spec"], object["status"])
        let target = spec?["scaleTargetRef"]
        description.head(object)
        description.field(
            0, "CreationTimestamp", LocalTime.rfc1123(object[path: "metadata", "creationTimestamp"]?.string))
        description.field(0, "Reference", "\((target?["kind"]).shown)/\((target?["name"]).shown)")
        let current = (status?["currentMetrics"]).elements
        description.field(0, "Metrics", "( current / target )")
        for (index, metric) in (spec?["metrics"]).elements.enumerated() {
            write(metric, index < current.count ? current[index] : nil, to: &description)
        }
        let minimum = (spec?["minReplicas"]).shown
        description.field(0, "Min replicas", minimum.isEmpty ? "<unset>" : minimum)
        description.field(0, "Max replicas", "\((spec?["maxReplicas"]).whole)")
        if let behavior = spec?["behavior"], !behavior.isNull {
            description.line(0, "Behavior:")
            for (field, title) in [("scaleUp", "Scale Up"), ("scaleDown", "Scale Down")] {
                if let rules = behavior[field] { write(title, rules, to: &description) }
            }
        }
        description.field(
            0, "\((target?["kind"]).shown) pods",
            "\((status?["currentReplicas"]).whole) current / \((status?["desiredReplicas"]).whole) desired")
        conditions((status?["conditions"]).elements, to: &description)
        await describer.events(to: &description)
    }

    private static func write(_ metric: JSONValue, _ current: JSONValue?, to description: inout Description) {
        func source(_ name: String) -> (wanted: JSONValue?, found: JSONValue?) {
            (metric[name], current?[name]?["current"])
        }
        switch metric["type"].shown {
        case "External":
            let (wanted, found) = source("external")
            let name = goQuoted((wanted?["metric"]?["name"]).shown)
            let isAverage = wanted?["target"]?["averageValue"] != nil
            values("\(name) (target \(isAverage ? "average " : "")value)", wanted, found, to: &description)
        case "Pods":
            let (wanted, found) = source("pods")
            values("\(goQuoted((wanted?["metric"]?["name"]).shown)) on pods", wanted, found, to: &description)
        case "Object":
            let (wanted, found) = source("object")
            let described = wanted?["describedObject"]
            let isAverage = wanted?["target"]?["averageValue"] != nil
            values(
                "\(goQuoted((wanted?["metric"]?["name"]).shown)) on "
                    + "\((described?["kind"]).shown)/\((described?["name"]).shown) "
                    + "(target \(isAverage ? "average " : "")value)", wanted, found, to: &description)
        case "Resource":
            let (wanted, found) = source("resource")
            values("resource \((wanted?["name"]).shown) on pods", wanted, found, to: &description)
        case "ContainerResource":
            let (wanted, found) = source("containerResource")
            let container = goQuoted((wanted?["container"]).shown)
            values(
                "resource \((wanted?["name"]).shown) of container \(container) on pods", wanted, found,
                to: &description)
        case let other:
            description.line(1, "<unknown metric type \(goQuoted(other))>")
        }
    }

    /// `<what>: <current> / <target>` in the unit of the target.
    private static func values(
        _ what: String, _ wanted: JSONValue?, _ found: JSONValue?, to description: inout Description
    ) {
        let target = wanted?["target"]
        if let share = target?["averageUtilization"]?.int {
            let now = found?["averageUtilization"]?.int.map {
                "\($0)% (\((found?["averageValue"]).quantityText))"
            }
            let share = "\(now ?? "<unknown>") / \(share)%"
            return description.field(1, "\(what)  (as a percentage of request)", share)
        }
        let member = target?["averageValue"] != nil ? "averageValue" : "value"
        let now = found?[member] == nil ? "<unknown>" : (found?[member]).quantityText
        description.field(1, what, "\(now) / \((target?[member]).quantityText)")
    }

    private static func write(_ title: String, _ rules: JSONValue, to description: inout Description) {
        description.line(1, "\(title):")
        if let window = rules["stabilizationWindowSeconds"]?.int {
            description.line(2, "Stabilization Window: \(window) seconds")
        }
        let policies = rules["policies"].elements
        guard !policies.isEmpty else { return }
        let selected = rules["selectPolicy"].shown
        description.line(2, "Select Policy: \(selected.isEmpty ? "Max" : selected)")
        description.line(2, "Policies:")
        for policy in policies {
            description.line(
                3,
                "- Type: \(policy["type"].shown)\tValue: \(policy["value"].whole)\t"
                    + "Period: \(policy["periodSeconds"].whole) seconds")
        }
    }

    private static func conditions(_ conditions: [JSONValue], to description: inout Description) {
        guard !conditions.isEmpty else { return }
        description.line(0, "Conditions:")
        description.line(1, "Type\tStatus\tReason\tMessage")
        description.line(1, "----\t------\t------\t-------")
        for condition in conditions {
            let cells = ["type", "status", "reason", "message"].map { condition[$0].shown }
            description.line(1, cells.joined(separator: "\t"))
        }
    }
}
