internal import EdgeJSON

/// Fills in the defaults of built-in kinds, as Kubernetes does when it decodes an object. Applying it twice
/// changes nothing more.
public enum Defaulter {
    /// `group` is empty for the core group. Kinds without defaults are left as they are.
    public static func apply(to object: inout APIObject, group: String, kind: String) {
        guard let defaults = table[group.isEmpty ? kind : "\(kind).\(group)"] else { return }
        var value = object.value
        object.json = JSONObject()
        defaults(&value)
        object.json = value.object ?? JSONObject()
    }

    typealias Defaults = @Sendable (inout JSONValue) -> Void

    /// By kind and group, as in `Deployment.apps`.
    static let table: [String: Defaults] = [
        "Pod": pod,
        "PodTemplate": { $0.update("template") { podTemplate(&$0) } },
        "ReplicationController": replicationController,
        "Deployment.apps": deployment,
        "ReplicaSet.apps": replicaSet,
        "StatefulSet.apps": statefulSet,
        "DaemonSet.apps": daemonSet,
        "Job.batch": job,
        "CronJob.batch": cronJob,
        "Service": service,
        "Endpoints": endpoints,
        "EndpointSlice.discovery.k8s.io": endpointSlice,
        "IngressClass.networking.k8s.io": ingressClass,
        "NetworkPolicy.networking.k8s.io": networkPolicy,
        "Namespace": namespace,
        "Node": node,
        "Secret": secret,
        "LimitRange": limitRange,
        "ResourceQuota": resourceQuota,
        "PersistentVolume": persistentVolume,
        "PersistentVolumeClaim": persistentVolumeClaim,
        "StorageClass.storage.k8s.io": storageClass,
        "CSIDriver.storage.k8s.io": csiDriver,
        "PriorityClass.scheduling.k8s.io": { $0.setDefault("preemptionPolicy", "PreemptLowerPriority") },
        "FlowSchema.flowcontrol.apiserver.k8s.io": { schema in
            schema.update("spec") { $0.setDefaultIfEmpty("matchingPrecedence", 1000) }
        },
        "PriorityLevelConfiguration.flowcontrol.apiserver.k8s.io": priorityLevel,
        "RoleBinding.rbac.authorization.k8s.io": roleBinding,
        "ClusterRoleBinding.rbac.authorization.k8s.io": roleBinding,
        "HorizontalPodAutoscaler.autoscaling": horizontalPodAutoscaler,
        "ValidatingWebhookConfiguration.admissionregistration.k8s.io": {
            $0.updateEach("webhooks") { webhook(&$0) }
        },
        "MutatingWebhookConfiguration.admissionregistration.k8s.io": {
            $0.updateEach("webhooks") {
                webhook(&$0)
                $0.setDefault("reinvocationPolicy", "Never")
            }
        },
        "ValidatingAdmissionPolicy.admissionregistration.k8s.io": admissionPolicy,
        "ValidatingAdmissionPolicyBinding.admissionregistration.k8s.io": admissionPolicyBinding,
        "MutatingAdmissionPolicy.admissionregistration.k8s.io": {
            admissionPolicy(&$0)
            $0.update("spec") { $0.setDefault("reinvocationPolicy", "Never") }
        },
        "MutatingAdmissionPolicyBinding.admissionregistration.k8s.io": admissionPolicyBinding,
        "CustomResourceDefinition.apiextensions.k8s.io": customResourceDefinition,
        "APIService.apiregistration.k8s.io": {
            $0.update("spec") { $0.update("service") { $0.setDefault("port", 443) } }
        },
    ]
}
