internal import EdgeJSON
internal import EdgeTransport
internal import Synchronization

/// Speaks the registry API (OCI distribution-spec, Docker registry v2) to one endpoint with one credential:
/// answers its challenges, follows its redirects. Made for one pull.
final class EndpointClient: Sendable {
    let endpoint: RegistryEndpoint
    private let credential: RegistryCredential?
    private let transport: RegistryTransport
    private let trust: RegistryTrust
    /// The Authorization header that the endpoint has accepted last.
    private let authorization = Mutex<String?>(nil)
    private let answered = Atomic(false)

    init(
        endpoint: RegistryEndpoint, credential: RegistryCredential?, transport: RegistryTransport,
        trust: RegistryTrust
    ) {
        self.endpoint = endpoint
        self.credential = credential
        self.transport = transport
        self.trust = trust
    }

    var name: String { endpoint.base.redacted }

    /// Whether it has answered at all; before, a broken connection is no reason to try again.
    var hasAnswered: Bool { answered.load(ordering: .relaxed) }

    /// Asks whether the endpoint speaks the API at all and takes the credential.
    func ping() async throws {
        let url = endpoint.base.appending(path: "")
        let response = try await send(.get, url, headers: [])
        try await Self.discard(response)
    }

    /// The answer to a request, when it is a success (2xx). The body has still to be read.
    func send(
        _ method: HTTPMethod, _ url: RegistryURL, headers: [(String, String)]
    ) async throws -> HTTPClientResponse {
        var hasAuthorized = false
        while true {
            let response = try await follow(method, url, headers)
            guard response.status == 401, !hasAuthorized else {
                return try await Self.checked(response, url)
            }
            let challenges = AuthenticateChallenge.parse(response.headers.values("WWW-Authenticate"))
            let message = try await Self.errorMessage(response)
            guard let header = try await authorize(challenges, url) else {
                throw ImageError(.unauthorized, endpoint: url.redacted, Self.denied(message))
            }
            authorization.withLock { $0 = header }
            hasAuthorized = true
        }
    }

    /// Sends with what authorization there is, and follows redirects; the header goes to the endpoint only.
    private func follow(
        _ method: HTTPMethod, _ first: RegistryURL, _ headers: [(String, String)]
    ) async throws -> HTTPClientResponse {
        var url = first
        for _ in 0..<10 {
            var sent = headers
            if url.origin == endpoint.base.origin, let header = authorization.withLock({ $0 }) {
                sent.append(("Authorization", header))
            }
            let tls = try await trust.settings(for: url, endpoint: endpoint)
            let response = try await transport.execute(method, url, headers: sent, tls: tls)
            answered.store(true, ordering: .relaxed)
            guard [301, 302, 303, 307, 308].contains(response.status.code),
                let location = response.headers["Location"]
            else { return response }
            try await Self.discard(response)
            guard let next = url.resolving(location) else {
                throw ImageError(.server, endpoint: url.redacted, "redirect to an invalid address")
            }
            url = next
        }
        throw ImageError(.server, endpoint: first.redacted, "stopped after 10 redirects")
    }

    // MARK: Authorization

    /// The header that answers the challenges; nil when there is none to give.
    private func authorize(
        _ challenges: [AuthenticateChallenge], _ url: RegistryURL
    ) async throws -> String? {
        if case .registryToken(let token) = credential?.secret { return "Bearer \(token)" }
        if let bearer = challenges.first(where: { $0.scheme == "bearer" }) {
            return "Bearer \(try await token(bearer))"
        }
        if challenges.contains(where: { $0.scheme == "basic" }),
            case .password(let username, let password) = credential?.secret
        {
            return "Basic " + Base64.encode("\(username):\(password)".utf8)
        }
        return nil
    }

    /// Asks the token server that the challenge names (Docker registry token specification).
    private func token(_ challenge: AuthenticateChallenge) async throws -> String {
        guard let realm = challenge.parameters["realm"], var url = RegistryURL(realm) else {
            throw ImageError(.server, endpoint: name, "challenge has no valid realm")
        }
        let isExposed = url.scheme == .http && endpoint.base.scheme == .https && !url.isLoopback
        guard credential == nil || !isExposed else {
            throw ImageError(
                .unauthorized, endpoint: url.redacted, "credentials are not sent over plain http")
        }
        let service = challenge.parameters["service"]
        let scope = challenge.parameters["scope"] ?? "repository:\(endpoint.repository):pull"
        var headers: [(String, String)] = []
        var form: String?
        if case .identityToken(let token) = credential?.secret {
            form = [
                ("grant_type", "refresh_token"), ("service", service ?? ""), ("client_id", "edge"),
                ("scope", scope), ("refresh_token", token),
            ].map { "\($0)=\(RegistryURL.percentEncoded($1))" }.joined(separator: "&")
        } else {
            if let service { url = url.adding(query: "service", service) }
            for part in scope.split(separator: " ") { url = url.adding(query: "scope", String(part)) }
            if case .password(let username, let password) = credential?.secret {
                url = url.adding(query: "account", username)
                headers.append(("Authorization", "Basic " + Base64.encode("\(username):\(password)".utf8)))
            }
        }
        let tls = try await trust.settings(for: url, endpoint: endpoint)
        let response = try await transport.execute(
            form == nil ? .get : .post, url, headers: headers, form: form, tls: tls)
        return try await Self.token(in: response, url, isAnonymous: credential == nil)
    }

    private static func token(
        in response: HTTPClientResponse, _ url: RegistryURL, isAnonymous: Bool
    ) async throws -> String {
        guard response.status == 200 else {
            let message = try await errorMessage(response)
            let kind = isAnonymous ? "anonymous token" : "oauth token"
            throw ImageError(
                response.status == 429
                    ? .rateLimited : response.status.code >= 500 ? .server : .unauthorized,
                endpoint: url.redacted,
                "failed to authorize: failed to fetch \(kind): unexpected status: \(text(response.status))"
                    + (message.isEmpty ? "" : ": \(message)"))
        }
        let body = try await collect(response, limit: 1 << 20, url)
        let value = try? JSONParser.parse(body)
        guard let token = value?["token"]?.string ?? value?["access_token"]?.string, !token.isEmpty else {
            throw ImageError(.server, endpoint: url.redacted, "authorization server did not include a token")
        }
        // A header must not be broken up by what a server sends.
        guard token.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else {
            throw ImageError(.server, endpoint: url.redacted, "authorization server sent an invalid token")
        }
        return token
    }
}
