internal import CEdgeLinux
internal import Glibc
internal import Synchronization

/// One thread that waits for all descriptors of the process: ends of processes, sockets, pipes, inotify.
/// Nothing polls, and an idle reactor costs nothing.
public final class Reactor: Sendable {
    /// What a descriptor is ready for, or what somebody waits for.
    public struct Interest: OptionSet, Sendable {
        public let rawValue: UInt32
        public init(rawValue: UInt32) { self.rawValue = rawValue }
        public static let readable = Interest(rawValue: UInt32(EDGE_READABLE))
        public static let writable = Interest(rawValue: UInt32(EDGE_WRITABLE))
        /// Urgent data; events of cgroup files.
        public static let priority = Interest(rawValue: UInt32(EDGE_PRIORITY))
        /// The other end has gone; reported unasked.
        public static let hangUp = Interest(rawValue: UInt32(EDGE_HANGUP | EDGE_ERROR))
    }

    /// Called on the reactor's thread: short, and it never blocks.
    public typealias Handler = @Sendable (Interest) -> Void

    private struct State {
        var handlers: [UInt64: Handler] = [:]
        var nextTag: UInt64 = 1
    }

    private let epoll: FileDescriptor
    private let wakeUp: FileDescriptor
    private let state = Mutex(State())

    public init() throws(SystemError) {
        let epoll = try check(edge_epoll_create(), "create epoll")
        self.epoll = FileDescriptor(owning: epoll)
        let wakeUp = FileDescriptor(owning: try check(edge_eventfd(), "create eventfd"))
        try check(edge_epoll_add(epoll, wakeUp.rawValue, UInt32(EDGE_READABLE), 0), "watch", "eventfd")
        self.wakeUp = wakeUp
        // The thread holds the reactor only while it handles events, so that the last user's leaving ends it.
        try SystemThread.detach(named: "edge-reactor") { [weak self, waiter = Waiter(epoll)] in
            waiter.run { self }
        }
    }

    deinit {
        var one: UInt64 = 1
        _ = Glibc.write(wakeUp.rawValue, &one, 8)
    }

    /// Watches a descriptor, which must stay open until the registration is cancelled. Nothing is reported
    /// before the first `arm`.
    public func register(_ descriptor: Int32, handler: @escaping Handler) throws(SystemError) -> Registration
    {
        let tag = state.withLock { state in
            let tag = state.nextTag
            state.nextTag += 1
            state.handlers[tag] = handler
            return tag
        }
        let result = edge_epoll_add(epoll.rawValue, descriptor, 0, tag)
        if result < 0 { state.withLock { $0.handlers[tag] = nil } }
        try check(result, "watch", "descriptor \(descriptor)")
        return Registration(reactor: self, descriptor: descriptor, tag: tag)
    }

    fileprivate func arm(_ descriptor: Int32, tag: UInt64, for interest: Interest) throws(SystemError) {
        try check(edge_epoll_set(epoll.rawValue, descriptor, interest.rawValue, tag), "watch", "descriptor")
    }

    fileprivate func cancel(_ descriptor: Int32, tag: UInt64) {
        let known = state.withLock { $0.handlers.removeValue(forKey: tag) != nil }
        if known { edge_epoll_remove(epoll.rawValue, descriptor) }
    }

    fileprivate func dispatch(_ events: some Sequence<edge_event>) {
        for event in events {
            let handler = state.withLock { $0.handlers[event.tag] }
            handler?(Interest(rawValue: event.ready))
        }
    }
}

extension Reactor {
    /// One watched descriptor.
    public final class Registration: Sendable {
        private let reactor: Reactor
        private let descriptor: Int32
        private let tag: UInt64

        fileprivate init(reactor: Reactor, descriptor: Int32, tag: UInt64) {
            self.reactor = reactor
            self.descriptor = descriptor
            self.tag = tag
        }

        deinit { cancel() }

        /// Reports once, as soon as the descriptor is ready.
        public func arm(_ interest: Interest) throws(SystemError) {
            try reactor.arm(descriptor, tag: tag, for: interest)
        }

        /// Afterwards the descriptor may be closed. The handler may be running just now.
        public func cancel() {
            reactor.cancel(descriptor, tag: tag)
        }
    }
}

/// The loop of the reactor's thread, on a descriptor of its own so that it may outlive the reactor briefly.
private struct Waiter: Sendable {
    private let epoll: Int32

    init(_ epoll: Int32) {
        self.epoll = fcntl(epoll, F_DUPFD_CLOEXEC, 3)
    }

    func run(_ reactor: () -> Reactor?) {
        defer { Glibc.close(epoll) }
        var events = [edge_event](repeating: edge_event(), count: 64)
        while true {
            let count = edge_epoll_wait(epoll, &events, 64, -1)
            guard count >= 0, let reactor = reactor() else { return }
            reactor.dispatch(events[..<Int(count)])
        }
    }
}
