internal import EdgeTransport
internal import NIOCore

/// The certificate authority of a server that is not trusted yet: fetched from whoever answers, and believed only
/// when its hash is the one in the token. No credential is shown before that.
enum ServerAuthority {
    private static let maximumBytes = 256 * 1024

    /// - Parameter expected: the hash in the token; nil believes whoever answers.
    static func fetch(_ server: HTTPURL, expecting expected: String?, group: any EventLoopGroup) async throws
        -> String
    {
        var settings = HTTPClient.Settings()
        settings.tls = try TLSClientContext(trust: .insecure)
        settings.connectTimeout = .seconds(5)
        let client = try HTTPClient(group: group, settings: settings)
        defer { client.shutdown() }
        var url = server
        url.target = "/cacerts"
        let answer: (head: HTTPResponseHead, body: ByteBuffer)
        do {
            answer = try await client.collect(
                HTTPClientRequest(.get, url, timeout: .seconds(10)), limit: maximumBytes)
        } catch {
            throw JoinFailure.temporary("fetch the CA of \(name(of: server)): \(error)")
        }
        guard answer.head.status == 200 else {
            let cause = "\(name(of: server)) answers \(answer.head.status.code) when asked for its CA"
            throw JoinFailure(cause, isPermanent: answer.head.status.code < 500)
        }
        let text = String(decoding: answer.body.readableBytesView, as: UTF8.self)
        try check(text, of: server, expecting: expected)
        return text
    }

    static func check(_ text: String, of server: HTTPURL, expecting expected: String?) throws {
        let hash: String
        do { hash = try CertificateHash.hash(authorityFile: text) } catch {
            throw JoinFailure.permanent("\(name(of: server)) gives no CA: is it a server of edge? (\(error))")
        }
        guard let expected, !JoinToken.secretsAgree(hash, expected) else { return }
        throw JoinFailure.permanent(
            "the CA of \(name(of: server)) does not have the hash of the token: the token is of another cluster, or "
                + "somebody is in between. Expected \(expected.prefix(16))..., got \(hash.prefix(16))...")
    }

    static func name(of server: HTTPURL) -> String { "https://\(server.authority)" }
}
