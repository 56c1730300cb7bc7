internal import CEdgeLinux
internal import Glibc

/// A few threads for work that blocks. They start when work comes and end after ten idle seconds, so that an
/// idle agent keeps no stacks.
///
/// `@unchecked Sendable`: `state` is touched only with `mutex` held.
final class ImageThreadPool: @unchecked Sendable {
    private struct State {
        var jobs: [@Sendable () -> Void] = []
        var next = 0
        var threads = 0
        var idle = 0
    }

    private static let idleSeconds = 10
    private static let stackBytes = 512 << 10

    private let maximumThreads: Int
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let condition: UnsafeMutablePointer<pthread_cond_t>
    private var state = State()

    init(maximumThreads: Int) {
        self.maximumThreads = maximumThreads
        mutex = .allocate(capacity: 1)
        condition = .allocate(capacity: 1)
        pthread_mutex_init(mutex, nil)
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(condition, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        // Each thread holds a reference to the pool, so none is left here.
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    /// Runs `body` on one of the threads. Cancelling the caller does not interrupt it.
    func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            submit { continuation.resume(with: Result { try body() }) }
        }
    }

    private func submit(_ job: @escaping @Sendable () -> Void) {
        pthread_mutex_lock(mutex)
        state.jobs.append(job)
        let waiting = state.jobs.count - state.next
        let starts = state.idle < waiting && state.threads < maximumThreads
        if starts { state.threads += 1 }
        pthread_cond_signal(condition)
        pthread_mutex_unlock(mutex)
        if starts { startThread() }
    }

    private func startThread() {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        pthread_attr_setstacksize(&attributes, Self.stackBytes)
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        defer { pthread_attr_destroy(&attributes) }
        let context = Unmanaged.passRetained(self)
        var thread = pthread_t()
        let result = pthread_create(
            &thread, &attributes,
            { context in
                guard let context else { return nil }
                Unmanaged<ImageThreadPool>.fromOpaque(context).takeRetainedValue().work()
                return nil
            }, context.toOpaque())
        guard result != 0 else { return }
        context.release()
        pthread_mutex_lock(mutex)
        state.threads -= 1
        let isStuck = state.threads == 0
        pthread_mutex_unlock(mutex)
        // No thread at all can be had: better slow on the caller's than never.
        if isStuck { drain() }
    }

    private func drain() {
        while let job = takeJob(waiting: false) { job() }
    }

    private func work() {
        while let job = takeJob(waiting: true) { job() }
    }

    /// The next job; nil when the thread is to end.
    private func takeJob(waiting: Bool) -> (@Sendable () -> Void)? {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while state.next == state.jobs.count {
            guard waiting else { return nil }
            var deadline = timespec()
            clock_gettime(CLOCK_MONOTONIC, &deadline)
            deadline.tv_sec += Self.idleSeconds
            state.idle += 1
            let result = pthread_cond_timedwait(condition, mutex, &deadline)
            state.idle -= 1
            if result == ETIMEDOUT, state.next == state.jobs.count {
                state.threads -= 1
                return nil
            }
        }
        let job = state.jobs[state.next]
        state.next += 1
        if state.next == state.jobs.count {
            state.jobs.removeAll(keepingCapacity: false)
            state.next = 0
        }
        return job
    }
}
