internal import EdgeAPI
internal import EdgeJSON

extension TableLayouts {
    static let pods: [String: [TableColumn]] = [
        "pods": [
            .objectName,
            .text("Ready", Pod.self) {
                let summary = PodSummary($0)
                return "\(summary.ready)/\(summary.total)"
            },
            .text("Status", Pod.self) { PodSummary($0).reason },
            .timed("Restarts", Pod.self) { pod, context in
                let summary = PodSummary(pod)
                guard summary.restarts > 0, let last = summary.lastRestart else {
                    return String(summary.restarts)
                }
                return "\(summary.restarts) (\(context.age(last)) ago)"
            },
            .age,
            .text("IP", Pod.self, priority: 1) { CellText.orNone($0.addresses.first ?? "") },
            .text("Node", Pod.self, priority: 1) { CellText.orNone($0.nodeName) },
            .text("Nominated Node", Pod.self, priority: 1) { CellText.orNone($0.status.nominatedNodeName) },
            .text("Readiness Gates", Pod.self, priority: 1) { readinessGates($0) },
        ],
        "podtemplates": [
            .objectName,
            .text("Containers") { templateContainers($0).map(\.name).joined(separator: ",") },
            .text("Images") { templateContainers($0).map(\.image).joined(separator: ",") },
            .text("Pod Labels") {
                CellText.labels($0[path: "template", "metadata", "labels"].stringMap)
            },
        ],
    ]

    private static func templateContainers(_ object: APIObject) -> [Container] {
        PodTemplateSpec(object["template"] ?? .null).spec.containers
    }

    private static func readinessGates(_ pod: Pod) -> String {
        let gates = pod.spec.readinessGates
        guard !gates.isEmpty else { return "<none>" }
        let status = pod.status
        let open = gates.count { status.isTrue($0.conditionType) }
        return "\(open)/\(gates.count)"
    }
}
