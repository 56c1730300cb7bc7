#!/usr/bin/env python3
"""Writes Sources/Edge/API/Schema/SchemaTable.swift from the reference table of the Kubernetes API.

    Scripts/generate-schema.py kubernetes-api.json > Sources/Edge/API/Schema/SchemaTable.swift

The reference table holds what the published API documents say. What they leave out stands here: short names
and categories of resources, and how Go writes a field whose value is empty.

The output is one text literal, read by SchemaParser at the first use. A line is a record:

    R <plural> <group> <version> <Kind> <scope> <short names> <categories> <verbs>
    S <subresource> <group> <version> <Kind> <verbs>              belongs to the resource above
    T <type name> <group/version/Kind> <flags>                    its fields follow
    <field> <type> <protobuf path> <flags> <merge key> <list keys>

"-" stands for nothing; trailing nothings are left out. Types: s string, b bool, i int32, l int64, d double,
q quantity, o int-or-string, t time, u microtime, y bytes, r RawExtension, F FieldsV1, J JSON, A B C a JSON schema
or an array, a bool, strings; else the name of a type; [T] list, {T} map with string keys.
Field flags: r required, e written even when empty, p the absent value differs from the empty one,
a s m list type (atomic, set, map), M R X patch strategy (merge, retainKeys, replace), A atomic map or struct.
"""
import json
import sys

SHORT_NAMES = {
    "componentstatuses": "cs", "configmaps": "cm", "endpoints": "ep", "events": "ev", "limitranges": "limits",
    "namespaces": "ns", "nodes": "no", "persistentvolumeclaims": "pvc", "persistentvolumes": "pv", "pods": "po",
    "replicationcontrollers": "rc", "resourcequotas": "quota", "serviceaccounts": "sa", "services": "svc",
    "customresourcedefinitions": "crd,crds", "daemonsets": "ds", "deployments": "deploy", "replicasets": "rs",
    "statefulsets": "sts", "horizontalpodautoscalers": "hpa", "cronjobs": "cj", "ingresses": "ing",
    "certificatesigningrequests": "csr", "networkpolicies": "netpol", "poddisruptionbudgets": "pdb",
    "priorityclasses": "pc", "storageclasses": "sc", "volumeattributesclasses": "vac", "ipaddresses": "ip",
}
CATEGORIES = {
    "all": "pods replicationcontrollers services daemonsets deployments replicasets statefulsets "
           "horizontalpodautoscalers cronjobs jobs",
    "api-extensions": "customresourcedefinitions apiservices mutatingwebhookconfigurations "
                      "validatingwebhookconfigurations mutatingadmissionpolicies mutatingadmissionpolicybindings "
                      "validatingadmissionpolicies validatingadmissionpolicybindings",
}
CONNECT_VERBS = {"nodes/proxy": "cdgpu", "pods/proxy": "cdgpu", "services/proxy": "cdgpu"}

