internal import EdgeAPI
public import EdgeBase
internal import EdgeTransport
internal import Synchronization

/// Checks one kind of bearer token. It answers from memory, on the connection's event loop.
public protocol TokenAuthenticator: Sendable {
    /// The user of a token; nil when it is not of this kind or not valid.
    func authenticate(token: String) -> AuthenticatedToken?
}

/// A token's user and until when the answer may be remembered.
public struct AuthenticatedToken: Sendable {
    public let user: UserInfo
    public let notAfter: Timestamp
    public let audiences: [String]

    public init(user: UserInfo, notAfter: Timestamp, audiences: [String] = []) {
        self.user = user
        self.notAfter = notAfter
        self.audiences = audiences
    }
}

/// Finds out who makes a request: by the connection's client certificate or by a bearer token.
struct Authenticator: Sendable {
    /// What a connection remembers of its last token.
    private final class Remembered: Sendable {
        let authorization: [UInt8]
        let result: AuthenticatedToken
        let at: Timestamp

        init(authorization: [UInt8], result: AuthenticatedToken, at: Timestamp) {
            self.authorization = authorization
            self.result = result
            self.at = at
        }
    }

    /// How long a token's answer is trusted without asking again: a deleted ServiceAccount's token ends with it.
    private static let memory: Duration = .seconds(10)

    let tokens: [any TokenAuthenticator]
    let clock: any WallClock

    /// The user; anonymous without credentials; a failure for credentials that are not good.
    func user(of request: HTTPServerRequest) throws(APIStatus) -> UserInfo {
        if let header = request.headers.bytes(of: "authorization") {
            return try user(authorization: header, request.connection)
        }
        if let identity = request.connection.identity {
            guard identity.notAfter > clock.now else { throw .unauthorized }
            return UserInfo(
                name: identity.commonName, groups: identity.organizations + [UserInfo.Group.authenticated])
        }
        if request.connection.identityFailure != nil { throw .unauthorized }
        return .anonymous
    }

    private func user(authorization: ArraySlice<UInt8>, _ connection: HTTPConnection) throws(APIStatus)
        -> UserInfo
    {
        let now = clock.now
        if let remembered = connection.cache as? Remembered,
            authorization == remembered.authorization[...],
            now < remembered.result.notAfter, now - remembered.at < Self.memory
        {
            return remembered.result.user
        }
        guard let token = Self.bearerToken(authorization) else { throw .unauthorized }
        guard let result = authenticate(token: token) else { throw .unauthorized }
        connection.cache = Remembered(authorization: Array(authorization), result: result, at: now)
        return result.user
    }

    func authenticate(token: String) -> AuthenticatedToken? {
        for authenticator in tokens {
            if let result = authenticator.authenticate(token: token), result.notAfter > clock.now {
                return result
            }
        }
        return nil
    }

    private static func bearerToken(_ header: ArraySlice<UInt8>) -> String? {
        let text = String(decoding: header, as: UTF8.self)
        guard text.count > 7, text.prefix(7).lowercased() == "bearer " else { return nil }
        let token = text.dropFirst(7).drop { $0 == " " }
        return token.isEmpty ? nil : String(token)
    }
}
