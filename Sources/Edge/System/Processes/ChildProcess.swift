internal import CEdgeLinux
internal import Synchronization

/// A running or ended child of this process, known by its pidfd: its number cannot come to mean another one.
public final class ChildProcess: Sendable {
    private enum State {
        case running([CheckedContinuation<ExitStatus, Never>])
        case ended(ExitStatus)
    }

    public let pid: Int32
    private let pidfd: SharedDescriptor
    private let state = Mutex(State.running([]))
    private let registration = Mutex<Reactor.Registration?>(nil)

    init(pid: Int32, pidfd: consuming FileDescriptor, reactor: Reactor) throws(SystemError) {
        self.pid = pid
        self.pidfd = SharedDescriptor(pidfd)
        // The reactor's table keeps the object until the end, so that nobody is left unreaped.
        let registration = try reactor.register(self.pidfd.rawValue) { [self] _ in reap() }
        self.registration.withLock { $0 = registration }
        try registration.arm(.readable)
    }

    /// How it ends, or has ended. Any number of callers may wait.
    public var exitStatus: ExitStatus {
        get async {
            await withCheckedContinuation { continuation in
                let status = state.withLock { state -> ExitStatus? in
                    switch state {
                    case .running(let waiters):
                        state = .running(waiters + [continuation])
                        return nil
                    case .ended(let status):
                        return status
                    }
                }
                if let status { continuation.resume(returning: status) }
            }
        }
    }

    /// Does nothing to a process that has ended.
    public func signal(_ number: Int32) throws(SystemError) {
        let result = edge_pidfd_send_signal(pidfd.rawValue, number)
        if result < 0, Errno(rawValue: -result) == .noProcess { return }
        try check(result, "signal", "process \(pid)")
    }

    private func reap() {
        var code: Int32 = 0
        var signal: Int32 = 0
        let result = edge_pidfd_reap(pidfd.rawValue, &code, &signal)
        if result == 0 {
            registration.withLock { try? $0?.arm(.readable) }
            return
        }
        // A negative result: somebody else has collected the child. Its status is lost.
        let status: ExitStatus =
            result < 0 ? .exited(code: 255) : signal != 0 ? .signalled(signal) : .exited(code: code)
        let waiters = state.withLock { state -> [CheckedContinuation<ExitStatus, Never>] in
            guard case .running(let waiters) = state else { return [] }
            state = .ended(status)
            return waiters
        }
        let registration = registration.withLock { registration in
            defer { registration = nil }
            return registration
        }
        registration?.cancel()
        for waiter in waiters { waiter.resume(returning: status) }
    }
}
