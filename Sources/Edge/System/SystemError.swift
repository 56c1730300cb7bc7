/// A failed operation of the operating system: what was tried, on what, and why it failed.
public struct SystemError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A verb: `open`, `mount`.
    public let operation: String
    /// Mostly a path; may be empty.
    public let object: String
    public let errno: Errno

    public init(_ operation: String, _ object: String, _ errno: Errno) {
        self.operation = operation
        self.object = object
        self.errno = errno
    }

    public var description: String {
        object.isEmpty ? "\(operation): \(errno)" : "\(operation) \(object): \(errno)"
    }
}

/// Turns the negated errno of a shim call into an error; other results pass.
@discardableResult
func check<Result: SignedInteger>(_ result: Result, _ operation: String, _ object: String = "")
    throws(SystemError) -> Result
{
    guard result < 0 else { return result }
    throw SystemError(operation, object, Errno(rawValue: Int32(-result)))
}

/// The same for a call of the C library, which leaves the reason in errno.
@inline(never)
@discardableResult
func checkErrno<Result: SignedInteger>(
    _ operation: String, _ object: String = "", _ call: () -> Result
) throws(SystemError) -> Result {
    while true {
        let result = call()
        guard result < 0 else { return result }
        let errno = Errno.current
        guard errno == .interrupted else { throw SystemError(operation, object, errno) }
    }
}
