internal import EdgeAPI
public import EdgeBase
internal import EdgeJSON
public import EdgeStorage

/// Bootstrap tokens, `<6>.<16>`: Secrets of type bootstrap.kubernetes.io/token in kube-system with an expiry.
public struct BootstrapTokenAuthenticator: TokenAuthenticator {
    private let store: ObjectStore
    private let clock: any WallClock

    public init(store: ObjectStore, clock: any WallClock = SystemWallClock()) {
        self.store = store
        self.clock = clock
    }

    public func authenticate(token: String) -> AuthenticatedToken? {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].utf8.count == 6, parts[1].utf8.count == 16 else { return nil }
        let key = ObjectKey(
            resource: "secrets", namespace: "kube-system", name: "bootstrap-token-\(parts[0])")
        guard let stored = store.get(key), let secret = try? APIObject(decoding: stored),
            secret["type"]?.string == "bootstrap.kubernetes.io/token", !secret.isBeingDeleted,
            Self.data(secret, "token-id") == String(parts[0]),
            let expected = Self.data(secret, "token-secret"),
            ConstantTime.equal(Array(expected.utf8), Array(parts[1].utf8)),
            Self.data(secret, "usage-bootstrap-authentication") == "true"
        else { return nil }
        var notAfter = Timestamp(nanoseconds: .max)
        if let text = Self.data(secret, "expiration") {
            guard let expiration = Timestamp(rfc3339: text), expiration > clock.now else { return nil }
            notAfter = expiration
        }
        let extra = (Self.data(secret, "auth-extra-groups") ?? "").split(separator: ",").map(String.init)
            .filter { $0.hasPrefix("system:bootstrappers:") }
        return AuthenticatedToken(
            user: UserInfo(
                name: "system:bootstrap:\(parts[0])",
                groups: [UserInfo.Group.bootstrappers, UserInfo.Group.authenticated] + extra),
            notAfter: notAfter)
    }

    private static func data(_ secret: APIObject, _ key: String) -> String? {
        guard let text = secret[path: "data", key]?.string, let bytes = Base64.decode(text) else {
            return nil
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