# Scalars whose absence means something else than their zero value, and other pointers that Go writes as null.
OPTIONAL_SCALARS = """
admissionregistration.v1.MatchResources matchPolicy
admissionregistration.v1.MutatingAdmissionPolicySpec failurePolicy
admissionregistration.v1.MutatingWebhook failurePolicy matchPolicy reinvocationPolicy sideEffects timeoutSeconds
admissionregistration.v1.NamedRuleWithOperations scope
admissionregistration.v1.ParamRef parameterNotFoundAction
admissionregistration.v1.RuleWithOperations scope
admissionregistration.v1.ServiceReference path port
admissionregistration.v1.ValidatingAdmissionPolicySpec failurePolicy
admissionregistration.v1.ValidatingWebhook failurePolicy matchPolicy sideEffects timeoutSeconds
admissionregistration.v1.Validation reason
admissionregistration.v1.WebhookClientConfig url
apps.v1.DaemonSetSpec revisionHistoryLimit selector
apps.v1.DaemonSetStatus collisionCount
apps.v1.DeploymentSpec progressDeadlineSeconds replicas revisionHistoryLimit selector
apps.v1.DeploymentStatus collisionCount terminatingReplicas
apps.v1.ReplicaSetSpec replicas selector
apps.v1.ReplicaSetStatus terminatingReplicas
apps.v1.RollingUpdateDaemonSet maxSurge maxUnavailable
apps.v1.RollingUpdateDeployment maxSurge maxUnavailable
apps.v1.RollingUpdateStatefulSetStrategy maxUnavailable partition
apps.v1.StatefulSetSpec replicas revisionHistoryLimit selector
apps.v1.StatefulSetStatus collisionCount
authentication.v1.TokenRequestSpec boundObjectRef expirationSeconds
autoscaling.v1.HorizontalPodAutoscalerSpec minReplicas targetCPUUtilizationPercentage
autoscaling.v1.HorizontalPodAutoscalerStatus currentCPUUtilizationPercentage observedGeneration
autoscaling.v2.HPAScalingRules selectPolicy stabilizationWindowSeconds
autoscaling.v2.HorizontalPodAutoscalerSpec minReplicas
autoscaling.v2.HorizontalPodAutoscalerStatus observedGeneration
autoscaling.v2.MetricTarget averageUtilization
autoscaling.v2.MetricValueStatus averageUtilization
batch.v1.CronJobSpec failedJobsHistoryLimit startingDeadlineSeconds successfulJobsHistoryLimit suspend timeZone
batch.v1.JobSpec activeDeadlineSeconds backoffLimit backoffLimitPerIndex completionMode completions managedBy manualSelector maxFailedIndexes parallelism podReplacementPolicy suspend ttlSecondsAfterFinished
batch.v1.JobStatus failedIndexes ready terminating
batch.v1.PodFailurePolicyOnExitCodesRequirement containerName
batch.v1.SuccessPolicyRule succeededCount succeededIndexes
certificates.v1.CertificateSigningRequestSpec expirationSeconds
coordination.v1.LeaseSpec holderIdentity leaseDurationSeconds leaseTransitions preferredHolder strategy
core.v1.AppArmorProfile localhostProfile
core.v1.AzureDiskVolumeSource cachingMode fsType kind readOnly
core.v1.AzureFilePersistentVolumeSource secretNamespace
core.v1.CSIVolumeSource fsType readOnly
core.v1.ClientIPConfig timeoutSeconds
core.v1.ClusterTrustBundleProjection name optional signerName
core.v1.ConfigMap immutable
core.v1.ConfigMapEnvSource optional
core.v1.ConfigMapKeySelector optional
core.v1.ConfigMapProjection optional
core.v1.ConfigMapVolumeSource defaultMode optional
core.v1.Container restartPolicy
core.v1.ContainerStatus started stopSignal
core.v1.DownwardAPIVolumeFile mode
core.v1.DownwardAPIVolumeSource defaultMode
core.v1.EndpointAddress nodeName
core.v1.EndpointPort appProtocol
core.v1.EphemeralContainer restartPolicy
core.v1.FCVolumeSource lun
core.v1.FileKeySelector optional
core.v1.GRPCAction service
core.v1.GlusterfsPersistentVolumeSource endpointsNamespace
core.v1.HostPathVolumeSource type
core.v1.ISCSIPersistentVolumeSource initiatorName
core.v1.ISCSIVolumeSource initiatorName
core.v1.KeyToPath mode
core.v1.Lifecycle stopSignal
core.v1.LoadBalancerIngress ipMode
core.v1.LocalVolumeSource fsType
core.v1.NodeFeatures supplementalGroupsPolicy
core.v1.NodeRuntimeHandlerFeatures recursiveReadOnlyMounts userNamespaces
core.v1.NodeSwapStatus capacity
core.v1.PersistentVolumeClaimSpec storageClassName volumeAttributesClassName volumeMode
core.v1.PersistentVolumeClaimStatus currentVolumeAttributesClassName
core.v1.PersistentVolumeSpec volumeAttributesClassName volumeMode
core.v1.PodCertificateProjection maxExpirationSeconds
core.v1.PodDNSConfigOption value
core.v1.PodResourceClaim resourceClaimName resourceClaimTemplateName
core.v1.PodResourceClaimStatus resourceClaimName
core.v1.PodSchedulingGroup podGroupName
core.v1.PodSecurityContext fsGroup fsGroupChangePolicy runAsGroup runAsNonRoot runAsUser seLinuxChangePolicy supplementalGroupsPolicy
core.v1.PodSpec activeDeadlineSeconds automountServiceAccountToken enableServiceLinks hostUsers hostnameOverride preemptionPolicy priority runtimeClassName setHostnameAsFQDN shareProcessNamespace terminationGracePeriodSeconds
core.v1.PortStatus error
core.v1.Probe terminationGracePeriodSeconds
core.v1.ProjectedVolumeSource defaultMode
core.v1.ReplicationControllerSpec replicas
core.v1.ResourceHealth message
core.v1.ScaleIOPersistentVolumeSource secretRef
core.v1.ScaleIOVolumeSource secretRef
core.v1.SeccompProfile localhostProfile
core.v1.Secret immutable
core.v1.SecretEnvSource optional
core.v1.SecretKeySelector optional
core.v1.SecretProjection optional
core.v1.SecretVolumeSource defaultMode optional
core.v1.SecurityContext allowPrivilegeEscalation privileged procMount readOnlyRootFilesystem runAsGroup runAsNonRoot runAsUser
core.v1.ServiceAccount automountServiceAccountToken
core.v1.ServiceAccountTokenProjection expirationSeconds
core.v1.ServicePort appProtocol
core.v1.ServiceSpec allocateLoadBalancerNodePorts internalTrafficPolicy ipFamilyPolicy loadBalancerClass trafficDistribution
core.v1.Toleration tolerationSeconds
core.v1.TopologySpreadConstraint minDomains nodeAffinityPolicy nodeTaintsPolicy
core.v1.TypedLocalObjectReference apiGroup
core.v1.TypedObjectReference apiGroup namespace
core.v1.VolumeMount mountPropagation recursiveReadOnly
core.v1.VolumeMountStatus recursiveReadOnly
core.v1.WindowsSecurityContextOptions gmsaCredentialSpec gmsaCredentialSpecName hostProcess runAsUserName
discovery.v1.Endpoint hostname nodeName zone
discovery.v1.EndpointConditions ready serving terminating
discovery.v1.EndpointPort appProtocol name port protocol
flowcontrol.v1.ExemptPriorityLevelConfiguration lendablePercent nominalConcurrencyShares
flowcontrol.v1.LimitedPriorityLevelConfiguration borrowingLimitPercent lendablePercent nominalConcurrencyShares
networking.v1.HTTPIngressPath pathType
networking.v1.IngressClassParametersReference apiGroup namespace scope
networking.v1.IngressPortStatus error
networking.v1.IngressSpec ingressClassName
networking.v1.NetworkPolicyPort endPort port protocol
policy.v1.PodDisruptionBudgetSpec maxUnavailable minAvailable unhealthyPodEvictionPolicy
resource.v1.AllocatedDeviceStatus shareID
resource.v1.CapacityRequestPolicy default
resource.v1.Device allNodes allowMultipleAllocations bindsToNode nodeName
resource.v1.DeviceAttribute bool int string version
resource.v1.DeviceClassSpec extendedResourceName
resource.v1.DeviceConstraint distinctAttribute matchAttribute
resource.v1.DeviceRequestAllocationResult adminAccess shareID
resource.v1.DeviceToleration tolerationSeconds
resource.v1.ExactDeviceRequest adminAccess
resource.v1.NodeAllocatableResourceMapping capacityKey
resource.v1.ResourceSliceSpec allNodes nodeName perDeviceNodeSelection
scheduling.v1.PriorityClass preemptionPolicy
storage.v1.CSIDriverSpec attachRequired fsGroupPolicy nodeAllocatableUpdatePeriodSeconds podInfoOnMount preventPodSchedulingIfMissing requiresRepublish seLinuxMount serviceAccountTokenInSecrets storageCapacity
storage.v1.StorageClass allowVolumeExpansion reclaimPolicy volumeBindingMode
storage.v1.TokenRequest expirationSeconds
storage.v1.VolumeAttachmentSource persistentVolumeName
storage.v1.VolumeError errorCode
storage.v1.VolumeNodeResources count
apiextensions.v1.CustomResourceDefinitionVersion deprecationWarning
apiextensions.v1.CustomResourceSubresourceScale labelSelectorPath
apiextensions.v1.JSONSchemaProps $ref maxItems maxLength maxProperties maximum minItems minLength minProperties minimum multipleOf x-kubernetes-list-type x-kubernetes-map-type x-kubernetes-preserve-unknown-fields
apiextensions.v1.ServiceReference path port
apiextensions.v1.ValidationRule optionalOldSelf reason
apiextensions.v1.WebhookClientConfig url
meta.v1.DeleteOptions gracePeriodSeconds ignoreStoreReadErrorWithClusterBreakingPotential orphanDependents propagationPolicy
meta.v1.ListMeta remainingItemCount
meta.v1.ObjectMeta deletionGracePeriodSeconds
meta.v1.OwnerReference blockOwnerDeletion controller
meta.v1.Preconditions resourceVersion uid
apiregistration.v1.ServiceReference port
"""

