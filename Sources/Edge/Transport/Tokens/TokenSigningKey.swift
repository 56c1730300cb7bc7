internal import Crypto
internal import EdgeBase
public import EdgeJSON

/// A P-256 key that signs service account tokens with ES256 (RFC 7518 section 3.4).
public struct TokenSigningKey: Sendable {
    private let key: P256.Signing.PrivateKey

    /// A new random key.
    public init() {
        key = P256.Signing.PrivateKey()
    }

    public init(pem: String) throws {
        do {
            key = try P256.Signing.PrivateKey(pemRepresentation: pem)
        } catch {
            throw PKIError("load token signing key", "not a P-256 private key in PEM")
        }
    }

    public static func loadOrCreate(path: String) throws -> TokenSigningKey {
        if let pem = try SmallFile.readTextIfPresent(path) { return try TokenSigningKey(pem: pem) }
        let key = TokenSigningKey()
        try SmallFile.write(key.pem, to: path, mode: 0o600)
        return key
    }

    /// The private key in PEM (PKCS #8).
    public var pem: String { key.pemRepresentation + "\n" }

    public var verificationKey: TokenVerificationKey { TokenVerificationKey(key.publicKey) }

    /// The hash of the public key: `kid` of the tokens.
    public var keyID: String { verificationKey.keyID }

    /// Signs claims and returns the token in compact form.
    public func sign(_ claims: JSONValue) throws -> String {
        let header: JSONValue = ["alg": "ES256", "kid": .string(keyID)]
        let signed = Base64URL.encode(header.encoded) + "." + Base64URL.encode(claims.encoded)
        let signature = try key.signature(for: Array(signed.utf8))
        return signed + "." + Base64URL.encode(signature.rawRepresentation)
    }
}

/// The public part of a token signing key.
public struct TokenVerificationKey: Sendable {
    private let key: P256.Signing.PublicKey
    /// Base64URL of the SHA-256 of the public key's DER, as Kubernetes names its keys.
    public let keyID: String

    init(_ key: P256.Signing.PublicKey) {
        self.key = key
        keyID = Base64URL.encode(SHA256.hash(data: key.derRepresentation))
    }

    public init(pem: String) throws {
        do {
            self.init(try P256.Signing.PublicKey(pemRepresentation: pem))
        } catch {
            throw PKIError("load token verification key", "not a P-256 public key in PEM")
        }
    }

    public var pem: String { key.pemRepresentation + "\n" }

    /// Whether this key made the token's signature.
    public func verifies(_ token: JSONWebToken) -> Bool {
        guard token.header["alg"]?.string == "ES256",
            let signature = try? P256.Signing.ECDSASignature(rawRepresentation: token.signature)
        else { return false }
        return key.isValidSignature(signature, for: token.signedBytes)
    }

    /// The key as a JSON Web Key (RFC 7517, RFC 7518 section 6.2).
    public var jsonWebKey: JSONValue {
        let point = key.rawRepresentation
        let half = point.count / 2
        return [
            "use": "sig", "kty": "EC", "kid": .string(keyID), "crv": "P-256", "alg": "ES256",
            "x": .string(Base64URL.encode(point.prefix(half))),
            "y": .string(Base64URL.encode(point.suffix(half))),
        ]
    }
}

/// The keys whose tokens are accepted: the present one and, while tokens of it live, the one before.
public struct TokenKeySet: Sendable {
    private let keys: [TokenVerificationKey]

    public init(_ keys: [TokenVerificationKey]) {
        self.keys = keys
    }

    /// Checks form and signature, not times and claims.
    public func verify(_ text: some StringProtocol) throws(TokenError) -> JSONWebToken {
        let token = try JSONWebToken(parsing: text)
        guard token.header["alg"]?.string == "ES256" else {
            throw TokenError("token is not signed with ES256")
        }
        let candidates = token.keyID.map { id in keys.filter { $0.keyID == id } } ?? keys
        guard candidates.contains(where: { $0.verifies(token) }) else {
            throw TokenError("token has an invalid signature")
        }
        return token
    }

    /// The document of `/openid/v1/jwks`.
    public var document: JSONValue { ["keys": .array(keys.map(\.jsonWebKey))] }
}
