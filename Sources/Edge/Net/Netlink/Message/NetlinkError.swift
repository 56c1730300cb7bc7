internal import Glibc

/// A netlink request that the kernel refused: what was asked for, of which object, and why.
public struct NetlinkError: Error, CustomStringConvertible, Equatable {
    /// Such as `create link`.
    public let operation: String
    /// Such as `edge0` or `10.42.1.0/24 via 10.0.0.2`.
    public let object: String
    /// The positive errno.
    public let errno: Int32
    /// The kernel's own explanation (NETLINK_EXT_ACK), where it gave one.
    public let explanation: String?

    public init(operation: String, object: String, errno: Int32, explanation: String? = nil) {
        self.operation = operation
        self.object = object
        self.errno = errno
        self.explanation = explanation
    }

    public var description: String {
        let cause = explanation.map { "\(Self.text(errno)): \($0)" } ?? Self.text(errno)
        return "\(operation) \(object): \(cause)"
    }

    public var isNotFound: Bool { errno == ENOENT || errno == ENODEV || errno == ESRCH }
    public var alreadyExists: Bool { errno == EEXIST }

    /// The kernel's answers that mean "there is no such object", by the kind of object.
    func isOneOf(_ codes: Int32...) -> Bool { codes.contains(errno) }

    private static func text(_ code: Int32) -> String {
        strerror(code).map { String(cString: $0).lowercased() } ?? "error \(code)"
    }
}
