extension ObjectValidator {
    /// By kind and group, as in `Deployment.apps`.
    static let rules: [String: Rule] = core.merging(groups) { first, _ in first }

    private static let core: [String: Rule] = [
        "Pod": pod,
        "PodTemplate": podTemplate,
        "ReplicationController": replicationController,
        "Service": service,
        "Endpoints": endpoints,
        "Namespace": namespace,
        "Node": node,
        "ConfigMap": configMap,
        "Secret": secret,
        "ServiceAccount": serviceAccount,
        "Event": event,
        "PersistentVolume": persistentVolume,
        "PersistentVolumeClaim": persistentVolumeClaim,
        "ResourceQuota": resourceQuota,
        "LimitRange": limitRange,
    ]

    private static let groups: [String: Rule] = [
        "Deployment.apps": deployment,
        "ReplicaSet.apps": replicaSet,
        "StatefulSet.apps": statefulSet,
        "DaemonSet.apps": daemonSet,
        "ControllerRevision.apps": controllerRevision,
        "Job.batch": job,
        "CronJob.batch": cronJob,
        "EndpointSlice.discovery.k8s.io": endpointSlice,
        "Ingress.networking.k8s.io": ingress,
        "IngressClass.networking.k8s.io": ingressClass,
        "NetworkPolicy.networking.k8s.io": networkPolicy,
        "StorageClass.storage.k8s.io": storageClass,
        "Lease.coordination.k8s.io": lease,
        "Role.rbac.authorization.k8s.io": role,
        "ClusterRole.rbac.authorization.k8s.io": clusterRole,
        "RoleBinding.rbac.authorization.k8s.io": roleBinding,
        "ClusterRoleBinding.rbac.authorization.k8s.io": clusterRoleBinding,
        "PriorityClass.scheduling.k8s.io": priorityClass,
        "RuntimeClass.node.k8s.io": runtimeClass,
        "CertificateSigningRequest.certificates.k8s.io": certificateSigningRequest,
        "PodDisruptionBudget.policy": podDisruptionBudget,
        "HorizontalPodAutoscaler.autoscaling": horizontalPodAutoscaler,
        "CustomResourceDefinition.apiextensions.k8s.io": customResourceDefinition,
        "ValidatingWebhookConfiguration.admissionregistration.k8s.io": validatingWebhookConfiguration,
        "MutatingWebhookConfiguration.admissionregistration.k8s.io": mutatingWebhookConfiguration,
        "APIService.apiregistration.k8s.io": apiService,
    ]

    static let statusRules: [String: StatusRule] = [
        "Pod": podStatus,
        "Node": nodeStatus,
        "ReplicationController": replicaCounts,
        "Deployment.apps": deploymentStatus,
        "ReplicaSet.apps": replicaCounts,
        "StatefulSet.apps": replicaCounts,
        "DaemonSet.apps": counts,
        "Job.batch": counts,
        "CustomResourceDefinition.apiextensions.k8s.io": customResourceDefinitionStatus,
    ]
}
