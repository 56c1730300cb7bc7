internal import EdgeJSON

/// What an image says about the containers made from it: OCI image-spec `config.md`.
public struct ImageConfig: Sendable, Equatable {
    public var platform = ImagePlatform(os: "linux", architecture: "")
    public var entrypoint: [String] = []
    public var command: [String] = []
    /// `NAME=value`.
    public var environment: [String] = []
    public var workingDirectory = ""
    /// `user`, `uid`, `user:group`, `uid:gid` as written; names are those of the image's `/etc/passwd`.
    public var user = ""
    /// `SIGTERM`, `15`, ...; empty where none is written.
    public var stopSignal = ""
    /// `80/tcp`, sorted.
    public var exposedPorts: [String] = []
    /// Mount points, sorted.
    public var volumes: [String] = []
    public var labels: [String: String] = [:]
    /// RFC 3339, as written.
    public var created = ""
    /// The digests of the layers' uncompressed archives, the lowest first.
    public var diffIDs: [ImageDigest] = []

    public init() {}

    static let maximumBytes = 8 << 20

    /// From the bytes of a config blob.
    public init(parsing bytes: [UInt8]) throws(ImageError) {
        let value: JSONValue
        do {
            value = try JSONParser.parse(bytes)
        } catch {
            throw ImageError(.invalidContent, "image config is not JSON: \(error)")
        }
        guard value.object != nil else { throw ImageError(.invalidContent, "image config is no JSON object") }
        platform = ImagePlatform(value)
        created = value["created"]?.string ?? ""
        let config = value["config"] ?? .null
        entrypoint = config["Entrypoint"]?.strings ?? []
        command = config["Cmd"]?.strings ?? []
        environment = config["Env"]?.strings ?? []
        workingDirectory = config["WorkingDir"]?.string ?? ""
        user = config["User"]?.string ?? ""
        stopSignal = config["StopSignal"]?.string ?? ""
        exposedPorts = config["ExposedPorts"]?.object.map { $0.keys.sorted() } ?? []
        volumes = config["Volumes"]?.object.map { $0.keys.sorted() } ?? []
        for member in config["Labels"]?.object?.members ?? [] {
            labels[member.key] = member.value.string
        }
        for text in value[path: "rootfs", "diff_ids"]?.array ?? [] {
            guard let text = text.string, let digest = ImageDigest(text) else {
                throw ImageError(.invalidContent, "image config has an invalid diff id")
            }
            diffIDs.append(digest)
        }
    }

    /// The identities of the layer stacks: the first is the first diff id, each further one the digest of its
    /// parent's and its own diff id (OCI image-spec `config.md`, ChainID).
    static func chainIDs(of diffIDs: [ImageDigest]) -> [ImageDigest] {
        var chain: [ImageDigest] = []
        for diffID in diffIDs {
            if let parent = chain.last {
                chain.append(.sha256(of: "\(parent) \(diffID)".utf8))
            } else {
                chain.append(diffID)
            }
        }
        return chain
    }
}
