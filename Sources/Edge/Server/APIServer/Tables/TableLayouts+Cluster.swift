internal import EdgeAPI
internal import EdgeBase
internal import EdgeJSON

extension TableLayouts {
    static let cluster: [String: [TableColumn]] = [
        "nodes": [
            .objectName,
            .text("Status", Node.self) { nodeStatus($0) },
            .text("Roles", Node.self) { CellText.orNone($0.roles.joined(separator: ",")) },
            .age,
            .text("Version", Node.self) { $0.status.nodeInfo.kubeletVersion },
            .text("Internal-IP", Node.self, priority: 1) { CellText.orNone($0.internalIP ?? "") },
            .text("External-IP", Node.self, priority: 1) {
                CellText.orNone($0.addresses("ExternalIP").first ?? "")
            },
            .text("OS-Image", Node.self, priority: 1) { unknown($0.status.nodeInfo.osImage) },
            .text("Kernel-Version", Node.self, priority: 1) { unknown($0.status.nodeInfo.kernelVersion) },
            .text("Container-Runtime", Node.self, priority: 1) {
                unknown($0.status.nodeInfo.containerRuntimeVersion)
            },
        ],
        "namespaces": [
            .objectName, .text("Status", Namespace.self) { $0.status.phase }, .age,
        ],
        "configmaps": [
            .objectName,
            .number("Data", ConfigMap.self) { $0.data.count + $0.binaryData.count },
            .age,
        ],
        "secrets": [
            .objectName,
            .text("Type", Secret.self) { $0.type },
            .number("Data", Secret.self) { $0.data.count },
            .age,
        ],
        "serviceaccounts": [
            .objectName, .number("Secrets", ServiceAccount.self) { $0.secrets.count }, .age,
        ],
        "events": eventColumns,
        "events.events.k8s.io": eventColumns,
        "leases.coordination.k8s.io": [
            .objectName, .text("Holder", Lease.self) { $0.spec.holderIdentity ?? "" }, .age,
        ],
        "resourcequotas": [
            .objectName,
            .text("Request") { quota($0, limits: false) },
            .text("Limit") { quota($0, limits: true) },
            .age,
        ],
        "limitranges": [.objectName, .createdAt],
        "componentstatuses": [
            .objectName,
            .text("Status") { object in
                let condition = Condition(object["conditions"]?.array?.first ?? .null)
                return condition.isTrue ? "Healthy" : "Unhealthy"
            },
            .text("Message") { $0["conditions"]?.array?.first?["message"].text ?? "" },
            .text("Error") { $0["conditions"]?.array?.first?["error"].text ?? "" },
        ],
        "priorityclasses.scheduling.k8s.io": [
            .objectName,
            .number("Value", PriorityClass.self) { $0.value },
            TableColumn(name: "Global-Default", type: "boolean") { object, _ in
                .bool(PriorityClass(object).globalDefault)
            },
            .age,
            .text("PreemptionPolicy", PriorityClass.self) { $0.preemptionPolicy },
        ],
        "runtimeclasses.node.k8s.io": [
            .objectName, .text("Handler") { $0["handler"].text }, .age,
        ],
    ]

    private static func unknown(_ text: String) -> String { text.isEmpty ? "<unknown>" : text }

    private static func nodeStatus(_ node: Node) -> String {
        var words: [String] = []
        switch node.status.condition("Ready") {
        case nil: words.append("Unknown")
        case let condition?: words.append(condition.isTrue ? "Ready" : "NotReady")
        }
        if node.spec.unschedulable { words.append("SchedulingDisabled") }
        return words.joined(separator: ",")
    }

    /// `cpu: 1/2, memory: 512Mi/1Gi`: used and allowed.
    private static func quota(_ object: APIObject, limits: Bool) -> String {
        let hard = object[path: "status", "hard"].quantities
        let used = object[path: "status", "used"].quantities
        return hard.filter { $0.key.hasPrefix("limits.") == limits }.sorted { $0.key < $1.key }
            .map { "\($0.key): \(used[$0.key] ?? .zero)/\($0.value)" }.joined(separator: ", ")
    }
}
