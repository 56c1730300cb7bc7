internal import EdgeBase
internal import EdgeJSON
internal import NIOCore
internal import NIOPosix
internal import Testing

@testable internal import EdgeTransport

@Suite struct TLSTests {
    private let describe: @Sendable (HTTPServerRequest) -> HTTPHandling = { request in
        let identity = request.connection.identity
        let groups = identity?.organizations.joined(separator: ",") ?? ""
        let failure = request.connection.identityFailure ?? "no failure"
        return .now(
            .text(
                200,
                "\(identity?.commonName ?? "nobody") [\(groups)] \(identity?.chain.count ?? 0) \(failure)"))
    }

    private func ask(_ server: HTTPServer, _ tls: TLSClientContext, host: String = "127.0.0.1") async throws
        -> String
    {
        let client = try makeClient { $0.tls = tls }
        defer { client.shutdown() }
        let answer = try await client.collect(
            HTTPClientRequest(.get, server.url("/", isEncrypted: true, host: host)))
        return String(buffer: answer.body)
    }

    @Test func clientIdentities() async throws {
        let certificates = try TestCertificates()
        let other = try TestCertificates()
        var shortLived = CertificateProfile.client("old")
        shortLived.validity = .seconds(3600)
        let expired = try certificates.authority.issue(
            shortLived, now: SystemWallClock().now - .seconds(7200))
        try await withServer(tls: certificates.serverContext, describe) { server in
            #expect(try await ask(server, certificates.clientContext()) == "nobody [] 0 no failure")
            let alice = try certificates.clientContext(identity: certificates.client)
            #expect(try await ask(server, alice) == "alice [team,more] 2 no failure")
            // Bad certificates are told apart from none, and do not break the handshake.
            for pair in [other.client, expired, certificates.serving] {
                let text = try await ask(server, try certificates.clientContext(identity: pair))
                #expect(text.hasPrefix("nobody [] 0 client certificate is not valid"), "\(text)")
            }
        }
    }

    @Test func serversMustBeTrustedAndRightlyNamed() async throws {
        let certificates = try TestCertificates()
        let other = try TestCertificates()
        try await withServer(tls: certificates.serverContext, describe) { server in
            #expect(
                try await ask(server, certificates.clientContext(), host: "localhost").hasPrefix("nobody"))
            await #expect(throws: DialError.self) { try await ask(server, try other.clientContext()) }
            let client = try makeClient {
                $0.tls = try certificates.clientContext()
                $0.serverName = "wrong.internal"
            }
            do {
                _ = try await client.execute(HTTPClientRequest(.get, server.url("/", isEncrypted: true)))
                Issue.record("accepted a wrong name")
            } catch let error as DialError {
                #expect(error.isTLSFailure && error.description.contains("wrong.internal"), "\(error)")
            }
            let named = try makeClient {
                $0.tls = try certificates.clientContext()
                $0.serverName = "test.internal"
            }
            #expect(
                try await named.execute(HTTPClientRequest(.get, server.url("/", isEncrypted: true))).status
                    == 200)
        }
    }

    @Test func certificatesAreReplacedLive() async throws {
        let first = try TestCertificates()
        let second = try TestCertificates()
        let context = try first.serverContext
        try await withServer(tls: context, describe) { server in
            #expect(try await ask(server, first.clientContext()).hasPrefix("nobody"))
            try context.reload(
                .init(certificateChain: second.serving.certificate, privateKey: second.serving.privateKey))
            #expect(try await ask(server, second.clientContext()).hasPrefix("nobody"))
            await #expect(throws: DialError.self) { try await ask(server, try first.clientContext()) }
            #expect(throws: (any Error).self) {
                try context.reload(.init(certificateChain: "x", privateKey: "y"))
            }
            #expect(try await ask(server, second.clientContext()).hasPrefix("nobody"))
        }
    }

    @Test func curlAndOpenSSL() async throws {
        let certificates = try TestCertificates()
        let directory = try TemporaryDirectory()
        func put(_ text: String, _ name: String) throws {
            try SmallFile.write(text, to: "\(directory.path)/\(name)", mode: 0o600)
        }
        try put(certificates.authority.certificate, "ca.pem")
        try put(certificates.client.certificate, "client.pem")
        try put(certificates.client.privateKey, "client.key")
        try await withServer(tls: certificates.serverContext, describe) { server in
            let curl = await runOffPool([
                "curl", "-sS", "--cacert", "\(directory.path)/ca.pem", "--cert",
                "\(directory.path)/client.pem", "--key",
                "\(directory.path)/client.key", "https://localhost:\(server.port)/",
            ])
            #expect(curl.output == "alice [team,more] 2 no failure", "\(curl.output)")
            let shown = await runOffPool([
                "openssl", "s_client", "-connect", "127.0.0.1:\(server.port)", "-CAfile",
                "\(directory.path)/ca.pem",
                "-verify_return_error", "-alpn", "h2,http/1.1",
            ])
            #expect(shown.output.contains("Verify return code: 0 (ok)"), "\(shown.output)")
            #expect(shown.output.contains("ALPN protocol: h2"))
            #expect(shown.output.contains("Acceptable client certificate CA names"))
        }
    }

    /// The dialer gives a stream that is no socket: TLS runs over it all the same.
    @Test func tlsOverAnyStream() async throws {
        struct Wrapped: Dialer {
            let port: Int
            func connect(host: String, port: Int) async throws -> any ByteStream {
                let stream = try await TCPDialer(group: MultiThreadedEventLoopGroup.singleton)
                    .connect(host: "127.0.0.1", port: self.port)
                return PrefixedStream(ByteBuffer(), stream)
            }
        }
        let certificates = try TestCertificates()
        try await withServer(tls: certificates.serverContext, describe) { server in
            let client = try makeClient {
                $0.tls = try certificates.clientContext(identity: certificates.client)
                $0.dialer = Wrapped(port: server.port)
                $0.serverName = "test.internal"
            }
            let url = HTTPURL(isEncrypted: true, host: "node-1", port: 10250)
            let answer = try await client.collect(HTTPClientRequest(.get, url))
            #expect(String(buffer: answer.body).hasPrefix("alice"))
            client.shutdown()
        }
    }
}