# Fields that Go writes although they are empty ("-": does not write although they are required), beyond the
# required ones and metadata: structs held by value, and fields without omitempty.
WRITTEN_EMPTY = """
admissionregistration.v1.MutatingAdmissionPolicy spec
admissionregistration.v1.MutatingAdmissionPolicyBinding spec
admissionregistration.v1.ValidatingAdmissionPolicy spec status
admissionregistration.v1.ValidatingAdmissionPolicyBindingSpec -policyName -validationActions
apps.v1.ControllerRevision data
apps.v1.DaemonSet spec status
apps.v1.DaemonSetCondition lastTransitionTime
apps.v1.DaemonSetSpec updateStrategy
apps.v1.Deployment spec status
apps.v1.DeploymentCondition lastTransitionTime lastUpdateTime
apps.v1.DeploymentSpec strategy
apps.v1.ReplicaSet spec status
apps.v1.ReplicaSetCondition lastTransitionTime
apps.v1.ReplicaSetSpec template
apps.v1.StatefulSet spec status
apps.v1.StatefulSetCondition lastTransitionTime
apps.v1.StatefulSetOrdinals start
apps.v1.StatefulSetSpec serviceName updateStrategy
apps.v1.StatefulSetStatus availableReplicas
authentication.v1.SelfSubjectReview status
authentication.v1.SelfSubjectReviewStatus userInfo
authentication.v1.TokenRequest spec status
authentication.v1.TokenRequestSpec audiences boundObjectRef expirationSeconds
authentication.v1.TokenRequestStatus expirationTimestamp token
authentication.v1.TokenReview status
authentication.v1.TokenReviewSpec -token
authentication.v1.TokenReviewStatus user
authorization.v1.LocalSubjectAccessReview status
authorization.v1.SelfSubjectAccessReview status
authorization.v1.SelfSubjectRulesReview status
authorization.v1.SubjectAccessReview status
autoscaling.v1.HorizontalPodAutoscaler status
autoscaling.v1.Scale spec status
autoscaling.v2.HorizontalPodAutoscaler status
autoscaling.v2.HorizontalPodAutoscalerCondition lastTransitionTime
autoscaling.v2.HorizontalPodAutoscalerStatus currentMetrics
batch.v1.CronJob status
batch.v1.Job spec status
batch.v1.JobCondition lastProbeTime lastTransitionTime
batch.v1.JobTemplateSpec spec
batch.v1.PodFailurePolicyOnPodConditionsPattern status
certificates.v1.CertificateSigningRequest status
certificates.v1.CertificateSigningRequestCondition lastTransitionTime lastUpdateTime
coordination.v1.Lease spec
core.v1.AzureFilePersistentVolumeSource secretNamespace
core.v1.Container resources
core.v1.ContainerImage names
core.v1.ContainerRestartRule -action
core.v1.ContainerRestartRuleOnExitCodes -operator
core.v1.ContainerStateRunning startedAt
core.v1.ContainerStateTerminated finishedAt startedAt
core.v1.ContainerStatus lastState state
core.v1.EphemeralContainer resources
core.v1.Event eventTime firstTimestamp lastTimestamp reportingComponent reportingInstance source
core.v1.EventSeries lastObservedTime
core.v1.GRPCAction service
core.v1.ImageVolumeStatus -imageRef
core.v1.LimitRange spec
core.v1.Namespace spec status
core.v1.NamespaceCondition lastTransitionTime
core.v1.Node spec status
core.v1.NodeCondition lastHeartbeatTime lastTransitionTime
core.v1.NodeDaemonEndpoints kubeletEndpoint
core.v1.NodeRuntimeHandler name
core.v1.NodeStatus daemonEndpoints nodeInfo
core.v1.PersistentVolume spec status
core.v1.PersistentVolumeClaim spec status
core.v1.PersistentVolumeClaimCondition lastProbeTime lastTransitionTime
core.v1.PersistentVolumeClaimSpec resources
core.v1.Pod spec status
core.v1.PodCertificateProjection -keyType -signerName
core.v1.PodCondition lastProbeTime lastTransitionTime
core.v1.PodTemplate template
core.v1.PodTemplateSpec spec
core.v1.ProjectedVolumeSource sources
core.v1.ReplicationController spec status
core.v1.ReplicationControllerCondition lastTransitionTime
core.v1.ResourceFieldSelector divisor
core.v1.ResourceQuota spec status
core.v1.Service spec status
core.v1.ServiceStatus loadBalancer
core.v1.TypedLocalObjectReference apiGroup
core.v1.TypedObjectReference apiGroup
discovery.v1.Endpoint conditions
discovery.v1.EndpointSlice endpoints ports
events.v1.Event deprecatedFirstTimestamp deprecatedLastTimestamp deprecatedSource regarding
flowcontrol.v1.FlowSchema spec status
flowcontrol.v1.FlowSchemaCondition lastTransitionTime
flowcontrol.v1.FlowSchemaSpec matchingPrecedence
flowcontrol.v1.LimitedPriorityLevelConfiguration limitResponse nominalConcurrencyShares
flowcontrol.v1.PriorityLevelConfiguration spec status
flowcontrol.v1.PriorityLevelConfigurationCondition lastTransitionTime
flowcontrol.v1.QueuingConfiguration handSize queueLengthLimit queues
flowcontrol.v1.ResourcePolicyRule namespaces
networking.v1.IPAddressSpec -parentRef
networking.v1.Ingress spec status
networking.v1.IngressClass spec
networking.v1.IngressClassParametersReference scope
networking.v1.IngressServiceBackend port
networking.v1.IngressStatus loadBalancer
networking.v1.NetworkPolicy spec
networking.v1.NetworkPolicySpec podSelector
networking.v1.ParentReference -name -resource
networking.v1.ServiceCIDR spec status
policy.v1.PodDisruptionBudget spec status
policy.v1.PodDisruptionBudgetStatus currentHealthy desiredHealthy disruptionsAllowed expectedPods
rbac.v1.ClusterRole rules
rbac.v1.Role rules
rbac.v1.RoleRef apiGroup
resource.v1.AllocatedDeviceStatus conditions
resource.v1.AllocationResult devices
resource.v1.CapacityRequestPolicy default
resource.v1.CapacityRequestPolicyRange -min
resource.v1.CounterSet -counters
resource.v1.DeviceClaim requests
resource.v1.DeviceCounterConsumption -counters
resource.v1.ResourceClaim status
resource.v1.ResourceClaimSpec devices
scheduling.v1.PriorityClass value
storage.v1.CSINodeDriver topologyKeys
storage.v1.VolumeAttachment status
storage.v1.VolumeError time
apiextensions.v1.CustomResourceDefinition status
apiextensions.v1.CustomResourceDefinitionCondition lastTransitionTime
apiextensions.v1.CustomResourceDefinitionStatus acceptedNames conditions storedVersions
meta.v1.APIGroup preferredVersion
apiregistration.v1.APIService spec status
apiregistration.v1.APIServiceCondition lastTransitionTime
"""

