internal import CEdgeLinux
internal import Glibc

/// A network namespace held open by a descriptor: it lives at least as long as this value.
public final class NetworkNamespace: Sendable {
    public let descriptor: Int32

    /// Takes over a descriptor of a namespace file; it is closed with this value.
    public init(adopting descriptor: Int32) {
        self.descriptor = descriptor
    }

    /// Opens a namespace file, such as `/proc/123/ns/net` or a bind mount of one.
    public init(path: String) throws {
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw NetlinkError(operation: "open network namespace", object: path, errno: errno)
        }
    }

    /// The namespace of a process.
    public convenience init(pid: Int32) throws {
        try self.init(path: "/proc/\(pid)/ns/net")
    }

    /// The calling thread's own.
    public static func current() throws -> NetworkNamespace {
        try NetworkNamespace(path: "/proc/thread-self/ns/net")
    }

    /// Makes a namespace without processes; it vanishes when nothing refers to it any more.
    public static func create() throws -> NetworkNamespace {
        try WorkerThread.run {
            let result = edge_unshare(Int32(EDGE_NEW_NET))
            guard result == 0 else {
                throw NetlinkError(operation: "create", object: "network namespace", errno: -result)
            }
            return try current()
        }
    }

    deinit {
        close(descriptor)
    }

    /// Runs `body` on a thread of its own that has entered this namespace, and waits for it. Sockets opened
    /// there stay in this namespace; no other thread notices. Blocks the calling thread.
    public func run<Result>(_ body: () throws -> Result) throws -> Result {
        try WorkerThread.run {
            let result = edge_setns(descriptor, Int32(EDGE_NEW_NET))
            guard result == 0 else {
                throw NetlinkError(operation: "enter", object: "network namespace", errno: -result)
            }
            return try body()
        }
    }

    /// The inode that identifies the namespace on this kernel.
    public func identity() throws -> UInt64 {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            throw NetlinkError(operation: "stat", object: "network namespace", errno: errno)
        }
        return UInt64(status.st_ino)
    }
}

extension Optional where Wrapped == NetworkNamespace {
    /// In the namespace, or right here when there is none.
    func run<Result>(_ body: () throws -> Result) throws -> Result {
        if let self { try self.run(body) } else { try body() }
    }
}
