public import EdgeJSON

/// `spec` of a pod and of a pod template.
public struct PodSpec: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var initContainers: [Container] {
        get { json["initContainers"].views() }
        set { json["initContainers"] = newValue.jsonValue }
    }

    public var containers: [Container] {
        get { json["containers"].views() }
        set { json["containers"] = newValue.jsonValue }
    }

    /// Each also has `targetContainerName`.
    public var ephemeralContainers: [Container] {
        get { json["ephemeralContainers"].views() }
        set { json["ephemeralContainers"] = newValue.jsonValue }
    }

    public var volumes: [Volume] {
        get { json["volumes"].views() }
        set { json["volumes"] = newValue.jsonValue }
    }

    /// `Always`, `OnFailure` or `Never`.
    public var restartPolicy: String {
        get { json["restartPolicy"].optionalText ?? "Always" }
        set { json["restartPolicy"].optionalText = newValue }
    }

    public var terminationGracePeriodSeconds: Int {
        get { json["terminationGracePeriodSeconds"].number ?? 30 }
        set { json["terminationGracePeriodSeconds"].number = newValue }
    }

    public var activeDeadlineSeconds: Int? {
        get { json["activeDeadlineSeconds"].number }
        set { json["activeDeadlineSeconds"].number = newValue }
    }

    public var nodeName: String {
        get { json["nodeName"].text }
        set { json["nodeName"].text = newValue }
    }

    public var nodeSelector: [String: String] {
        get { json["nodeSelector"].stringMap }
        set { json["nodeSelector"].stringMap = newValue }
    }

    public var affinity: Affinity? {
        get { json["affinity"].map(Affinity.init) }
        set { json["affinity"] = newValue?.json }
    }

    public var tolerations: [Toleration] {
        get { json["tolerations"].views() }
        set { json["tolerations"] = newValue.jsonValue }
    }

    public var topologySpreadConstraints: [TopologySpreadConstraint] {
        get { json["topologySpreadConstraints"].views() }
        set { json["topologySpreadConstraints"] = newValue.jsonValue }
    }

    public var schedulerName: String {
        get { json["schedulerName"].optionalText ?? "default-scheduler" }
        set { json["schedulerName"].optionalText = newValue }
    }

    public var schedulingGates: [NamedReference] {
        get { json["schedulingGates"].views() }
        set { json["schedulingGates"] = newValue.jsonValue }
    }

    public var priority: Int? {
        get { json["priority"].number }
        set { json["priority"].number = newValue }
    }

    public var priorityClassName: String {
        get { json["priorityClassName"].text }
        set { json["priorityClassName"].text = newValue }
    }

    public var preemptionPolicy: String {
        get { json["preemptionPolicy"].optionalText ?? "PreemptLowerPriority" }
        set { json["preemptionPolicy"].optionalText = newValue }
    }

    public var serviceAccountName: String {
        get { json["serviceAccountName"].text }
        set { json["serviceAccountName"].text = newValue }
    }

    public var automountServiceAccountToken: Bool? {
        get { json["automountServiceAccountToken"].optionalFlag }
        set { json["automountServiceAccountToken"].optionalFlag = newValue }
    }

    public var imagePullSecrets: [NamedReference] {
        get { json["imagePullSecrets"].views() }
        set { json["imagePullSecrets"] = newValue.jsonValue }
    }

    public var hostNetwork: Bool {
        get { json["hostNetwork"].flag }
        set { json["hostNetwork"].flag = newValue }
    }

    public var hostPID: Bool {
        get { json["hostPID"].flag }
        set { json["hostPID"].flag = newValue }
    }

    public var hostIPC: Bool {
        get { json["hostIPC"].flag }
        set { json["hostIPC"].flag = newValue }
    }

    public var hostUsers: Bool? {
        get { json["hostUsers"].optionalFlag }
        set { json["hostUsers"].optionalFlag = newValue }
    }

    public var shareProcessNamespace: Bool {
        get { json["shareProcessNamespace"].flag }
        set { json["shareProcessNamespace"].flag = newValue }
    }

    public var hostAliases: [HostAlias] {
        get { json["hostAliases"].views() }
        set { json["hostAliases"] = newValue.jsonValue }
    }

    public var hostname: String {
        get { json["hostname"].text }
        set { json["hostname"].text = newValue }
    }

    public var subdomain: String {
        get { json["subdomain"].text }
        set { json["subdomain"].text = newValue }
    }

    public var setHostnameAsFQDN: Bool {
        get { json["setHostnameAsFQDN"].flag }
        set { json["setHostnameAsFQDN"].flag = newValue }
    }

    public var hostnameOverride: String? {
        get { json["hostnameOverride"].optionalText }
        set { json["hostnameOverride"].optionalText = newValue }
    }

    public var dnsPolicy: String {
        get { json["dnsPolicy"].optionalText ?? "ClusterFirst" }
        set { json["dnsPolicy"].optionalText = newValue }
    }

    public var dnsConfig: PodDNSConfig? {
        get { json["dnsConfig"].map(PodDNSConfig.init) }
        set { json["dnsConfig"] = newValue?.json }
    }

    public var enableServiceLinks: Bool {
        get { json["enableServiceLinks"].optionalFlag ?? true }
        set { json["enableServiceLinks"].optionalFlag = newValue }
    }

    public var readinessGates: [PodReadinessGate] {
        get { json["readinessGates"].views() }
        set { json["readinessGates"] = newValue.jsonValue }
    }

    public var runtimeClassName: String? {
        get { json["runtimeClassName"].optionalText }
        set { json["runtimeClassName"].optionalText = newValue }
    }

    public var overhead: [String: Quantity] {
        get { json["overhead"].quantities }
        set { json["overhead"].quantities = newValue }
    }

    /// Pod-level resources; empty for nearly every pod.
    public var resources: ResourceRequirements {
        get { ResourceRequirements(json["resources"] ?? .object(JSONObject())) }
        set { json["resources"] = newValue.isEmpty ? nil : newValue.json }
    }

    public var os: JSONValue? {
        get { json["os"] }
        set { json["os"] = newValue }
    }

    public var securityContext: PodSecurityContext {
        get { PodSecurityContext(json["securityContext"] ?? .object(JSONObject())) }
        set { json["securityContext"] = newValue.isEmpty ? nil : newValue.json }
    }
}
