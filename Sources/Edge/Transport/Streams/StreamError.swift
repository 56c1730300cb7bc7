/// Why a stream broke.
public enum StreamError: Error, Equatable, CustomStringConvertible {
    /// This side closed it.
    case closed
    /// The peer closed or reset it.
    case reset(String)
    /// The peer sent what the protocol does not allow.
    case protocolViolation(String)
    /// The peer sent more than is taken.
    case limitExceeded(String)
    case timedOut(String)

    public var description: String {
        switch self {
        case .closed: "stream is closed"
        case .reset(let cause): "stream was reset by the peer: \(cause)"
        case .protocolViolation(let cause): "protocol violation: \(cause)"
        case .limitExceeded(let cause): "limit exceeded: \(cause)"
        case .timedOut(let cause): "timed out: \(cause)"
        }
    }
}
