internal import CEdgeLinux
internal import Glibc

/// A reason for which the kernel refused something.
public struct Errno: Error, Hashable, Sendable, RawRepresentable {
    public let rawValue: Int32

    public init(rawValue: Int32) {
        self.rawValue = rawValue
    }

    /// The calling thread's errno. Read it right behind the call, before anything of Swift's can run.
    static var current: Errno { Errno(rawValue: Glibc.errno) }

    public static let notPermitted = Errno(rawValue: EPERM)
    public static let noEntry = Errno(rawValue: ENOENT)
    public static let noProcess = Errno(rawValue: ESRCH)
    public static let interrupted = Errno(rawValue: EINTR)
    public static let badDescriptor = Errno(rawValue: EBADF)
    public static let again = Errno(rawValue: EAGAIN)
    public static let accessDenied = Errno(rawValue: EACCES)
    public static let busy = Errno(rawValue: EBUSY)
    public static let exists = Errno(rawValue: EEXIST)
    public static let notDirectory = Errno(rawValue: ENOTDIR)
    public static let isDirectory = Errno(rawValue: EISDIR)
    public static let invalidArgument = Errno(rawValue: EINVAL)
    public static let noSpace = Errno(rawValue: ENOSPC)
    public static let readOnly = Errno(rawValue: EROFS)
    public static let brokenPipe = Errno(rawValue: EPIPE)
    public static let crossDevice = Errno(rawValue: EXDEV)
    public static let notEmpty = Errno(rawValue: ENOTEMPTY)
    public static let tooManyLinks = Errno(rawValue: ELOOP)
    public static let noData = Errno(rawValue: ENODATA)
    public static let notImplemented = Errno(rawValue: ENOSYS)
    public static let notSupported = Errno(rawValue: ENOTSUP)
    public static let noDevice = Errno(rawValue: ENODEV)
    /// A device node that no driver serves.
    public static let noDriver = Errno(rawValue: ENXIO)
    public static let outOfRange = Errno(rawValue: ERANGE)
    public static let fileTooBig = Errno(rawValue: EFBIG)
    public static let inputOutput = Errno(rawValue: EIO)
    public static let connectionRefused = Errno(rawValue: ECONNREFUSED)
    public static let connectionReset = Errno(rawValue: ECONNRESET)
    public static let timedOut = Errno(rawValue: ETIMEDOUT)
    public static let tooBig = Errno(rawValue: E2BIG)
    public static let messageTooLong = Errno(rawValue: EMSGSIZE)
    public static let protocolError = Errno(rawValue: EPROTO)
    public static let execFormat = Errno(rawValue: ENOEXEC)
}

extension Errno: CustomStringConvertible {
    /// The C library's text, in lower case: `no such file or directory`.
    public var description: String {
        guard let text = edge_error_text(rawValue) else { return "error \(rawValue)" }
        return String(cString: text).lowercased()
    }
}
