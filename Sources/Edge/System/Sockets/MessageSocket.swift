internal import CEdgeLinux
internal import Glibc
internal import Synchronization

/// A connected SOCK_SEQPACKET unix socket: whole messages, with descriptors attached.
public final class MessageSocket: Sendable {
    public struct Message: Sendable {
        public let bytes: [UInt8]
        public let descriptors: [SharedDescriptor]
    }

    private let descriptor: SharedDescriptor
    private let registration = Mutex<Reactor.Registration?>(nil)

    public init(_ descriptor: consuming FileDescriptor) {
        self.descriptor = SharedDescriptor(descriptor)
    }

    public init(_ descriptor: SharedDescriptor) {
        self.descriptor = descriptor
    }

    /// Connects to a listening socket at a path of any length.
    public static func connect(to path: String) throws(SystemError) -> MessageSocket {
        try shortened(path) { (short) throws(SystemError) in
            MessageSocket(
                FileDescriptor(
                    owning: try check(edge_unix_connect(short, Int32(EDGE_SEQPACKET)), "connect", path)))
        }
    }

    /// Makes a listening socket with mode 0600 at a path of any length.
    public static func listen(at path: String) throws(SystemError) -> FileDescriptor {
        try shortened(path) { (short) throws(SystemError) in
            FileDescriptor(
                owning: try check(edge_unix_listen(short, Int32(EDGE_SEQPACKET), 8), "listen", path))
        }
    }

    /// The next connection that waits at a listening socket; EAGAIN if there is none.
    public static func accept(_ listener: Int32) throws(SystemError) -> FileDescriptor {
        FileDescriptor(owning: try check(edge_accept(listener), "accept", "connection"))
    }

    /// Two connected ends, neither of them watched yet.
    public static func pair() throws(SystemError) -> (SharedDescriptor, SharedDescriptor) {
        var ends: (Int32, Int32) = (-1, -1)
        let result = withUnsafeMutablePointer(to: &ends) { pointer in
            pointer.withMemoryRebound(to: Int32.self, capacity: 2) {
                edge_socketpair(Int32(EDGE_SEQPACKET), $0)
            }
        }
        try check(result, "make socket pair")
        return (
            SharedDescriptor(FileDescriptor(owning: ends.0)), SharedDescriptor(FileDescriptor(owning: ends.1))
        )
    }

    /// The address of a unix socket holds 107 bytes: the directory goes by its descriptor.
    private static func shortened<Value: ~Copyable>(
        _ path: String, _ body: (String) throws(SystemError) -> Value
    ) throws(SystemError) -> Value {
        guard path.utf8.count > 100, let slash = path.lastIndex(of: "/") else { return try body(path) }
        let directory = try File.open(String(path[..<slash]), [.pathOnly, .directory])
        return try body("/proc/self/fd/\(directory.rawValue)\(path[slash...])")
    }

    /// For handing the socket to another process.
    public var rawValue: Int32 { descriptor.rawValue }

    /// The process that listens at the other end.
    public func peerProcess() throws(SystemError) -> Int32 {
        try check(edge_peer_pid(descriptor.rawValue), "identify", "peer")
    }

    /// Sends at once or fails with EAGAIN: requests are small and their number bounded by who waits.
    public func send(_ bytes: [UInt8], descriptors: [Int32] = []) throws(SystemError) {
        let sent = bytes.withUnsafeBytes { buffer in
            edge_send(
                descriptor.rawValue, buffer.baseAddress, buffer.count, descriptors, UInt32(descriptors.count))
        }
        try check(sent, "send", "message")
    }

    /// The next message if one is there. Nil: the other end has gone.
    public func receive() throws(SystemError) -> Message? {
        var fds = [Int32](repeating: -1, count: Int(EDGE_MAX_FDS))
        var count: UInt32 = 0
        var result = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: 65536) { buffer, used in
            result = edge_receive(descriptor.rawValue, buffer.baseAddress, buffer.count, &fds, &count)
            used = max(0, result)
        }
        if result == -Int(ECONNRESET) { return nil }
        try check(result, "receive", "message")
        let descriptors = fds[..<Int(count)].map { SharedDescriptor(FileDescriptor(owning: $0)) }
        if bytes.isEmpty, descriptors.isEmpty { return nil }
        // A copy of the size of the message: the buffer is as large as the largest one.
        return Message(bytes: Array(bytes[...]), descriptors: descriptors)
    }

    /// Calls `handler` for each message on the reactor's thread, and once with nil at the end.
    public func startReceiving(on reactor: Reactor, handler: @escaping @Sendable (Message?) -> Void)
        throws(SystemError)
    {
        let registration = try reactor.register(descriptor.rawValue) { [weak self] _ in
            self?.drain(handler)
        }
        self.registration.withLock { $0 = registration }
        try registration.arm(.readable)
    }

    private func drain(_ handler: (Message?) -> Void) {
        while true {
            do throws(SystemError) {
                guard let message = try receive() else { break }
                handler(message)
            } catch {
                guard error.errno != .again else {
                    return registration.withLock { try? $0?.arm(.readable) }
                }
                if error.errno != .messageTooLong { break }
            }
        }
        close()
        handler(nil)
    }

    /// Stops receiving. The descriptor is closed with the last user of this object.
    public func close() {
        let registration = registration.withLock { registration in
            defer { registration = nil }
            return registration
        }
        registration?.cancel()
        shutdown(descriptor.rawValue, Int32(SHUT_RDWR))
    }

    deinit { registration.withLock { $0?.cancel() } }
}
