internal import CEdgeLinux
internal import Glibc
internal import Synchronization

/// A pipe, socket or terminal read and written without blocking a thread.
public final class AsyncDescriptor: Sendable {
    private struct Waiter {
        let id: UInt64
        let interest: Reactor.Interest
        let continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var waiters: [Waiter] = []
        var nextID: UInt64 = 0
        var cancelled: Set<UInt64> = []
        /// Nil once closed. Calls under way hold it until they return, so its number is not given away under them.
        var descriptor: SharedDescriptor?
        var endsWhenEmpty = false
    }

    private let state = Mutex(State())
    private let registration = Mutex<Reactor.Registration?>(nil)

    /// Takes over the descriptor and makes it non-blocking.
    public convenience init(_ descriptor: consuming FileDescriptor, reactor: Reactor) throws(SystemError) {
        try self.init(SharedDescriptor(descriptor), reactor: reactor)
    }

    /// Makes the descriptor non-blocking; it may be watched only once.
    public init(_ descriptor: SharedDescriptor, reactor: Reactor) throws(SystemError) {
        try check(edge_set_nonblocking(descriptor.rawValue), "set non-blocking")
        state.withLock { $0.descriptor = descriptor }
        let registration = try reactor.register(descriptor.rawValue) { [weak self] ready in
            self?.wake(ready)
        }
        self.registration.withLock { $0 = registration }
    }

    deinit { close() }

    private func open() throws(SystemError) -> SharedDescriptor {
        guard let descriptor = state.withLock({ $0.descriptor }) else {
            throw SystemError("use", "closed descriptor", .badDescriptor)
        }
        return descriptor
    }

    /// Up to `limit` bytes as soon as some are there; nil at the end. A terminal whose other side has gone is
    /// at its end, too.
    public func read(upTo limit: Int = 16384) async throws -> [UInt8]? {
        while true {
            let descriptor = try open()
            var failure: Errno?
            let bytes = [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
                let result = Glibc.read(descriptor.rawValue, buffer.baseAddress, limit)
                if result < 0 { failure = Errno.current }
                count = max(0, result)
            }
            withExtendedLifetime(descriptor) {}
            switch failure {
            case nil: return bytes.isEmpty ? nil : bytes
            case .some(.interrupted): continue
            case .some(.again):
                if state.withLock({ $0.endsWhenEmpty }) { return nil }
                try await ready(for: .readable)
            case .some(.inputOutput): return nil
            case .some(let errno): throw SystemError("read", "descriptor", errno)
            }
        }
    }

    /// All of the bytes, as fast as the other side takes them.
    public func write(_ bytes: [UInt8]) async throws {
        var done = 0
        while done < bytes.count {
            let descriptor = try open()
            let start = done
            var failure: Errno?
            let result = bytes.withUnsafeBytes { buffer in
                let result = edge_write(
                    descriptor.rawValue, buffer.baseAddress.map { $0 + start }, buffer.count - start)
                if result < 0 { failure = Errno(rawValue: Int32(-result)) }
                return result
            }
            withExtendedLifetime(descriptor) {}
            switch failure {
            case nil: done += result
            case .some(.interrupted): continue
            case .some(.again): try await ready(for: .writable)
            case .some(let errno): throw SystemError("write", "descriptor", errno)
            }
        }
    }

    /// Waits until the descriptor is ready, its other end has gone, the task is cancelled or `close` is called.
    public func ready(for interest: Reactor.Interest) async throws {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                wait(Waiter(id: id, interest: interest, continuation: continuation))
            }
        } onCancel: {
            let waiter = state.withLock { state in
                guard let index = state.waiters.firstIndex(where: { $0.id == id }) else {
                    state.cancelled.insert(id)
                    return nil as Waiter?
                }
                return state.waiters.remove(at: index)
            }
            waiter?.continuation.resume(throwing: CancellationError())
        }
        _ = state.withLock { $0.cancelled.remove(id) }
    }

    private func wait(_ waiter: Waiter) {
        let failure = state.withLock { state -> (any Error)? in
            if state.cancelled.remove(waiter.id) != nil { return CancellationError() }
            if state.descriptor == nil { return SystemError("wait for", "descriptor", .badDescriptor) }
            state.waiters.append(waiter)
            do throws(SystemError) {
                try rearm(state)
                return nil
            } catch {
                state.waiters.removeLast()
                return error
            }
        }
        if let failure { waiter.continuation.resume(throwing: failure) }
    }

    private func rearm(_ state: borrowing State) throws(SystemError) {
        let interest = state.waiters.reduce(into: Reactor.Interest()) { $0.formUnion($1.interest) }
        let registration = registration.withLock { $0 }
        try registration?.arm(interest)
    }

    private func wake(_ ready: Reactor.Interest) {
        let woken = state.withLock { state in
            let isWoken = { (waiter: Waiter) in
                !ready.isDisjoint(with: waiter.interest.union(.hangUp))
            }
            let woken = state.waiters.filter(isWoken)
            state.waiters.removeAll(where: isWoken)
            if !state.waiters.isEmpty { try? rearm(state) }
            return woken
        }
        for waiter in woken { waiter.continuation.resume() }
    }

    /// From now on a read that finds nothing is at the end, also while the other side is still open.
    public func endWhenEmpty() {
        let readers = state.withLock { state in
            state.endsWhenEmpty = true
            let readers = state.waiters.filter { $0.interest.contains(.readable) }
            state.waiters.removeAll { $0.interest.contains(.readable) }
            return readers
        }
        for reader in readers { reader.continuation.resume() }
    }

    /// The error that a connecting socket has run into, once it is writable.
    public func socketError() -> Errno? {
        guard let descriptor = try? open() else { return .badDescriptor }
        let result = edge_socket_error(descriptor.rawValue)
        withExtendedLifetime(descriptor) {}
        return result < 0 ? Errno(rawValue: -result) : nil
    }

    /// Tells a terminal its size.
    public func setWindowSize(columns: UInt16, rows: UInt16) throws(SystemError) {
        let descriptor = try open()
        defer { withExtendedLifetime(descriptor) {} }
        try check(edge_set_window_size(descriptor.rawValue, columns, rows), "resize", "terminal")
    }

    /// Stops watching and gives the descriptor to somebody else.
    public func detach() throws(SystemError) -> SharedDescriptor {
        let descriptor = try open()
        close()
        return descriptor
    }

    /// Closes the descriptor, which the other side sees as the end. Waiting calls fail.
    public func close() {
        let registration = registration.withLock { registration in
            defer { registration = nil }
            return registration
        }
        registration?.cancel()
        let waiters = state.withLock { state in
            state.descriptor = nil
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters {
            waiter.continuation.resume(throwing: SystemError("wait for", "descriptor", .badDescriptor))
        }
    }
}
