internal import EdgeJSON

extension ResourceStrategy {
    /// The strategy of a built-in kind; `group` is empty for the core group. Kinds without an entry have no
    /// status and nothing special.
    public static func of(group: String, kind: String) -> ResourceStrategy {
        table[group.isEmpty ? kind : "\(kind).\(group)"] ?? ResourceStrategy(hasStatus: false)
    }

    private static let table: [String: ResourceStrategy] = core.merging(groups) { first, _ in first }

    private static let plain = ResourceStrategy(hasStatus: false)
    private static let workload = ResourceStrategy(tracksGeneration: true)

    private static let core: [String: ResourceStrategy] = [
        "Pod": ResourceStrategy(tracksGeneration: true, create: createPod),
        "Service": ResourceStrategy(
            allowsCreateOnUpdate: true, nameRule: .rfc1035Label,
            create: { $0["status"] = ["loadBalancer": [:]] }, update: updateService),
        "ReplicationController": workload,
        "PodTemplate": ResourceStrategy(hasStatus: false, tracksGeneration: true),
        "Namespace": ResourceStrategy(
            nameRule: .label, create: createNamespace,
            update: { new, old in new[path: "spec", "finalizers"] = old[path: "spec", "finalizers"] }),
        // The kubelet creates its node with the status.
        "Node": ResourceStrategy(
            hasStatus: false, update: { new, old in new["status"] = old["status"] }),
        "Endpoints": ResourceStrategy(hasStatus: false, allowsCreateOnUpdate: true),
        "Event": ResourceStrategy(hasStatus: false, allowsCreateOnUpdate: true),
        "LimitRange": ResourceStrategy(hasStatus: false, allowsCreateOnUpdate: true),
        "ResourceQuota": ResourceStrategy(),
        "ConfigMap": plain,
        "Secret": plain,
        "ServiceAccount": plain,
        "PersistentVolume": ResourceStrategy(create: { $0["status"] = ["phase": "Pending"] }),
        "PersistentVolumeClaim": ResourceStrategy(create: { $0["status"] = ["phase": "Pending"] }),
    ]

    private static let groups: [String: ResourceStrategy] = [
        "Deployment.apps": ResourceStrategy(
            tracksGeneration: true, countsAnnotations: true),
        "ReplicaSet.apps": workload,
        // Its pods' names begin with its own, and are host names.
        "StatefulSet.apps": ResourceStrategy(tracksGeneration: true, nameRule: .label),
        "DaemonSet.apps": ResourceStrategy(
            tracksGeneration: true, create: createDaemonSet, update: updateDaemonSet),
        "Job.batch": ResourceStrategy(tracksGeneration: true, create: createJob),
        "CronJob.batch": workload,
        "EndpointSlice.discovery.k8s.io": ResourceStrategy(hasStatus: false, tracksGeneration: true),
        "Event.events.k8s.io": ResourceStrategy(hasStatus: false, allowsCreateOnUpdate: true),
        "Lease.coordination.k8s.io": ResourceStrategy(
            hasStatus: false, allowsUnconditionalUpdate: false, allowsCreateOnUpdate: true),
        "Ingress.networking.k8s.io": workload,
        "IngressClass.networking.k8s.io": ResourceStrategy(hasStatus: false, tracksGeneration: true),
        "NetworkPolicy.networking.k8s.io": ResourceStrategy(hasStatus: false, tracksGeneration: true),
        "ServiceCIDR.networking.k8s.io": ResourceStrategy(),
        "IPAddress.networking.k8s.io": ResourceStrategy(hasStatus: false),
        "PodDisruptionBudget.policy": ResourceStrategy(
            tracksGeneration: true, allowsUnconditionalUpdate: false),
        "HorizontalPodAutoscaler.autoscaling": ResourceStrategy(),
        "Role.rbac.authorization.k8s.io": role,
        "ClusterRole.rbac.authorization.k8s.io": role,
        "RoleBinding.rbac.authorization.k8s.io": role,
        "ClusterRoleBinding.rbac.authorization.k8s.io": role,
        "CertificateSigningRequest.certificates.k8s.io": ResourceStrategy(
            nameRule: .subdomain, update: { new, old in new["spec"] = old["spec"] }),
        "PriorityClass.scheduling.k8s.io": ResourceStrategy(hasStatus: false, tracksGeneration: true),
        "RuntimeClass.node.k8s.io": ResourceStrategy(hasStatus: false, allowsUnconditionalUpdate: false),
        "CSIDriver.storage.k8s.io": ResourceStrategy(
            hasStatus: false, tracksGeneration: true, allowsUnconditionalUpdate: false),
        "CSINode.storage.k8s.io": ResourceStrategy(hasStatus: false, allowsUnconditionalUpdate: false),
        "VolumeAttachment.storage.k8s.io": ResourceStrategy(allowsUnconditionalUpdate: false),
        "StorageClass.storage.k8s.io": plain,
        "VolumeAttributesClass.storage.k8s.io": plain,
        "CSIStorageCapacity.storage.k8s.io": ResourceStrategy(
            hasStatus: false, allowsUnconditionalUpdate: false),
        "ControllerRevision.apps": plain,
        "CustomResourceDefinition.apiextensions.k8s.io": ResourceStrategy(
            tracksGeneration: true, allowsUnconditionalUpdate: false, create: recordStorageVersion,
            update: { new, _ in recordStorageVersion(&new) }),
        "APIService.apiregistration.k8s.io": ResourceStrategy(
            allowsUnconditionalUpdate: false, nameRule: .pathSegment),
        "ValidatingWebhookConfiguration.admissionregistration.k8s.io": webhooks,
        "MutatingWebhookConfiguration.admissionregistration.k8s.io": webhooks,
        "ValidatingAdmissionPolicy.admissionregistration.k8s.io": ResourceStrategy(
            tracksGeneration: true, allowsUnconditionalUpdate: false),
        "ValidatingAdmissionPolicyBinding.admissionregistration.k8s.io": webhooks,
        "MutatingAdmissionPolicy.admissionregistration.k8s.io": webhooks,
        "MutatingAdmissionPolicyBinding.admissionregistration.k8s.io": webhooks,
        "FlowSchema.flowcontrol.apiserver.k8s.io": workload,
        "PriorityLevelConfiguration.flowcontrol.apiserver.k8s.io": workload,
        "ResourceClaim.resource.k8s.io": ResourceStrategy(),
        "ResourceClaimTemplate.resource.k8s.io": plain,
        "DeviceClass.resource.k8s.io": ResourceStrategy(hasStatus: false, tracksGeneration: true),
        "ResourceSlice.resource.k8s.io": ResourceStrategy(hasStatus: false, tracksGeneration: true),
    ]

    /// Names of RBAC objects may hold what a path may hold, such as `system:node`.
    private static let role = ResourceStrategy(
        hasStatus: false, allowsCreateOnUpdate: true, nameRule: .pathSegment)

    private static let webhooks = ResourceStrategy(
        hasStatus: false, tracksGeneration: true, allowsUnconditionalUpdate: false)
}
