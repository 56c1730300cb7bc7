internal import EdgeAPI

/// What the scheduler knows of a node: the node itself and what its pods take.
struct NodeInfo: Sendable {
    let node: Node
    private(set) var pods: [String: PodInfo] = [:]
    private(set) var requested = ResourceAmounts()
    /// The same with a small assumption for containers that request nothing, for scoring.
    private(set) var nonZeroRequested = ResourceAmounts()
    let allocatable: ResourceAmounts
    let taints: [Taint]
    let labels: [String: String]

    init(node: Node) {
        self.node = node
        allocatable = ResourceAmounts(node.status.allocatable)
        taints = node.spec.taints
        labels = node.labels
    }

    var name: String { node.name }

    mutating func add(_ pod: PodInfo) {
        guard pods.updateValue(pod, forKey: pod.uid) == nil else { return }
        requested += pod.requests
        nonZeroRequested += pod.nonZeroRequests
    }

    mutating func remove(uid: String) {
        guard let pod = pods.removeValue(forKey: uid) else { return }
        requested -= pod.requests
        nonZeroRequested -= pod.nonZeroRequests
    }
}

/// What the scheduler keeps of a pod: decoded once per version, not once per node.
struct PodInfo: Sendable {
    let pod: Pod
    let uid: String
    let namespace: String
    let labels: [String: String]
    let requests: ResourceAmounts
    let nonZeroRequests: ResourceAmounts
    let hostPorts: [HostPort]
    let requiredAffinity: [PodAffinityTerm]
    let requiredAntiAffinity: [PodAffinityTerm]

    init(_ pod: Pod) {
        self.pod = pod
        uid = pod.uid
        namespace = pod.namespace
        labels = pod.labels
        let spec = pod.spec
        requests = ResourceAmounts(spec.totalRequests)
        nonZeroRequests = requests.withMinimum(containers: spec.containers.count)
        hostPorts = spec.containers.flatMap(\.ports).filter { $0.hostPort > 0 }.map(HostPort.init)
        requiredAffinity = spec.affinity?.podAffinity?.required ?? []
        requiredAntiAffinity = spec.affinity?.podAntiAffinity?.required ?? []
    }
}

/// A port of the host that a container wants; the empty address stands for all.
struct HostPort: Sendable, Hashable {
    let address: String
    let port: Int
    let `protocol`: String

    init(_ port: ContainerPort) {
        address = port.hostIP == "0.0.0.0" ? "" : port.hostIP
        self.port = port.hostPort
        `protocol` = port.protocol
    }

    func collides(with other: HostPort) -> Bool {
        port == other.port && `protocol` == other.protocol
            && (address == other.address || address.isEmpty || other.address.isEmpty)
    }
}
