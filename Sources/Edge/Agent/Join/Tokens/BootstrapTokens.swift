internal import EdgeAPI
public import EdgeBase
public import EdgeClient
internal import EdgeJSON
public import EdgeTransport

/// The bootstrap tokens of a cluster: Secrets of kube-system as kubeadm makes them.
public struct BootstrapTokens: Sendable {
    public struct Entry: Sendable, Equatable {
        public var id: String
        public var expiration: Timestamp?
        public var description: String
    }

    private static let namespace = "kube-system"
    private static let type = "bootstrap.kubernetes.io/token"

    private let client: any APIClient
    private let authorityHash: String
    private let clock: any WallClock

    public init(client: any APIClient, authorityHash: String, clock: any WallClock) {
        self.client = client
        self.authorityHash = authorityHash
        self.clock = clock
    }

    /// - Parameter life: nil for a token that does not expire.
    public func create(_ token: BootstrapToken, life: Duration?, description: String) async throws
        -> JoinToken
    {
        let secret = Self.secret(token, expiration: life.map { clock.now + $0 }, description: description)
        _ = try await client.create("secrets", secret)
        return JoinToken(authorityHash: authorityHash, credential: .bootstrap(token))
    }

    public func list() async throws -> [Entry] {
        let list = try await client.list("secrets", namespace: Self.namespace)
        return try list.objects.compactMap { Self.entry(try APIObject(decoding: $0)) }.sorted {
            $0.id < $1.id
        }
    }

    public func delete(id: String) async throws {
        try await client.delete(
            ObjectKey(resource: "secrets", namespace: Self.namespace, name: "bootstrap-token-\(id)"))
    }

    static func secret(_ token: BootstrapToken, expiration: Timestamp?, description: String) -> APIObject {
        var secret = APIObject(
            apiVersion: "v1", kind: "Secret", namespace: namespace, name: "bootstrap-token-\(token.id)")
        secret["type"] = .string(type)
        var data: JSONObject = [
            "token-id": .string(token.id), "token-secret": .string(token.secret),
            "usage-bootstrap-authentication": "true",
            "auth-extra-groups": "system:bootstrappers:edge:default-node-token",
        ]
        if let expiration {
            data["expiration"] = .string(Timestamp(seconds: expiration.seconds).rfc3339)
        }
        if !description.isEmpty { data["description"] = .string(description) }
        secret["stringData"] = .object(data)
        return secret
    }

    static func entry(_ secret: APIObject) -> Entry? {
        func text(_ key: String) -> String? {
            secret[path: "data", key]?.string.flatMap { Base64.decode($0) }.map {
                String(decoding: $0, as: UTF8.self)
            }
        }
        guard secret["type"]?.string == type, let id = text("token-id") else { return nil }
        return Entry(
            id: id, expiration: text("expiration").flatMap { Timestamp(rfc3339: $0) },
            description: text("description") ?? "")
    }
}

/// The tokens as `edge token list` shows them.
public enum TokenTable {
    public static func lines(_ entries: [BootstrapTokens.Entry], now: Timestamp) -> [String] {
        let rows =
            [["TOKEN ID", "EXPIRES", "DESCRIPTION"]]
            + entries.map { [$0.id, expiry($0.expiration, now), $0.description] }
        let widths = (0..<2).map { column in (rows.map { $0[column].count }.max() ?? 0) + 3 }
        return rows.map { row in
            let cells = zip(row, widths).map { $0 + String(repeating: " ", count: max(0, $1 - $0.count)) }
            return cells.joined() + (row.last ?? "")
        }
    }

    private static func expiry(_ expiration: Timestamp?, _ now: Timestamp) -> String {
        guard let expiration else { return "never" }
        return expiration > now ? expiration.rfc3339 : "expired"
    }
}
