internal import EdgeBase
internal import EdgeTransport
internal import NIOCore
internal import NIOPosix

/// A certificate authority with a serving certificate for loopback and a client certificate.
struct TestCertificates: Sendable {
    let authority: CertificateAuthority
    let serving: KeyPair
    let client: KeyPair

    init() throws {
        let now = SystemWallClock().now
        authority = try CertificateAuthority.make(commonName: "test-ca", now: now).authority
        serving = try authority.issue(
            .serving("test", dnsNames: ["localhost", "test.internal"], addresses: [.v4(.loopback)]), now: now)
        client = try authority.issue(.client("alice", organizations: ["team", "more"]), now: now)
    }

    var serverContext: TLSServerContext {
        get throws {
            try TLSServerContext(
                .init(
                    certificateChain: serving.certificate, privateKey: serving.privateKey,
                    clientAuthorities: authority.certificate))
        }
    }

    func clientContext(identity: KeyPair? = nil) throws -> TLSClientContext {
        try TLSClientContext(trust: .authorities(authority.certificate), identity: identity)
    }
}

/// A server on a free port of loopback for the length of a closure.
@discardableResult
func withServer<Result: Sendable>(
    tls: TLSServerContext? = nil, settings: HTTPServerSettings = HTTPServerSettings(),
    _ handle: @escaping @Sendable (HTTPServerRequest) -> HTTPHandling,
    _ body: @Sendable (HTTPServer) async throws -> Result
) async throws -> Result {
    let server = try await HTTPServer.start(
        host: "127.0.0.1", port: 0, group: MultiThreadedEventLoopGroup.singleton, tls: tls,
        settings: settings,
        handler: ClosureHandler(handle))
    do {
        let result = try await body(server)
        await server.shutdown(grace: .seconds(2))
        return result
    } catch {
        await server.shutdown(grace: .zero)
        throw error
    }
}

func makeClient(_ change: (inout HTTPClient.Settings) throws -> Void = { _ in }) throws -> HTTPClient {
    var settings = HTTPClient.Settings()
    settings.tls = try TLSClientContext(trust: .insecure)
    try change(&settings)
    return try HTTPClient(group: MultiThreadedEventLoopGroup.singleton, settings: settings)
}

extension HTTPServer {
    func url(_ target: String, isEncrypted: Bool = false, host: String = "127.0.0.1") -> HTTPURL {
        HTTPURL(isEncrypted: isEncrypted, host: host, port: port, target: target)
    }
}