SCALARS = {"string": "s", "boolean": "b", "int32": "i", "int64": "l", "double": "d", "bytes": "y"}
SPECIAL = {
    "api.resource.Quantity": "q", "util.intstr.IntOrString": "o", "meta.v1.Time": "t", "meta.v1.MicroTime": "u",
    "runtime.RawExtension": "r", "meta.v1.FieldsV1": "F", "meta.v1.Patch": None, "apiextensions.v1.JSON": "J",
    "apiextensions.v1.JSONSchemaPropsOrArray": "A", "apiextensions.v1.JSONSchemaPropsOrBool": "B",
    "apiextensions.v1.JSONSchemaPropsOrStringArray": "C",
}
VERBS = {"delete": "d", "deletecollection": "D", "get": "g", "list": "l", "patch": "p", "post": "c", "put": "u"}
FLAGS = {"atomic": "a", "set": "s", "map": "m"}
STRATEGIES = {"merge": "M", "retainKeys": "R", "replace": "X"}


def word_table(text):
    return {line.split()[0]: set(line.split()[1:]) for line in text.split("\n") if line.strip()}


def type_code(name):
    if name[0] in "[{":
        return name[0] + type_code(name[1:-1]) + name[-1]
    return SCALARS.get(name) or SPECIAL.get(name) or name


