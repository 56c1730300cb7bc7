#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#endif

/// Runs blocking work on a thread of its own, since the cooperative pool has only one per core.
enum DedicatedThread {
    /// 512 KiB: SQLite, sorting and logging need a fraction of it; only touched pages cost memory.
    private static let stackSize = 512 << 10

    private final class Work {
        let name: String
        let body: @Sendable () -> Void

        init(name: String, body: @escaping @Sendable () -> Void) {
            self.name = name
            self.body = body
        }

        func run() {
            nameThread()
            body()
        }

        /// By the kernel's file: Swift's Glibc module lacks pthread_setname_np. A name is only a convenience.
        private func nameThread() {
            let file = open("/proc/thread-self/comm", O_WRONLY | O_CLOEXEC)
            guard file >= 0 else { return }
            _ = write(file, name, name.utf8.count)
            close(file)
        }
    }

    /// Starts a detached thread with this name, of at most 15 bytes, as `ps -L` shows it.
    static func start(name: String, _ body: @escaping @Sendable () -> Void) throws(StorageError) {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setstacksize(&attributes, stackSize)
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        var thread = pthread_t()
        let work = Unmanaged.passRetained(Work(name: name, body: body))
        let code = pthread_create(
            &thread, &attributes,
            { pointer in
                if let pointer { Unmanaged<Work>.fromOpaque(pointer).takeRetainedValue().run() }
                return nil
            }, work.toOpaque())
        guard code == 0 else {
            work.release()
            throw .unavailable(operation: "start thread \(name)", cause: String(cString: strerror(code)))
        }
    }

    /// Runs a function on a thread of its own and waits for it without blocking the caller's.
    static func run<Value: Sendable>(
        name: String, _ body: @escaping @Sendable () throws(StorageError) -> Value
    ) async throws(StorageError) -> Value {
        let result: Result<Value, StorageError> = await withCheckedContinuation { continuation in
            do throws(StorageError) {
                try start(name: name) {
                    do throws(StorageError) {
                        continuation.resume(returning: .success(try body()))
                    } catch {
                        continuation.resume(returning: .failure(error))
                    }
                }
            } catch {
                continuation.resume(returning: .failure(error))
            }
        }
        return try result.get()
    }
}
