internal import Synchronization

/// A serial executor with a thread of its own, for actors that own netlink sockets: their calls are short
/// but take kernel-wide locks, so they do not belong on the cooperative pool.
public final class NetlinkExecutor: SerialExecutor {
    private struct State {
        var jobs: [UnownedJob] = []
        var stopped = false
    }

    private final class Shared: Sendable {
        let state = Mutex(State())
        let signal = Signal()
    }

    private let shared = Shared()

    public init() throws {
        let shared = shared
        try WorkerThread.start { Self.serve(shared) }
    }

    deinit {
        shared.state.withLock { $0.stopped = true }
        shared.signal.raise()
    }

    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        shared.state.withLock { $0.jobs.append(job) }
        shared.signal.raise()
    }

    private static func serve(_ shared: Shared) {
        // Jobs never look at which executor they run on, only at the actor that owns the executor; an
        // unowned reference of the executor itself would keep the thread from seeing its end.
        let runner = JobRunner()
        while true {
            shared.signal.wait()
            let (jobs, stopped) = shared.state.withLock { state in
                defer { state.jobs.removeAll(keepingCapacity: true) }
                return (state.jobs, state.stopped)
            }
            for job in jobs { job.runSynchronously(on: runner.asUnownedSerialExecutor()) }
            if stopped { return }
        }
    }
}

/// Stands for the executor on its thread.
private final class JobRunner: SerialExecutor {
    func enqueue(_ job: consuming ExecutorJob) {
        UnownedJob(job).runSynchronously(on: asUnownedSerialExecutor())
    }
}
