internal import Glibc

/// Starts POSIX threads, for work that blocks or that changes the thread's namespaces.
enum WorkerThread {
    /// Runs `body` on a new detached thread.
    static func start(_ body: @escaping @Sendable () -> Void) throws {
        pthread_detach(try create(body))
    }

    /// Runs `body` on a new thread and waits for its end: the calling thread blocks as long.
    static func run<Result>(_ body: () throws -> Result) throws -> Result {
        // Only the other thread touches this until it has ended, only this one afterwards.
        nonisolated(unsafe) var outcome: Swift.Result<Result, any Error>?
        try withoutActuallyEscaping(body) { body in
            nonisolated(unsafe) let body = body
            let thread = try create { outcome = Swift.Result { try body() } }
            pthread_join(thread, nil)
        }
        guard let outcome else { throw NetlinkError(operation: "run", object: "thread", errno: EINVAL) }
        return try outcome.get()
    }

    private static func create(_ body: @escaping @Sendable () -> Void) throws -> pthread_t {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        // Address space only; the default of 8 MiB counts against overcommit on hosts with little memory.
        pthread_attr_setstacksize(&attributes, 512 << 10)
        // Signals of the process are handled elsewhere.
        var all = sigset_t()
        var previous = sigset_t()
        sigfillset(&all)
        pthread_sigmask(SIG_SETMASK, &all, &previous)
        defer { pthread_sigmask(SIG_SETMASK, &previous, nil) }
        let box = Unmanaged.passRetained(Box(body))
        var thread = pthread_t()
        let code = pthread_create(&thread, &attributes, Self.main, box.toOpaque())
        guard code == 0 else {
            box.release()
            throw NetlinkError(operation: "start", object: "thread", errno: code)
        }
        return thread
    }

    private final class Box: Sendable {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    private static let main: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = {
        pointer in
        guard let pointer else { return nil }
        Unmanaged<Box>.fromOpaque(pointer).takeRetainedValue().body()
        return nil
    }
}

/// A POSIX semaphore at a fixed address.
final class Signal: @unchecked Sendable {
    // sem_t is safe for use by several threads; the pointer never changes.
    private let semaphore = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)

    init() {
        sem_init(semaphore, 0, 0)
    }

    deinit {
        sem_destroy(semaphore)
        semaphore.deallocate()
    }

    func raise() {
        sem_post(semaphore)
    }

    func wait() {
        while sem_wait(semaphore) != 0 {}
    }
}
