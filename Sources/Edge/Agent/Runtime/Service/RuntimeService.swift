public import EdgeBase
public import EdgeSystem
internal import Synchronization

/// Runs pods: sandboxes, containers and what happens in them (the CRI's RuntimeService). Pods live in helper
/// processes of their own, so they neither notice the end of this object nor that of edge; a new service on the
/// same run directory takes them over.
public final class RuntimeService: Sendable {
    let configuration: RuntimeConfiguration
    let reactor: Reactor
    let clock: any WallClock
    let run: RunDirectory
    let helper: PodHelper
    let seccomp = SeccompFilter()
    let pool: BlockingPool
    let bootID: String
    let events = EventHub()
    let table = Mutex(RuntimeTable())
    /// Held while this service owns the run directory.
    let lock = Mutex<FileLock?>(nil)

    /// Call `start` before anything else.
    ///
    /// - Parameter pool: for the calls that block; its own by default, so that a slow image never delays a pod.
    public init(
        _ configuration: RuntimeConfiguration, reactor: Reactor, clock: any WallClock = SystemWallClock(),
        pool: BlockingPool = BlockingPool(threads: 4)
    ) throws(SystemError) {
        self.configuration = configuration
        self.reactor = reactor
        self.clock = clock
        self.pool = pool
        run = RunDirectory(path: configuration.runDirectory, containers: configuration.containerDirectory)
        helper = try PodHelper(program: configuration.helperProgram, reactor: reactor)
        bootID = try BootIdentity.current()
    }

    /// What happens from now on. A slow receiver loses the oldest events and gets `overflow` last.
    public func eventStream() -> AsyncStream<RuntimeEvent> {
        events.stream()
    }

    /// Lets the pods go on without this service, as the end of the process does.
    public func disconnect() {
        let connections = table.withLock { table in
            defer { table.isDisconnected = true }
            return table.sandboxes.values.compactMap(\.connection)
        }
        for connection in connections { connection.close() }
        lock.withLock { $0 = nil }
    }

    func cgroup(_ path: String) -> Cgroup {
        configuration.cgroupRoot.child(path)
    }

    /// The group that the helper itself is in. On v2 a group with groups below has no processes of its own.
    func helperCgroup(_ path: String) -> Cgroup {
        let pod = cgroup(path)
        return pod.layout.mode == .unified ? pod.child("helper") : pod
    }

    /// 64 hexadecimal digits, as other runtimes' identifiers are.
    func newIdentifier() -> String {
        let digits = Array("0123456789abcdef".utf8)
        var generator = SystemRandomNumberGenerator()
        return String(
            decoding: (0..<64).map { _ in digits[Int.random(in: 0..<16, using: &generator)] }, as: UTF8.self)
    }
}
