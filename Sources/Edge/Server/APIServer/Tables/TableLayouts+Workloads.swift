internal import EdgeAPI
internal import EdgeJSON

extension TableLayouts {
    static let workloads: [String: [TableColumn]] = [
        "deployments.apps": [
            .objectName,
            .text("Ready", Deployment.self) { "\($0.status.readyReplicas)/\($0.spec.replicas)" },
            .number("Up-to-date", Deployment.self) { $0.status.updatedReplicas },
            .number("Available", Deployment.self) { $0.status.availableReplicas },
            .age,
        ] + TableColumn.pods(Deployment.self) { $0.spec.template } + [specSelector],
        "replicasets.apps": [
            .objectName,
            .number("Desired", ReplicaSet.self) { $0.spec.replicas },
            .number("Current", ReplicaSet.self) { $0.status.replicas },
            .number("Ready", ReplicaSet.self) { $0.status.readyReplicas },
            .age,
        ] + TableColumn.pods(ReplicaSet.self) { $0.spec.template } + [specSelector],
        "replicationcontrollers": [
            .objectName,
            .number("Desired") { $0[path: "spec", "replicas"].number ?? 0 },
            .number("Current") { $0[path: "status", "replicas"].number ?? 0 },
            .number("Ready") { $0[path: "status", "readyReplicas"].number ?? 0 },
            .age,
            .text("Containers", priority: 1) { containers($0).map(\.name).joined(separator: ",") },
            .text("Images", priority: 1) { containers($0).map(\.image).joined(separator: ",") },
            .text("Selector", priority: 1) { CellText.labels($0[path: "spec", "selector"].stringMap) },
        ],
        "statefulsets.apps": [
            .objectName,
            .text("Ready", StatefulSet.self) { "\($0.status.readyReplicas)/\($0.spec.replicas)" },
            .age,
        ] + TableColumn.pods(StatefulSet.self) { $0.spec.template },
        "daemonsets.apps": [
            .objectName,
            .number("Desired", DaemonSet.self) { $0.status.desiredNumberScheduled },
            .number("Current", DaemonSet.self) { $0.status.currentNumberScheduled },
            .number("Ready", DaemonSet.self) { $0.status.numberReady },
            .number("Up-to-date", DaemonSet.self) { $0.status.updatedNumberScheduled },
            .number("Available", DaemonSet.self) { $0.status.numberAvailable },
            .text("Node Selector", DaemonSet.self) {
                CellText.labels($0.spec.template.spec.nodeSelector)
            },
            .age,
        ] + TableColumn.pods(DaemonSet.self) { $0.spec.template } + [specSelector],
        "controllerrevisions.apps": [
            .objectName,
            .text("Controller", ControllerRevision.self) { revision in
                guard let owner = revision.controllerReference else { return "<none>" }
                let group = owner.apiVersion.split(separator: "/").dropLast().joined()
                let kind = owner.kind.lowercased()
                return "\(group.isEmpty ? kind : "\(kind).\(group)")/\(owner.name)"
            },
            .number("Revision", ControllerRevision.self) { $0.revision },
            .age,
        ],
    ]

    static let specSelector = TableColumn.selector { $0[path: "spec", "selector"] }

    private static func containers(_ object: APIObject) -> [Container] {
        PodTemplateSpec(object[path: "spec", "template"] ?? .null).spec.containers
    }
}
