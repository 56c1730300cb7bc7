internal import EdgeAPI
internal import EdgeBase
internal import EdgeClient
internal import EdgeSystem
internal import Logging
internal import Synchronization

/// What the workers of all pods share.
final class PodContext: Sendable {
    let configuration: KubeletConfiguration
    let client: any APIClient
    let runtime: any PodRuntime
    let images: ImageManager
    let provider: any ImageProvider
    let network: any PodNetworking
    let volumes: VolumeManager
    let objects: ObjectFetcher
    let prober: Prober
    let recorder: EventRecorder
    let statuses: StatusWriter
    let timers: TimerQueue
    let clock: any WallClock
    let pool: BlockingPool
    let logger: Logger
    let pods: Informer
    let services: Informer
    private let facts: Mutex<NodeFacts>
    let probes: ProbeManager

    init(
        _ configuration: KubeletConfiguration, _ dependencies: KubeletDependencies, pods: Informer,
        services: Informer,
        recorder: EventRecorder, node: NodeFacts, listener: ProbeManager.Listener
    ) {
        self.configuration = configuration
        client = dependencies.client
        runtime = dependencies.runtime
        provider = dependencies.images
        network = dependencies.network
        timers = dependencies.timers
        clock = dependencies.clock
        pool = dependencies.pool
        logger = dependencies.logger
        self.pods = pods
        self.services = services
        self.recorder = recorder
        facts = Mutex(node)
        images = ImageManager(provider: dependencies.images, clock: dependencies.clock)
        objects = ObjectFetcher(client: dependencies.client, clock: dependencies.clock)
        volumes = VolumeManager(
            configuration: configuration, objects: objects,
            tokens: TokenSource(client: dependencies.client, clock: dependencies.clock),
            pool: dependencies.pool, clock: dependencies.clock)
        prober = Prober(runtime: dependencies.runtime, transport: dependencies.probes)
        statuses = StatusWriter(
            client: dependencies.client, timers: dependencies.timers, logger: dependencies.logger)
        probes = ProbeManager(
            prober: prober, timers: dependencies.timers, clock: dependencies.clock,
            version: configuration.version, listener: listener)
    }

    /// What the host is; the size of its disk is known a moment later than the rest.
    var node: NodeFacts {
        get { facts.withLock { $0 } }
        set { facts.withLock { $0 = newValue } }
    }

    func report(
        _ pod: Pod, _ severity: EventRecorder.Severity, _ reason: String, _ message: String,
        container: Container? = nil
    ) {
        var path = ""
        if let container {
            let spec = pod.spec
            let list =
                spec.initContainers.contains { $0.name == container.name }
                ? "initContainers"
                : spec.ephemeralContainers.contains { $0.name == container.name }
                    ? "ephemeralContainers" : "containers"
            path = "spec.\(list){\(container.name)}"
        }
        recorder.record(severity, reason, message, about: pod.object, fieldPath: path)
    }

    /// The newest version of a pod that is known, if it is still the same pod.
    func latest(_ pod: Pod) -> Pod? {
        guard let encoded = pods.get(pod.key), let found = try? Pod(decoding: encoded), found.uid == pod.uid
        else {
            return nil
        }
        return found
    }
}
