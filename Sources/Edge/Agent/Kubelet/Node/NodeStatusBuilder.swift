internal import EdgeAPI
internal import EdgeBase
internal import EdgeJSON

/// The Node object of this node. Pure.
struct NodeStatusBuilder {
    let configuration: KubeletConfiguration
    let facts: NodeFacts
    var images: [ImageSummary] = []
    /// Why the node is not ready; nil when it is.
    var unready: String?
    var availableMemory: Int64 = .max
    var storage: FileSystemUsage?
    let now: Timestamp

    /// The most images that a status names, the largest first.
    static let maximumImages = 50
    /// Less available memory than this is pressure (kubelet's default for eviction).
    static let memoryThreshold: Int64 = 100 << 20

    /// The object for the first registration.
    func node() -> Node {
        var node = Node(name: configuration.nodeName)
        node.labels = labels
        node.spec.taints = configuration.nodeTaints
        node.status = status(NodeStatus())
        return node
    }

    var labels: [String: String] {
        let own = [
            "kubernetes.io/hostname": configuration.nodeName, "kubernetes.io/os": NodeFacts.operatingSystem,
            "kubernetes.io/arch": NodeFacts.architecture, "beta.kubernetes.io/os": NodeFacts.operatingSystem,
            "beta.kubernetes.io/arch": NodeFacts.architecture, "node.kubernetes.io/instance-type": "edge",
        ]
        return own.merging(configuration.nodeLabels) { _, chosen in chosen }
    }

    /// The present status with what this node says of itself.
    func status(_ old: NodeStatus) -> NodeStatus {
        var status = old
        status.capacity = facts.capacity
        status.allocatable = facts.allocatable
        status.addresses = addresses
        status.nodeInfo = nodeInfo
        status.images = imageList
        status.daemonEndpoints = ["kubeletEndpoint": ["Port": .int(Int64(configuration.port))]]
        setConditions(&status)
        return status
    }

    private var addresses: [NodeAddress] {
        let internals = configuration.nodeAddresses.map { ("InternalIP", $0.description) }
        let externals = configuration.externalAddresses.map { ("ExternalIP", $0.description) }
        return (internals + externals + [("Hostname", configuration.nodeName)]).map { type, text in
            NodeAddress(["type": .string(type), "address": .string(text)])
        }
    }

    private var nodeInfo: NodeSystemInfo {
        var info = NodeSystemInfo()
        info.machineID = facts.machineID
        info.systemUUID = facts.systemUUID
        info.bootID = facts.bootID
        info.kernelVersion = facts.kernelVersion
        info.osImage = facts.osImage
        info.containerRuntimeVersion = "edge://\(configuration.version.drop { $0 == "v" })"
        info.kubeletVersion = configuration.version
        info.operatingSystem = NodeFacts.operatingSystem
        info.architecture = NodeFacts.architecture
        return info
    }

    private var imageList: [ContainerImage] {
        images.sorted { ($1.size, $0.id) < ($0.size, $1.id) }.prefix(Self.maximumImages).map { image in
            var entry = ContainerImage()
            entry.names = Array((image.names.isEmpty ? [image.id] : image.names).prefix(5))
            entry.sizeBytes = Int(image.size)
            return entry
        }
    }

    private func setConditions(_ status: inout NodeStatus) {
        let isShort = availableMemory < Self.memoryThreshold
        set(
            &status, "MemoryPressure", isShort,
            isShort ? "KubeletHasInsufficientMemory" : "KubeletHasSufficientMemory",
            isShort ? "kubelet has insufficient memory available" : "kubelet has sufficient memory available")
        let isFull = storage.map { $0.capacity > 0 && $0.available < $0.capacity / 10 } ?? false
        set(
            &status, "DiskPressure", isFull, isFull ? "KubeletHasDiskPressure" : "KubeletHasNoDiskPressure",
            isFull ? "kubelet has disk pressure" : "kubelet has no disk pressure")
        set(
            &status, "PIDPressure", false, "KubeletHasSufficientPID", "kubelet has sufficient PID available")
        set(
            &status, "Ready", unready == nil, unready == nil ? "KubeletReady" : "KubeletNotReady",
            unready ?? "kubelet is posting ready status")
    }

    private func set(
        _ status: inout NodeStatus, _ type: String, _ value: Bool, _ reason: String, _ message: String
    ) {
        var condition = Condition(
            type: type, status: ConditionStatus(value), reason: reason, message: message)
        condition.lastHeartbeatTime = now
        status.setCondition(condition, now: now)
    }

    /// Whether two statuses differ in more than the time of their heartbeat.
    static func isDifferent(_ old: NodeStatus, _ new: NodeStatus) -> Bool {
        withoutHeartbeat(old) != withoutHeartbeat(new)
    }

    private static func withoutHeartbeat(_ status: NodeStatus) -> NodeStatus {
        var status = status
        status.conditions = status.conditions.map { condition in
            var condition = condition
            condition.lastHeartbeatTime = nil
            return condition
        }
        return status
    }
}