def line(*words):
    words = [word or "-" for word in words]
    while words[-1] == "-":
        words.pop()
    return " ".join(words)


def verbs(resource):
    name, actions = resource["resource"], resource["actions"]
    if actions == ["connect"]:
        return CONNECT_VERBS.get(name, "cg")
    letters = {VERBS[action] for action in actions}
    if "list" in actions and "delete" in actions:
        letters.add("w")
    return "".join(letter for letter in "cdDglpuw" if letter in letters)


def resource_lines(resources):
    for resource in sorted(resources, key=lambda r: (r["group"], r["version"], r["resource"])):
        name, kind = resource["resource"], resource["kind"][0]
        group, version = ("/" + resource["kindGV"][0]).split("/")[-2:]
        if "/" in name:
            yield line("S", name.split("/", 1)[1], group, version, kind, verbs(resource))
            continue
        categories = ",".join(c for c, names in CATEGORIES.items() if name in names.split())
        yield line("R", name, resource["group"], resource["version"], kind, "n" if resource["namespaced"] else "c",
                   SHORT_NAMES.get(name), categories, verbs(resource))


def field_flags(name, field, is_always, is_optional):
    flags = "r" * field.get("required", False) + "e" * is_always + "p" * is_optional
    flags += FLAGS.get(field.get("listType"), "")
    flags += "".join(STRATEGIES[s] for s in field.get("patchStrategy", "").split(",") if s)
    return flags + "A" * (field.get("mapType") == "atomic")


