internal import EdgeJSON

extension Pod {
    /// Whether all containers have ended for good.
    public var isTerminal: Bool {
        let phase = object.json["status"]?["phase"]?.string
        return phase == "Succeeded" || phase == "Failed"
    }

    /// Whether the `Ready` condition is true.
    public var isReady: Bool { status.isTrue("Ready") }

    public var isScheduled: Bool { !nodeName.isEmpty }

    public var nodeName: String { object.json["spec"]?["nodeName"]?.string ?? "" }

    /// Whether the pod was read by the kubelet from a manifest and is only mirrored in the API.
    public var isMirror: Bool { self[annotation: "kubernetes.io/config.mirror"] != nil }

    /// The pod's addresses: `podIPs`, else `podIP`.
    public var addresses: [String] {
        let status = status
        let list = status.podIPs.map(\.ip).filter { !$0.isEmpty }
        return list.isEmpty && !status.podIP.isEmpty ? [status.podIP] : list
    }
}

extension Container {
    /// Whether this init container runs along with the others.
    public var isSidecar: Bool { restartPolicy == "Always" }

    public func port(named name: String) -> ContainerPort? {
        ports.first { $0.name == name }
    }
}

extension PodSpec {
    /// Init, ordinary and ephemeral containers.
    public var allContainers: [Container] { initContainers + containers + ephemeralContainers }
}

extension PodStatus {
    public func containerStatus(_ name: String) -> ContainerStatus? {
        containerStatuses.first { $0.name == name }
    }
}
