#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#endif

/// A counting semaphore: how other threads wake the writer. POSIX semaphores may be posted from any thread, so
/// the pointer needs no lock; it is freed when the last reference is gone, thus when nobody waits.
final class ThreadSignal: @unchecked Sendable {
    private let semaphore = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)

    init() { sem_init(semaphore, 0, 0) }

    deinit {
        sem_destroy(semaphore)
        semaphore.deallocate()
    }

    func post() { sem_post(semaphore) }

    /// Sleeps until the next post, or takes one that is there.
    func wait() {
        while sem_wait(semaphore) != 0, errno == EINTR {}
    }
}