def type_lines(types):
    optional, written = word_table(OPTIONAL_SCALARS), word_table(WRITTEN_EMPTY)
    for name in sorted(types):
        entry = types[name]
        if name in SPECIAL:
            continue
        yield line("T", name, entry.get("gvk"), "A" if entry.get("mapType") == "atomic" else "")
        fields = entry.get("fields", {})
        first = ["apiVersion", "kind", "metadata"]
        for key in [k for k in first if k in fields] + sorted(k for k in fields if k not in first):
            field = fields[key]
            exceptions = written.get(name, set())
            is_always = key in exceptions or "-" + key not in exceptions and (
                field.get("required", False) or field["type"] in ("meta.v1.ObjectMeta", "meta.v1.ListMeta"))
            if key in ("apiVersion", "kind") and "gvk" in entry:
                is_always = False
            path = field.get("proto")
            yield line(
                key, type_code(field["type"]), ".".join(map(str, path)) if isinstance(path, list) else str(path or ""),
                field_flags(key, field, is_always, key in optional.get(name, ())), field.get("patchMergeKey"),
                ",".join(field.get("listMapKeys", [])))


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        reference = json.load(file)
    print("// swift-format-ignore-file")
    print("// Generated by Scripts/generate-schema.py: do not edit.\n")
    print("/// The resources and types of Kubernetes 1.36, one record a line; the script describes the form.")
    print("enum SchemaTable {")
    print('    static let text: StaticString = #"""')
    for text in [*resource_lines(reference["resources"]), *type_lines(reference["types"])]:
        print(text)
    print('"""#')
    print("}")


if __name__ == "__main__":
    main()
