internal import EdgeAPI
internal import EdgeBase
internal import EdgeClient
internal import EdgeJSON

/// What a description is made from: the object, and a way to what belongs to it.
struct Describer: Sendable {
    let info: ResourceInfo
    let session: Session
    let showsEvents: Bool
    let chunkSize: Int

    typealias Body = @Sendable (Describer, inout Description) async throws -> Void

    var object: APIObject { info.content }
    var now: Timestamp { session.environment.clock.now }

    /// How each kind is described, by its name and group; all else generically.
    private static let bodies: [String: Body] = [
        "Pod": DescribePod.write, "Node": DescribeNode.write, "Service": DescribeService.write,
        "Endpoints": DescribeEndpoints.endpoints, "EndpointSlice.discovery.k8s.io": DescribeEndpoints.slice,
        "Ingress.networking.k8s.io": DescribeIngress.write,
        "Deployment.apps": DescribeWorkloads.deployment, "ReplicaSet.apps": DescribeWorkloads.replicaSet,
        "ReplicationController": DescribeWorkloads.replicationController,
        "StatefulSet.apps": DescribeWorkloads.statefulSet, "DaemonSet.apps": DescribeWorkloads.daemonSet,
        "HorizontalPodAutoscaler.autoscaling": DescribeAutoscaler.write,
        "Job.batch": DescribeJobs.job, "CronJob.batch": DescribeJobs.cronJob,
        "ConfigMap": DescribeConfig.configMap, "Secret": DescribeConfig.secret,
        "ServiceAccount": DescribeConfig.serviceAccount, "Namespace": DescribeNamespace.write,
        "ResourceQuota": DescribeNamespace.quota,
        "PersistentVolume": DescribeStorage.volume, "PersistentVolumeClaim": DescribeStorage.claim,
        "StorageClass.storage.k8s.io": DescribeStorage.storageClass,
        "Role.rbac.authorization.k8s.io": DescribeRBAC.role,
        "ClusterRole.rbac.authorization.k8s.io": DescribeRBAC.role,
        "RoleBinding.rbac.authorization.k8s.io": DescribeRBAC.binding,
        "ClusterRoleBinding.rbac.authorization.k8s.io": DescribeRBAC.binding,
        "PriorityClass.scheduling.k8s.io": DescribeConfig.priorityClass,
    ]

    func text() async throws -> String {
        let kind = info.resource.kind + (info.resource.group.isEmpty ? "" : ".\(info.resource.group)")
        var description = Description()
        try await (Self.bodies[kind] ?? DescribeGeneric.write)(self, &description)
        return description.text()
    }

    // MARK: What belongs to the object

    func list(
        _ kind: String, _ apiVersion: String, namespace: String, labelSelector: String = "",
        fieldSelector: String = ""
    ) async throws -> [APIObject] {
        try await session.resources().list(
            try APIResource.builtIn(apiVersion: apiVersion, kind: kind),
            .init(
                namespace: namespace, labelSelector: labelSelector, fieldSelector: fieldSelector,
                chunkSize: chunkSize)
        ).objects
    }

    /// Running, pending, succeeded and failed pods of a controller.
    func podCounts() async throws -> String {
        let selector = try LabelSelectorText.text(object[path: "spec", "selector"])
        let pods = try await list("Pod", "v1", namespace: object.namespace, labelSelector: selector)
            .filter { $0.controllerReference?.uid == object.uid }
        func count(_ phase: String) -> Int { pods.count { $0[path: "status", "phase"]?.string == phase } }
        return
            "\(count("Running")) Running / \(count("Pending")) Waiting / \(count("Succeeded")) Succeeded / "
            + "\(count("Failed")) Failed"
    }

    /// The events section; nothing when events are not wanted or cannot be read.
    func events(to description: inout Description) async {
        guard showsEvents else { return }
        var selector = "involvedObject.name=\(object.name)"
        if !object.namespace.isEmpty { selector += ",involvedObject.namespace=\(object.namespace)" }
        if info.resource.kind != "Pod" { selector += ",involvedObject.kind=\(info.resource.kind)" }
        let uid = object[annotation: "kubernetes.io/config.mirror"] ?? object.uid
        guard
            var found = try? await list(
                "Event", "v1", namespace: object.namespace,
                fieldSelector: selector + (uid.isEmpty ? "" : ",involvedObject.uid=\(uid)"))
        else { return }
        if info.resource.kind == "Node" {
            // A node's agent names the node where others give its uid.
            found +=
                (try? await list(
                    "Event", "v1", namespace: "",
                    fieldSelector: "\(selector),involvedObject.uid=\(object.name)")) ?? []
        }
        Self.write(EventText.sorted(found), now: now, to: &description)
    }

    static func write(_ events: [APIObject], now: Timestamp, to description: inout Description) {
        guard !events.isEmpty else { return description.field(0, "Events", "<none>") }
        description.endAlignment()
        description.line(0, "Events:")
        description.line(1, "Type\tReason\tAge\tFrom\tMessage")
        description.line(1, "----\t------\t----\t----\t-------")
        for event in events {
            let component = event[path: "source", "component"]?.string ?? ""
            let source = component.isEmpty ? event["reportingComponent"].shown : component
            var message = event["message"].shown.trimmed
            let fieldPath = event[path: "involvedObject", "fieldPath"].shown
            if !fieldPath.isEmpty { message = "\(fieldPath): \(message)" }
            description.line(
                1,
                "\(event["type"].shown)\t\(event["reason"].shown)\t\(EventText.interval(event, now: now))\t"
                    + "\(source)\t\(message)")
        }
    }
}
