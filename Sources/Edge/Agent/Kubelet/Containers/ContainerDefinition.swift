internal import EdgeAPI
internal import EdgeJSON

/// Names what a container is, so that a change is noticed (the kubelet's container hash: name and image, which are
/// what may change while a pod runs).
enum ContainerDefinition {
    static let annotation = "edge.io/definition"

    static func name(_ container: Container) -> String {
        "\(container.name)|\(container.image)"
    }
}

/// Labels by which the runtime's containers are found again; the names are the CRI's.
enum RuntimeLabels {
    static let podName = "io.kubernetes.pod.name"
    static let podNamespace = "io.kubernetes.pod.namespace"
    static let podUID = "io.kubernetes.pod.uid"
    static let containerName = "io.kubernetes.container.name"
    /// Kept with each container, so that an orphan can be ended with its grace.
    static let grace = "io.kubernetes.pod.terminationGracePeriod"
    static let messagePath = "io.kubernetes.container.terminationMessagePath"
}
