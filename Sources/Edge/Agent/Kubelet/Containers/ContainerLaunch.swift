internal import EdgeAPI
internal import EdgeJSON
internal import EdgeRuntime
internal import EdgeSystem

/// Puts together what the runtime needs for one container. Pure: all that it needs has been fetched.
struct ContainerLaunch {
    let pod: Pod
    let container: EdgeAPI.Container
    let attempt: Int
    let image: ImageSummary
    let prepared: ImageForContainer
    let objects: ReferencedObjects
    let fields: FieldResolver
    let services: [(name: String, value: String)]
    let volumes: [String: PreparedVolume]
    let paths: PodPaths
    let memoryCapacity: Int64
    /// The run of the container that an ephemeral one looks at.
    var targetID: String?

    func config() throws(KubeletError) -> ContainerConfig {
        var builder = EnvironmentBuilder(
            container: container, objects: objects, fields: fields, services: services)
        let environment = try builder.build()
        // Commands may use the container's variables, not those of the image.
        let values = Dictionary(
            environment.map { ($0.name, $0.value) }, uniquingKeysWith: { _, last in last })
        var config = ContainerConfig(
            name: container.name, root: prepared.root,
            arguments: ContainerCommand.arguments(of: container, image: prepared, environment: values))
        guard !config.arguments.isEmpty else { throw KubeletError("no command specified") }
        config.attempt = UInt32(clamping: attempt)
        config.image = container.image
        config.imageID = image.reference
        config.labels = labels
        config.annotations = [ContainerDefinition.annotation: ContainerDefinition.name(container)]
        config.environment = prepared.environment + environment.map { "\($0.name)=\($0.value)" }
        config.workingDirectory =
            container.workingDir.isEmpty ? prepared.workingDirectory : container.workingDir
        config.mounts = try mounts(environment: values)
        config.logPath = PodPaths.log(container.name, attempt)
        config.hasInput = container.stdin
        config.closesInputAfterAttach = container.stdinOnce
        config.hasTerminal = container.tty
        config.joinedContainer = targetID
        config.resources = ContainerResources.limits(of: container)
        config.oomScoreAdjustment = ContainerResources.oomScoreAdjustment(
            of: container, in: pod.spec, memoryCapacity: memoryCapacity)
        config.stopSignal = try stopSignal()
        let security = try SecurityPlan(container, in: pod, imageUser: prepared.user)
        config.security = security.security
        config.user = security.user
        config.isRootReadOnly = security.isRootReadOnly
        try refuseUnsupported()
        return config
    }

    private var labels: [String: String] {
        [
            RuntimeLabels.containerName: container.name, RuntimeLabels.podName: pod.name,
            RuntimeLabels.podNamespace: pod.namespace, RuntimeLabels.podUID: pod.uid,
        ]
    }

    private func refuseUnsupported() throws(KubeletError) {
        if let claims = container.resources.claims?.array, !claims.isEmpty {
            throw KubeletError("resource claims are not supported on this node")
        }
    }

    private func stopSignal() throws(KubeletError) -> Int32? {
        let text = container.lifecycle?.json["stopSignal"]?.string ?? prepared.stopSignal
        guard !text.isEmpty else { return nil }
        guard let signal = ContainerCommand.signal(text) else {
            throw KubeletError("unknown stop signal \"\(text)\"")
        }
        return signal
    }

    private func mounts(environment: [String: String]) throws(KubeletError) -> [EdgeRuntime.VolumeMount] {
        var mounts = try MountPlan(container: container, volumes: volumes, environment: environment).mounts()
        let targets = Set(mounts.map(\.target))
        let isReadOnly = container.securityContext.readOnlyRootFilesystem ?? false
        for (path, target) in [
            (paths.hosts, "/etc/hosts"), (paths.resolvConf, "/etc/resolv.conf"),
            (paths.hostname, "/etc/hostname"),
        ] where !targets.contains(target) {
            mounts.append(
                EdgeRuntime.VolumeMount(
                    host: path, target: target, isReadOnly: isReadOnly && target != "/etc/hosts"))
        }
        let message = container.terminationMessagePath
        if !message.isEmpty, !targets.contains(message) {
            mounts.append(
                EdgeRuntime.VolumeMount(host: paths.message(container.name, attempt), target: message))
        }
        return mounts
    }
}
