public import EdgeBase
public import EdgeClient
public import EdgeSystem
public import Logging

/// What a kubelet works with; all of it can be replaced in a test.
public struct KubeletDependencies: Sendable {
    /// Acts as `system:node:<name>`.
    public var client: any APIClient
    /// Must have been made for the node's identity; `Kubelet` asks for its informers before they are run.
    public var informers: InformerSet
    public var runtime: any PodRuntime
    public var images: any ImageProvider
    public var network: any PodNetworking
    public var probes: any ProbeTransport
    /// Reports changes of log files; nil ends `kubectl logs -f` at the end of the file.
    public var reactor: Reactor?
    public var timers: TimerQueue
    public var clock: any WallClock
    public var pool: BlockingPool
    public var logger: Logger

    public init(
        client: any APIClient, informers: InformerSet, runtime: any PodRuntime, images: any ImageProvider,
        network: any PodNetworking, probes: any ProbeTransport, reactor: Reactor?,
        timers: TimerQueue = TimerQueue(), clock: any WallClock = SystemWallClock(),
        pool: BlockingPool = .shared, logger: Logger = Logger(label: "edge.kubelet")
    ) {
        self.client = client
        self.informers = informers
        self.runtime = runtime
        self.images = images
        self.network = network
        self.probes = probes
        self.reactor = reactor
        self.timers = timers
        self.clock = clock
        self.pool = pool
        self.logger = logger
    }
}
