internal import EdgeBase
internal import NIOCore
internal import NIOPosix
internal import Synchronization
internal import Testing

@testable internal import EdgeTransport

@Suite struct HTTPClientTests {
    @Test func connectionsAreKept() async throws {
        let connections = Mutex<Set<ObjectIdentifier>>([])
        try await withServer({ request in
            connections.withLock { _ = $0.insert(ObjectIdentifier(request.connection)) }
            return .now(.text(200, "\(request.method) \(String(buffer: request.body))"))
        }) { server in
            let client = try makeClient()
            for index in 0..<5 {
                let body = ByteBuffer(string: "body\(index)")
                let answer = try await client.collect(HTTPClientRequest(.post, server.url("/"), body: body))
                #expect(answer.head.status == 200 && String(buffer: answer.body) == "POST body\(index)")
            }
            client.shutdown()
        }
        #expect(connections.withLock { $0.count } == 1)
    }

    @Test func answersWithoutBodyKeepTheConnection() async throws {
        let connections = Mutex<Set<ObjectIdentifier>>([])
        try await withServer({ request in
            connections.withLock { _ = $0.insert(ObjectIdentifier(request.connection)) }
            return .now(HTTPServerResponse(204))
        }) { server in
            let client = try makeClient()
            for _ in 0..<3 {
                let answer = try await client.execute(HTTPClientRequest(.get, server.url("/")))
                #expect(answer.status == 204)
            }
            client.shutdown()
        }
        #expect(connections.withLock { $0.count } == 1)
    }

    @Test func largeBodiesBothWays() async throws {
        let size = 2_500_000
        try await withServer({ request in
            .now(HTTPServerResponse(200, body: .buffer(request.body)))
        }) { server in
            let client = try makeClient()
            var body = ByteBuffer()
            for index in 0..<(size / 1000) { body.writeRepeatingByte(UInt8(index & 0xff), count: 1000) }
            let answer = try await client.collect(HTTPClientRequest(.put, server.url("/"), body: body))
            #expect(answer.body == body)
            await #expect(throws: HTTPClientError.self) {
                try await client.collect(HTTPClientRequest(.put, server.url("/"), body: body), limit: 1000)
            }
            client.shutdown()
        }
    }

    @Test func streamedAnswer() async throws {
        try await withServer({ _ in
            .later {
                HTTPServerResponse(
                    200,
                    body: .writer { writer in
                        for index in 0..<100 { try await writer.write(Array("line \(index)\n".utf8)) }
                    })
            }
        }) { server in
            let client = try makeClient()
            let answer = try await client.execute(HTTPClientRequest(.get, server.url("/")))
            var text = ""
            for try await part in answer.body { text += String(buffer: part) }
            #expect(text == (0..<100).map { "line \($0)\n" }.joined())
            client.shutdown()
        }
    }

    @Test func brokenOffStreamIsAnError() async throws {
        struct Failure: Error {}
        try await withServer({ _ in
            .now(
                HTTPServerResponse(
                    200,
                    body: .writer { writer in
                        try await writer.write(Array("some".utf8))
                        throw Failure()
                    }))
        }) { server in
            let client = try makeClient()
            await #expect(throws: (any Error).self) {
                try await client.collect(HTTPClientRequest(.get, server.url("/")))
            }
            client.shutdown()
        }
    }

    @Test func redirects() async throws {
        try await withServer({ request in
            request.path == "/end"
                ? .now(.text(200, request.headers["Authorization"] ?? "none"))
                : .now(
                    HTTPServerResponse(302, headers: ["Location": request.path == "/loop" ? "/loop" : "end"]))
        }) { server in
            let client = try makeClient()
            var request = HTTPClientRequest(.get, server.url("/start"), headers: ["Authorization": "x"])
            #expect(try await client.collect(request).head.status == 302)
            request.maximumRedirects = 3
            let answer = try await client.collect(request)
            #expect(String(buffer: answer.body) == "x")
            request.url = server.url("/loop")
            await #expect(throws: HTTPClientError.self) { try await client.collect(request) }
            client.shutdown()
        }
    }

    @Test func timeoutsAndRefusals() async throws {
        try await withServer({ _ in
            .later {
                try? await Task.sleep(for: .seconds(3600))
                return .text(200, "late")
            }
        }) { server in
            let client = try makeClient()
            var request = HTTPClientRequest(.get, server.url("/"))
            request.timeout = .milliseconds(100)
            await #expect(throws: StreamError.self) { try await client.execute(request) }
            client.shutdown()
        }
        let client = try makeClient()
        let nobody = HTTPURL(isEncrypted: false, host: "127.0.0.1", port: 1)
        await #expect(throws: DialError.self) { try await client.execute(HTTPClientRequest(.get, nobody)) }
    }

    @Test func bearerTokensAreReadFromTheirFileAndNeverSentInClear() async throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/token"
        try SmallFile.write("first\n", to: path, mode: 0o600)
        let certificates = try TestCertificates()
        let echo: @Sendable (HTTPServerRequest) -> HTTPHandling = {
            .now(.text(200, $0.headers["authorization"] ?? "none"))
        }
        try await withServer(tls: certificates.serverContext, echo) { server in
            let client = try makeClient { settings in
                settings.tls = try certificates.clientContext()
                settings.credentials = .bearerFile(path)
            }
            let answer = try await client.collect(HTTPClientRequest(.get, server.url("/", isEncrypted: true)))
            #expect(String(buffer: answer.body) == "Bearer first")
            try await withServer(echo) { plain in
                let answer = try await client.collect(HTTPClientRequest(.get, plain.url("/")))
                #expect(String(buffer: answer.body) == "none")
            }
            client.shutdown()
        }
    }

    @Test(arguments: [
        ("https://h", "https://h/", 443), ("http://h:8080/a?b#c", "http://h:8080/a?b", 8080),
        ("https://[::1]:6443/x", "https://[::1]:6443/x", 6443), ("HTTPS://h?q", "https://h/?q", 443),
    ])
    func urls(_ text: String, _ normal: String, _ port: Int) throws {
        let url = try #require(HTTPURL(text))
        #expect(url.description == normal && url.port == port)
    }

    @Test(arguments: [
        "", "ftp://h", "https://", "https://u:p@h", "https://h:0", "https://h:99999", "https://[::1",
        "https://a b",
    ])
    func badURLs(_ text: String) { #expect(HTTPURL(text) == nil) }

    @Test(arguments: [
        ("/b", "https://h/b"), ("b", "https://h/x/b"), ("http://o/c", "http://o/c"), ("//o/d", "https://o/d"),
    ])
    func locations(_ location: String, _ expected: String) throws {
        #expect(try #require(HTTPURL("https://h/x/y?z")).resolving(location)?.description == expected)
    }
}
