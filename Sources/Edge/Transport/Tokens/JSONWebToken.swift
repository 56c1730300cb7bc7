public import EdgeBase
public import EdgeJSON

/// Why a token is not accepted.
public struct TokenError: Error, Equatable, CustomStringConvertible {
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// A JSON Web Token in compact form (RFC 7515, RFC 7519), taken apart but not yet verified.
public struct JSONWebToken: Sendable {
    public let header: JSONValue
    public let claims: JSONValue
    let signedBytes: [UInt8]
    let signature: [UInt8]

    /// Longer texts are refused.
    public static let maximumLength = 16 * 1024

    public init(parsing text: some StringProtocol) throws(TokenError) {
        guard text.utf8.count <= Self.maximumLength else { throw TokenError("token is too long") }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3 else { throw TokenError("token does not have three parts") }
        guard let header = Base64URL.decode(parts[0]), let claims = Base64URL.decode(parts[1]),
            let signature = Base64URL.decode(parts[2])
        else { throw TokenError("token is not Base64URL") }
        do throws(JSONError) {
            self.header = try JSONValue(parsing: header)
            self.claims = try JSONValue(parsing: claims)
        } catch {
            throw TokenError("token is not JSON: \(error)")
        }
        guard self.header.object != nil, self.claims.object != nil else {
            throw TokenError("token has no JSON objects")
        }
        signedBytes = Array("\(parts[0]).\(parts[1])".utf8)
        self.signature = signature
    }

    /// The key that signed it, by its own account.
    public var keyID: String? { header["kid"]?.string }
    public var issuer: String? { claims["iss"]?.string }

    /// The audiences: one string or an array of them.
    public var audiences: [String] {
        guard let audience = claims["aud"] else { return [] }
        return audience.string.map { [$0] } ?? audience.strings
    }

    /// Whether the token holds at a time. A clock may be a minute behind the one that made the token.
    public func checkTimes(now: Timestamp, leeway: Duration = .seconds(60)) throws(TokenError) {
        if let expiry = claims["exp"] {
            guard let seconds = expiry.double else { throw TokenError("token has a bad expiry") }
            guard now.inSeconds < seconds + leeway.inSeconds else { throw TokenError("token has expired") }
        }
        if let begin = claims["nbf"] {
            guard let seconds = begin.double else { throw TokenError("token has a bad begin") }
            guard now.inSeconds >= seconds - leeway.inSeconds else {
                throw TokenError("token is not valid yet")
            }
        }
    }
}

extension Timestamp {
    fileprivate var inSeconds: Double { Double(nanoseconds) / 1e9 }
}
