internal import EdgeJSON

/// `EncryptionConfiguration` of apiserver.config.k8s.io/v1, as far as edge knows it: Secrets, with AES-GCM keys or none.
struct EncryptionConfiguration: Sendable, Equatable {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    struct Key: Sendable, Equatable {
        var name: String
        /// 16, 24 or 32 bytes.
        var secret: [UInt8]
    }

    /// The first writes.
    var keys: [Key]
    /// Whether writes are encrypted; otherwise the keys only read.
    var isEnabled: Bool

    init(keys: [Key], isEnabled: Bool) {
        self.keys = keys
        self.isEnabled = isEnabled
    }

    init(parsing text: String) throws {
        let documents = try YAML.parse(text)
        guard documents.count == 1, let value = documents.first,
            value["kind"]?.string == "EncryptionConfiguration"
        else { throw Failure(description: "it must be one object of kind EncryptionConfiguration") }
        let entries = value["resources"]?.array ?? []
        guard entries.count == 1, entries[0]["resources"]?.strings == ["secrets"] else {
            throw Failure(description: "resources: edge encrypts \"secrets\" and nothing else")
        }
        keys = []
        var kinds: [String] = []
        for provider in entries[0]["providers"]?.array ?? [] {
            guard let member = provider.object?.first(where: { _ in true }) else { continue }
            kinds.append(member.key)
            switch member.key {
            case "identity": continue
            case "aesgcm": keys += try (member.value["keys"]?.array ?? []).map(Self.key)
            default:
                throw Failure(
                    description: "providers: \"\(member.key)\" is not supported, use aesgcm or identity")
            }
        }
        guard Set(keys.map(\.name)).count == keys.count else {
            throw Failure(description: "providers: two keys have the same name")
        }
        isEnabled = kinds.first == "aesgcm" && !keys.isEmpty
    }

    private static func key(_ value: JSONValue) throws -> Key {
        let name = value["name"]?.string ?? ""
        guard !name.isEmpty, !name.contains(":") else {
            throw Failure(description: "keys: a name must not be empty nor contain a colon")
        }
        guard let secret = Base64.decode(value["secret"]?.string ?? ""), [16, 24, 32].contains(secret.count)
        else {
            throw Failure(description: "keys: the secret of \"\(name)\" must be 16, 24 or 32 bytes in base64")
        }
        return Key(name: name, secret: secret)
    }

    var value: JSONValue {
        let sealing: JSONValue = [
            "aesgcm": [
                "keys": .array(
                    keys.map { ["name": .string($0.name), "secret": .string(Base64.encode($0.secret))] })
            ]
        ]
        let identity: JSONValue = ["identity": [:]]
        let providers: [JSONValue] =
            keys.isEmpty ? [identity] : isEnabled ? [sealing, identity] : [identity, sealing]
        return [
            "kind": "EncryptionConfiguration", "apiVersion": "apiserver.config.k8s.io/v1",
            "resources": [["resources": ["secrets"], "providers": .array(providers)]],
        ]
    }
}
