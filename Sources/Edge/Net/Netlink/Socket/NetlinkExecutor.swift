internal import Synchronization

/// A serial executor with a thread of its own, for actors that own netlink sockets: their calls are short
/// but take kernel-wide locks, so they do not belong on the cooperative pool.
public final class NetlinkExecutor: SerialExecutor {
    private struct State {
        var jobs: [UnownedJob] = []
        var stopped = false
    }

    /// What the thread holds: not the executor, so that the executor's end can end the thread.
    private final class Queue: Sendable {
        let state = Mutex(State())
        let signal = Signal()
    }

    private let queue = Queue()

    public init() throws {
        let queue = queue
        // A job's actor keeps the executor alive while the job waits and runs.
        let executor = asUnownedSerialExecutor()
        try WorkerThread.start { Self.serve(queue, executor) }
    }

    deinit {
        queue.state.withLock { $0.stopped = true }
        queue.signal.raise()
    }

    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.state.withLock { $0.jobs.append(job) }
        queue.signal.raise()
    }

    private static func serve(_ queue: Queue, _ executor: UnownedSerialExecutor) {
        while true {
            queue.signal.wait()
            let (jobs, stopped) = queue.state.withLock { state in
                defer { state.jobs.removeAll(keepingCapacity: true) }
                return (state.jobs, state.stopped)
            }
            for job in jobs { job.runSynchronously(on: executor) }
            if stopped { return }
        }
    }
}
