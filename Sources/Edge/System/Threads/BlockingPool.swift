internal import Glibc
internal import Synchronization

/// A few threads for calls that block: file systems, mounts, cgroups. The cooperative pool has one thread per
/// core, so a blocking call there would stop unrelated work. Threads start on demand and leave when idle.
public final class BlockingPool: Sendable {
    /// For work without a pool of its own.
    public static let shared = BlockingPool()

    private struct State {
        var jobs: [@Sendable () -> Void] = []
        var threads = 0
        var idle = 0
    }

    private let state = Mutex(State())
    private let wakeUp = Semaphore()
    private let limit: Int
    private let idleSeconds: Int

    public init(threads limit: Int = 4, idleSeconds: Int = 10) {
        self.limit = limit
        self.idleSeconds = idleSeconds
    }

    /// Runs `body` on a thread of the pool. It is not interrupted by cancellation.
    public func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            submit { continuation.resume(with: Result { try body() }) }
        }
    }

    private func submit(_ job: @escaping @Sendable () -> Void) {
        let needsThread = state.withLock { state in
            state.jobs.append(job)
            guard state.idle < state.jobs.count, state.threads < limit else { return false }
            state.threads += 1
            return true
        }
        guard needsThread else { return wakeUp.signal() }
        do {
            try SystemThread.detach(named: "edge-blocking") { self.work() }
        } catch {
            // Without a thread the caller's one does the work: slow is better than never.
            state.withLock { $0.threads -= 1 }
            while let job = next() { job() }
        }
    }

    private func next() -> (@Sendable () -> Void)? {
        state.withLock { $0.jobs.isEmpty ? nil : $0.jobs.removeFirst() }
    }

    private func work() {
        while true {
            while let job = next() { job() }
            state.withLock { $0.idle += 1 }
            _ = wakeUp.wait(seconds: idleSeconds)
            let leaves = state.withLock { state in
                state.idle -= 1
                guard state.jobs.isEmpty, state.threads > 0, !wakeUp.isSignalled else { return false }
                state.threads -= 1
                return true
            }
            if leaves { return }
        }
    }
}

/// A POSIX semaphore with a relative timeout.
private final class Semaphore: @unchecked Sendable {  // sem_t is made for use from many threads
    private let semaphore: UnsafeMutablePointer<sem_t>

    init() {
        semaphore = .allocate(capacity: 1)
        sem_init(semaphore, 0, 0)
    }

    deinit {
        sem_destroy(semaphore)
        semaphore.deallocate()
    }

    func signal() { sem_post(semaphore) }

    var isSignalled: Bool {
        var value: Int32 = 0
        sem_getvalue(semaphore, &value)
        return value > 0
    }

    /// False after the time has passed.
    func wait(seconds: Int) -> Bool {
        var deadline = timespec()
        clock_gettime(CLOCK_REALTIME, &deadline)
        deadline.tv_sec += seconds
        while sem_timedwait(semaphore, &deadline) != 0 {
            if Errno.current != .interrupted { return false }
        }
        return true
    }
}
