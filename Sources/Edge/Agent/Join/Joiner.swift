internal import EdgeAPI
public import EdgeBase
internal import EdgeClient
public import EdgeTransport
internal import Logging
public import NIOCore

/// Joins a host to a cluster with a token. Nothing is written: what comes of it is the caller's to keep.
public struct Joiner: Sendable {
    private let server: HTTPURL
    private let token: JoinToken
    private let node: String
    private let addresses: [IPAddress]
    private let group: any EventLoopGroup
    private let logger = Logger(label: "edge.join")

    /// - Parameter addresses: of the node, for its serving certificate.
    public init(
        server: HTTPURL, token: JoinToken, node: String, addresses: [IPAddress], group: any EventLoopGroup
    ) {
        self.server = server
        self.token = token
        self.node = node
        self.addresses = addresses
        self.group = group
    }

    /// Tries until the server answers; throws `JoinFailure` when it never will as wished.
    public func join() async throws -> NodeIdentity {
        if token.authorityHash == nil {
            logger.warning(
                "the token holds no hash of the cluster's CA: this host believes whoever answers. Use the full token, K10...",
                metadata: ["server": "\(ServerAuthority.name(of: server))"])
        }
        let backoff = EdgeClient.Backoff(initial: .milliseconds(500), maximum: .seconds(10))
        var failures = 0
        while true {
            do {
                return try await joinOnce()
            } catch let failure as JoinFailure where failure.isPermanent {
                throw failure
            } catch {
                try Task.checkCancellation()
                logger.log(
                    level: failures == 0 ? .notice : .debug, "waiting for the server",
                    metadata: ["server": "\(ServerAuthority.name(of: server))", "cause": "\(error)"])
            }
            try await Task.sleep(for: backoff.delay(afterFailures: failures))
            failures += 1
        }
    }

    private func joinOnce() async throws -> NodeIdentity {
        let authority = try await ServerAuthority.fetch(
            server, expecting: token.authorityHash, group: group)
        let kubelet: KeyPair
        do {
            let client = try APIAccess.client(
                server, authority: authority, bearer: Self.bearer(of: token), group: group)
            kubelet = try await CertificateRequester(client).request(.kubelet(node))
        } catch let status as APIStatus {
            throw Self.failure(status, token, server)
        }
        let client = try APIAccess.client(server, authority: authority, identity: kubelet, group: group)
        let requester = CertificateRequester(client)
        return NodeIdentity(
            authority: authority, kubelet: kubelet, network: try await requester.request(.network(node)),
            serving: try await requester.request(.serving(node, addresses: addresses)))
    }

    /// What the token is shown as.
    static func bearer(of token: JoinToken) -> String {
        switch token.credential {
        case .bootstrap(let token): token.text
        case .password(let user?, let secret): "\(user):\(secret)"
        case .password(nil, let secret): secret
        }
    }

    static func failure(_ status: APIStatus, _ token: JoinToken, _ server: HTTPURL) -> JoinFailure {
        let name = ServerAuthority.name(of: server)
        switch status.code {
        case 401:
            if case .bootstrap(let bootstrap) = token.credential {
                return .permanent(
                    "\(name) does not accept the bootstrap token \(bootstrap.id): it has expired, was deleted, or its secret is wrong"
                )
            }
            return .permanent("\(name) does not accept the token: its secret is not the cluster's")
        case 403: return .permanent("\(name) does not let this token join nodes: \(status.message)")
        default: return JoinFailure("ask \(name) for a certificate: \(status.message)", isPermanent: false)
        }
    }
}
