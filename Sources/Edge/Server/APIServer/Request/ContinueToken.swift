internal import EdgeAPI
internal import EdgeBase
internal import EdgeJSON

/// Where a paged LIST goes on: the revision that all pages show and the last key that was given out.
/// Opaque to clients: base64url of a small JSON object.
public struct ContinueToken: Sendable, Equatable {
    public var revision: UInt64
    public var namespace: String
    public var name: String

    public init(revision: UInt64, namespace: String, name: String) {
        self.revision = revision
        self.namespace = namespace
        self.name = name
    }

    init(_ text: String) throws {
        guard let bytes = Base64URL.decode(text), let value = try? JSONValue(parsing: bytes),
            value["v"]?.string == "edge/v1", let revision = value["rv"]?.int, revision >= 0,
            let namespace = value["ns"]?.string, let name = value["name"]?.string
        else { throw APIStatus.badRequest("continue key is not valid") }
        self.init(revision: UInt64(revision), namespace: namespace, name: name)
    }

    var text: String {
        let value: JSONValue = [
            "v": "edge/v1", "rv": .int(Int64(revision)), "ns": .string(namespace), "name": .string(name),
        ]
        return Base64URL.encode(value.encoded)
    }
}
