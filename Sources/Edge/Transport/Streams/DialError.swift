internal import NIOCore
internal import NIOPosix

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#endif

/// Why a connection could not be made, in the words that Kubernetes users know from Go's network library.
public struct DialError: Error, CustomStringConvertible {
    public enum Kind: Sendable, Equatable {
        /// The name has no address.
        case unresolved
        case refused
        case timedOut
        /// The peer's certificate was not accepted.
        case untrusted
        /// TLS failed for another reason.
        case handshake
        /// What leads to the peer (a proxy, a tunnel) gave no way through.
        case path
        case other
    }

    public let host: String
    public let port: Int
    public let kind: Kind
    public let cause: String

    public init(host: String, port: Int, kind: Kind = .other, cause: String) {
        self.host = host
        self.port = port
        self.kind = kind
        self.cause = cause
    }

    /// From what the sockets say.
    init(host: String, port: Int, _ error: any Error) {
        let (kind, cause) = Self.explain(error, host)
        self.init(host: host, port: port, kind: kind, cause: cause)
    }

    init(host: String, port: Int, _ failure: TLSHandshake.Failure) {
        self.init(
            host: host, port: port, kind: failure.isUntrusted ? .untrusted : .handshake,
            cause: failure.description)
    }

    public var isTLSFailure: Bool { kind == .untrusted || kind == .handshake }

    public var description: String {
        switch kind {
        case .untrusted, .handshake, .path: cause
        case .unresolved: "dial tcp: \(cause)"
        default: "dial tcp \(host.contains(":") ? "[\(host)]" : host):\(port): \(cause)"
        }
    }

    private static func explain(_ error: any Error, _ host: String) -> (Kind, String) {
        switch error {
        case let error as NIOConnectionError:
            guard let failure = error.connectionErrors.first else {
                return (.unresolved, "lookup \(host): no such host")
            }
            return explain(failure.error, host)
        case ChannelError.connectTimeout: return (.timedOut, "i/o timeout")
        case let error as IOError:
            let text = "connect: \(lowercasedFirst(String(cString: strerror(error.errnoCode))))"
            return (error.errnoCode == ECONNREFUSED ? .refused : .other, text)
        default: return (.other, "\(error)")
        }
    }

    private static func lowercasedFirst(_ text: String) -> String {
        text.prefix(1).lowercased() + text.dropFirst()
    }
}
