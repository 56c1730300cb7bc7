public import EdgeBase
public import NIOCore
internal import Synchronization

/// What all requests of one connection share: where it comes from, who its certificate says it is, and a
/// place for the user that the last request was authenticated as.
public final class HTTPConnection: Sendable {
    public let peerAddress: IPAddress?
    public let peerPort: Int
    public let isEncrypted: Bool
    /// Where its requests are handled; nil for a request that came by no connection.
    public let eventLoop: (any EventLoop)?

    private struct State {
        var identity: PeerIdentity?
        var identityFailure: String?
        var cache: (any AnyObject & Sendable)?
    }

    private let state = Mutex(State())

    public init(
        peerAddress: IPAddress?, peerPort: Int, isEncrypted: Bool, identity: PeerIdentity? = nil,
        eventLoop: (any EventLoop)? = nil
    ) {
        self.eventLoop = eventLoop
        self.peerAddress = peerAddress
        self.peerPort = peerPort
        self.isEncrypted = isEncrypted
        state.withLock { $0.identity = identity }
    }

    /// The verified client certificate; nil when there is none or it did not verify.
    public var identity: PeerIdentity? { state.withLock { $0.identity } }

    /// Why the certificate that the client showed was not accepted. Such a request is answered like one
    /// without a certificate, or with 401.
    public var identityFailure: String? { state.withLock { $0.identityFailure } }

    /// For the handler's own use, such as the authenticated user together with the token it came from.
    public var cache: (any AnyObject & Sendable)? {
        get { state.withLock { $0.cache } }
        set { state.withLock { $0.cache = newValue } }
    }

    func setIdentity(_ result: Result<PeerIdentity, some Error>) {
        state.withLock { state in
            switch result {
            case .success(let identity): state.identity = identity
            case .failure(let error): state.identityFailure = "\(error)"
            }
        }
    }
}
