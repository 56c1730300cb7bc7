internal import CEdgeLinux
internal import Glibc

/// The only owner of an open descriptor; its end closes it.
public struct FileDescriptor: ~Copyable, Sendable {
    public let rawValue: Int32

    /// Takes over a descriptor that nobody else closes.
    public init(owning rawValue: Int32) {
        self.rawValue = rawValue
    }

    deinit {
        _ = Glibc.close(rawValue)
    }

    /// Gives the descriptor away unclosed.
    public consuming func release() -> Int32 {
        let rawValue = rawValue
        discard self
        return rawValue
    }

    public func setNonBlocking() throws(SystemError) {
        try check(edge_set_nonblocking(rawValue), "set non-blocking")
    }

    public func duplicate() throws(SystemError) -> FileDescriptor {
        let rawValue = rawValue
        return FileDescriptor(
            owning: try checkErrno("duplicate descriptor") { fcntl(rawValue, F_DUPFD_CLOEXEC, 3) })
    }
}

/// A descriptor with several holders, or one that must lie in an array; the last holder's end closes it.
public final class SharedDescriptor: Sendable {
    public let rawValue: Int32

    public init(_ descriptor: consuming FileDescriptor) {
        rawValue = descriptor.release()
    }

    deinit {
        _ = Glibc.close(rawValue)
    }
}
