internal import EdgeAPI
internal import EdgeJSON

/// Autoscaling, and the kinds by which an API server is extended.
extension TableLayouts {
    static let extensions: [String: [TableColumn]] = [
        "horizontalpodautoscalers.autoscaling": [
            .objectName,
            .text("Reference") { scaler in
                let target = scaler[path: "spec", "scaleTargetRef"] ?? .null
                return "\(target["kind"].text)/\(target["name"].text)"
            },
            .text("Targets") { AutoscalerTargets($0).text },
            .text("MinPods") { scaler in
                scaler[path: "spec", "minReplicas"].number.map(String.init) ?? "<unset>"
            },
            .number("MaxPods") { $0[path: "spec", "maxReplicas"].number ?? 0 },
            .number("Replicas") { $0[path: "status", "currentReplicas"].number ?? 0 },
            .age,
        ],
        "customresourcedefinitions.apiextensions.k8s.io": [.objectName, .createdAt],
        "apiservices.apiregistration.k8s.io": [
            .objectName,
            .text("Service") { object in
                guard let service = object[path: "spec", "service"] else { return "Local" }
                return "\(service["namespace"].text)/\(service["name"].text)"
            },
            .text("Available") { object in
                let conditions = object[path: "status", "conditions"].views(of: Condition.self)
                guard let condition = conditions.first(where: { $0.type == "Available" }) else { return "" }
                return condition.isTrue ? "True" : "\(condition.status.rawValue) (\(condition.reason))"
            },
            .age,
        ],
        "validatingwebhookconfigurations.admissionregistration.k8s.io": webhookColumns,
        "mutatingwebhookconfigurations.admissionregistration.k8s.io": webhookColumns,
        "validatingadmissionpolicies.admissionregistration.k8s.io": policyColumns(
            "Validations", "validations"),
        "mutatingadmissionpolicies.admissionregistration.k8s.io": policyColumns("Mutations", "mutations"),
        "validatingadmissionpolicybindings.admissionregistration.k8s.io": policyBindingColumns,
        "mutatingadmissionpolicybindings.admissionregistration.k8s.io": policyBindingColumns,
        "deviceclasses.resource.k8s.io": [.objectName, .age],
        "resourceclaims.resource.k8s.io": [.objectName, .text("State") { claimState($0) }, .age],
        "resourceclaimtemplates.resource.k8s.io": [.objectName, .age],
        "resourceslices.resource.k8s.io": [
            .objectName,
            .text("Node") { object in
                let isEverywhere = object[path: "spec", "allNodes"].flag
                return isEverywhere ? "<all>" : object[path: "spec", "nodeName"].optionalText ?? "<unset>"
            },
            .text("Driver") { $0[path: "spec", "driver"].text },
            .text("Pool") { $0[path: "spec", "pool", "name"].text },
            .age,
        ],
        "flowschemas.flowcontrol.apiserver.k8s.io": [
            .objectName,
            .text("PriorityLevel") { $0[path: "spec", "priorityLevelConfiguration", "name"].text },
            .number("MatchingPrecedence") { $0[path: "spec", "matchingPrecedence"].number ?? 0 },
            .text("DistinguisherMethod") {
                CellText.orNone($0[path: "spec", "distinguisherMethod", "type"].text)
            },
            .age,
            .text("MissingPL") { object in
                let conditions = object[path: "status", "conditions"].views(of: Condition.self)
                return conditions.first { $0.type == "Dangling" }?.status.rawValue ?? "?"
            },
        ],
        "prioritylevelconfigurations.flowcontrol.apiserver.k8s.io": [
            .objectName,
            .text("Type") { $0[path: "spec", "type"].text },
            levelNumber("NominalConcurrencyShares") { level in
                level["limited"]?["nominalConcurrencyShares"]
            },
            levelNumber("Queues") { queuing($0)?["queues"] },
            levelNumber("HandSize") { queuing($0)?["handSize"] },
            levelNumber("QueueLengthLimit") { queuing($0)?["queueLengthLimit"] },
            .age,
        ],
    ]

