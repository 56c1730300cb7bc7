internal import CEdgeLinux
internal import Glibc

/// A detached thread of the operating system, for what blocks.
enum SystemThread {
    private final class Start {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    /// All signals are blocked in it: those of the process are handled elsewhere.
    static func detach(named name: String, stackSize: Int = 256 << 10, _ body: @escaping @Sendable () -> Void)
        throws(SystemError)
    {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setstacksize(&attributes, stackSize)
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        var all = sigset_t()
        var previous = sigset_t()
        sigfillset(&all)
        pthread_sigmask(SIG_SETMASK, &all, &previous)
        defer { pthread_sigmask(SIG_SETMASK, &previous, nil) }
        let start = Unmanaged.passRetained(
            Start {
                edge_name_thread(name)
                body()
            })
        var thread = pthread_t()
        let error = pthread_create(
            &thread, &attributes,
            { argument in
                if let argument { Unmanaged<Start>.fromOpaque(argument).takeRetainedValue().body() }
                return nil
            }, start.toOpaque())
        guard error == 0 else {
            start.release()
            throw SystemError("start thread", name, Errno(rawValue: error))
        }
    }
}
