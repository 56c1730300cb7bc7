internal import NIOCore
internal import NIOPosix
internal import Testing

@testable internal import EdgeTransport

@Suite struct ChannelStreamTests {
    /// A server on loopback that hands its first connection to a closure as a byte stream.
    private func withPeer(
        tls: Bool, _ serve: @escaping @Sendable (any ByteStream) async throws -> Void,
        _ body: @Sendable (any ByteStream) async throws -> Void
    ) async throws {
        let certificates = try TestCertificates()
        try await withServer(tls: tls ? certificates.serverContext : nil) { _ in
            .upgrade(HTTPUpgrade(protocolName: "raw") { stream in try? await serve(stream) })
        } _: { server in
            let client = try makeClient { $0.tls = try certificates.clientContext() }
            let request = HTTPClientRequest(.get, server.url("/", isEncrypted: tls))
            let (head, stream) = try await client.upgrade(request, to: "raw")
            #expect(head.fields["Upgrade"] == "raw")
            try await body(stream)
            stream.close()
            client.shutdown()
        }
    }

    /// The peer has ended its direction; everything written after that arrives all the same.
    @Test(arguments: [false, true])
    func largeAnswerAfterThePeersEnd(_ tls: Bool) async throws {
        try await withPeer(tls: tls) { stream in
            let question = try await stream.readAll(limit: 100)
            #expect(String(buffer: question) == "all of it, please")
            for _ in 0..<64 { try await stream.write(ByteBuffer(repeating: 7, count: 64 * 1024)) }
            try await stream.finish()
        } _: { stream in
            try await stream.write("all of it, please")
            try await stream.finish()
            #expect(try await stream.readAll(limit: 5_000_000).readableBytes == 64 * 64 * 1024)
        }
    }

    @Test(arguments: [false, true])
    func returningSendsWhatWasWritten(_ tls: Bool) async throws {
        try await withPeer(tls: tls) { stream in
            try await stream.write(ByteBuffer(repeating: 7, count: 3_000_000))
        } _: { stream in
            // The peer ignores what it is sent, and its last bytes arrive nevertheless.
            try await stream.write("unread")
            #expect(try await stream.readAll(limit: 5_000_000).readableBytes == 3_000_000)
        }
    }

    @Test func writerWaitsForASlowReader() async throws {
        try await withPeer(tls: false) { stream in
            while true { try await stream.write(ByteBuffer(repeating: 1, count: 64 * 1024)) }
        } _: { stream in
            var seen = 0
            while seen < 20_000_000, let bytes = try await stream.read() { seen += bytes.readableBytes }
            #expect(seen >= 20_000_000)
        }
    }
}