    private static func policyColumns(_ name: String, _ key: String) -> [TableColumn] {
        [
            .objectName,
            .number(name) { ($0[path: "spec", key]?.array ?? []).count },
            .text("ParamKind") { object in
                guard let kind = object[path: "spec", "paramKind"] else { return "<unset>" }
                return "\(kind["apiVersion"].text)/\(kind["kind"].text)"
            },
            .age,
        ]
    }

    private static let policyBindingColumns: [TableColumn] = [
        .objectName,
        .text("PolicyName") { $0[path: "spec", "policyName"].text },
        .text("ParamRef") { object in
            guard let reference = object[path: "spec", "paramRef"] else { return "<unset>" }
            let namespace = reference["namespace"].text
            return "\(namespace.isEmpty ? "*" : namespace)/\(reference["name"].text)"
        },
        .age,
    ]

    /// A number of a priority level; those that have no queues or limits have none.
    private static func levelNumber(
        _ name: String, _ value: @escaping @Sendable (JSONValue) -> JSONValue?
    ) -> TableColumn {
        TableColumn(name: name) { object, _ in value(object["spec"] ?? .null) ?? "<none>" }
    }

    private static func queuing(_ spec: JSONValue) -> JSONValue? {
        spec[path: "limited", "limitResponse", "queuing"]
    }

    private static func claimState(_ claim: APIObject) -> String {
        let isAllocated = claim[path: "status", "allocation"] != nil
        let isReserved = !(claim[path: "status", "reservedFor"]?.array ?? []).isEmpty
        if claim.isBeingDeleted { return isAllocated ? "deleted,allocated" : "deleted" }
        guard isAllocated else { return "pending" }
        return isReserved ? "allocated,reserved" : "allocated"
    }

    private static let webhookColumns: [TableColumn] = [
        .objectName, .number("Webhooks") { ($0["webhooks"]?.array ?? []).count }, .age,
    ]
}

/// The current and wanted metrics of a HorizontalPodAutoscaler, as `cpu: 12%/80%`.
struct AutoscalerTargets {
    private let object: APIObject

    init(_ object: APIObject) { self.object = object }

    var text: String {
        if let target = object[path: "spec", "targetCPUUtilizationPercentage"].number {
            let current = object[path: "status", "currentCPUUtilizationPercentage"].number
            return "cpu: \(current.map { "\($0)%" } ?? "<unknown>")/\(target)%"
        }
        let metrics = object[path: "spec", "metrics"]?.array ?? []
        let current = object[path: "status", "currentMetrics"]?.array ?? []
        guard !metrics.isEmpty else { return "<none>" }
        let texts = metrics.enumerated().map { index, metric in
            metricText(metric, index < current.count ? current[index] : .null)
        }
        let list = texts.prefix(2).joined(separator: ", ")
        return texts.count > 2 ? "\(list) + \(texts.count - 2) more..." : list
    }

    private func metricText(_ metric: JSONValue, _ current: JSONValue) -> String {
        let type = metric["type"].text
        let key = type.prefix(1).lowercased() + type.dropFirst()
        guard let source = metric[key] else { return "<unknown type>" }
        let target = source["target"] ?? .null
        let now = current[key]?["current"] ?? .null
        let prefix = type == "Resource" || type == "ContainerResource" ? "\(source["name"].text): " : ""
        if let wanted = target["averageUtilization"].number {
            let value = now["averageUtilization"].number.map { "\($0)%" } ?? "<unknown>"
            return "\(prefix)\(value)/\(wanted)%"
        }
        if let wanted = target["averageValue"].quantity {
            let value = now["averageValue"].quantity?.description ?? "<unknown>"
            let suffix = type == "Object" || type == "External" ? " (avg)" : ""
            return "\(prefix)\(value)/\(wanted)\(suffix)"
        }
        let value = now["value"].quantity?.description ?? "<unknown>"
        return "\(prefix)\(value)/\(target["value"].quantity?.description ?? "<unset>")"
    }
}
