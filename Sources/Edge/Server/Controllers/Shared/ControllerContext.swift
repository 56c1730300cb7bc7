public import EdgeBase
public import EdgeClient

/// What the controllers of one server share.
public struct ControllerContext: Sendable {
    /// A client under a controller's own identity: `deployment-controller`.
    public let client: @Sendable (_ controller: String) -> any APIClient
    public let informers: InformerSet
    public let timers: TimerQueue
    public let clock: any WallClock

    public init(
        client: @escaping @Sendable (String) -> any APIClient, informers: InformerSet, timers: TimerQueue,
        clock: any WallClock = SystemWallClock()
    ) {
        self.client = client
        self.informers = informers
        self.timers = timers
        self.clock = clock
    }

    func queue() -> WorkQueue<ObjectKey> { WorkQueue(timers: timers) }

    func recorder(_ controller: String) -> EventRecorder {
        EventRecorder(client: client(controller), component: controller, clock: clock)
    }
}

/// A controller with everything that it needs, ready to run.
public protocol RunnableController: Sendable {
    var name: String { get }
    /// Works until the task is cancelled. Called once the informers have synced.
    func run() async
}
