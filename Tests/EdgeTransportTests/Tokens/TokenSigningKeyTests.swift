internal import EdgeBase
internal import EdgeJSON
internal import Testing

@testable internal import EdgeTransport

@Suite struct TokenSigningKeyTests {
    private let key = TokenSigningKey()
    private let claims: JSONValue = [
        "iss": "https://kubernetes.default.svc.cluster.local", "sub": "system:serviceaccount:default:default",
        "aud": ["api"], "exp": 2000, "nbf": 1000,
    ]

    @Test func signedTokenVerifies() throws {
        let text = try key.sign(claims)
        let token = try TokenKeySet([key.verificationKey]).verify(text)
        #expect(token.claims == claims)
        #expect(token.keyID == key.keyID)
        #expect(token.audiences == ["api"])
        #expect(token.issuer == "https://kubernetes.default.svc.cluster.local")
    }

    @Test func keySurvivesItsFile() throws {
        let text = try key.sign(claims)
        let loaded = try TokenSigningKey(pem: key.pem)
        #expect(loaded.keyID == key.keyID)
        let published = try TokenVerificationKey(pem: key.verificationKey.pem)
        #expect(try TokenKeySet([published]).verify(text).claims == claims)
    }

    @Test func otherKeysAndChangedTokensAreRefused() throws {
        let text = try key.sign(claims)
        let keys = TokenKeySet([key.verificationKey])
        #expect(throws: TokenError.self) { try TokenKeySet([TokenSigningKey().verificationKey]).verify(text) }
        let parts = text.split(separator: ".").map(String.init)
        let forged = Base64URL.encode((["sub": "admin"] as JSONValue).encoded)
        #expect(throws: TokenError.self) { try keys.verify("\(parts[0]).\(forged).\(parts[2])") }
        let unsigned = Base64URL.encode((["alg": "none"] as JSONValue).encoded)
        #expect(throws: TokenError.self) { try keys.verify("\(unsigned).\(parts[1]).") }
        #expect(throws: TokenError.self) { try keys.verify("\(unsigned).\(parts[1]).\(parts[2])") }
    }

    @Test(arguments: ["", "a.b", "a.b.c", "....", "e30.e30.", "W10.e30.AA", "!!.e30.AA"])
    func malformed(_ text: String) {
        #expect(throws: TokenError.self) { try TokenKeySet([key.verificationKey]).verify(text) }
    }

    @Test func overlongTokenIsRefused() {
        let text = String(repeating: "a", count: JSONWebToken.maximumLength + 1)
        #expect(throws: TokenError("token is too long")) { try JSONWebToken(parsing: text) }
    }

    @Test(
        arguments: [
            (1500, nil), (2059, nil), (2060, "token has expired"), (940, nil),
            (939, "token is not valid yet"),
        ] as [(Int64, String?)])
    func times(_ now: Int64, _ problem: String?) throws {
        let token = try TokenKeySet([key.verificationKey]).verify(try key.sign(claims))
        do throws(TokenError) {
            try token.checkTimes(now: Timestamp(seconds: now))
            #expect(problem == nil)
        } catch {
            #expect(error.description == problem)
        }
    }

    @Test func keySetDocument() throws {
        let document = TokenKeySet([key.verificationKey]).document
        let entry = try #require(document["keys"]?.array?.first)
        #expect(entry["kid"]?.string == key.keyID)
        #expect(
            entry["kty"]?.string == "EC" && entry["crv"]?.string == "P-256" && entry["alg"]?.string == "ES256"
        )
        #expect(Base64URL.decode(entry["x"]?.string ?? "")?.count == 32)
        #expect(Base64URL.decode(entry["y"]?.string ?? "")?.count == 32)
    }
}
