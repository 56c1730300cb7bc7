import EdgeAPI
import EdgeBase
import EdgeJSON
import EdgeTransport
import Testing

@testable import EdgeJoin

@Suite struct BootstrapTokensTests {
    @Test func makesTheSecretThatKubeadmMakes() throws {
        let token = try #require(BootstrapToken("abcdef.0123456789abcdef"))
        let secret = BootstrapTokens.secret(
            token, expiration: Timestamp(rfc3339: "2026-01-01T00:00:00.5Z"), description: "for a gateway")
        #expect(secret.name == "bootstrap-token-abcdef")
        #expect(secret.namespace == "kube-system")
        #expect(secret["type"] == "bootstrap.kubernetes.io/token")
        #expect(
            secret["stringData"] == [
                "token-id": "abcdef", "token-secret": "0123456789abcdef",
                "usage-bootstrap-authentication": "true",
                "auth-extra-groups": "system:bootstrappers:edge:default-node-token",
                "expiration": "2026-01-01T00:00:00Z", "description": "for a gateway",
            ])
    }

    private func stored(_ type: String) -> APIObject {
        var secret = APIObject(apiVersion: "v1", kind: "Secret", namespace: "kube-system", name: "x")
        secret["type"] = .string(type)
        secret["data"] = ["token-id": "YWJjZGVm", "expiration": "MjAyNi0wMS0wMVQwMDowMDowMFo="]
        return secret
    }

    @Test func readsTokensAndNoOtherSecrets() {
        #expect(
            BootstrapTokens.entry(stored("bootstrap.kubernetes.io/token"))
                == .init(
                    id: "abcdef", expiration: Timestamp(rfc3339: "2026-01-01T00:00:00Z"), description: ""))
        #expect(BootstrapTokens.entry(stored("Opaque")) == nil)
    }

    @Test func showsThemAsATable() throws {
        let now = try #require(Timestamp(rfc3339: "2026-01-01T00:00:00Z"))
        let lines = TokenTable.lines(
            [
                .init(id: "abcdef", expiration: now + .seconds(60), description: "a"),
                .init(id: "ghijkl", expiration: now, description: "b"),
                .init(id: "mnopqr", expiration: nil, description: ""),
            ], now: now)
        #expect(
            lines == [
                "TOKEN ID   EXPIRES                DESCRIPTION",
                "abcdef     2026-01-01T00:01:00Z   a",
                "ghijkl     expired                b",
                "mnopqr     never                  ",
            ])
    }
}
