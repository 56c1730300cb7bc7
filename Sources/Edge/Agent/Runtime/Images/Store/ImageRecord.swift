internal import EdgeBase
internal import EdgeJSON

/// What the store knows of one image. Its identity is the digest of its config, as in Docker and CRI.
struct ImageRecord: Sendable, Equatable {
    var id: ImageDigest
    /// Normalised names with a tag, in the order in which they were given.
    var tags: [String] = []
    /// Normalised names with the digest of the manifest or index that they led to.
    var repoDigests: [String] = []
    /// Stored manifests and indexes.
    var manifests: [ImageDigest] = []
    /// The lowest first.
    var layers: [LayerKey] = []
    /// Bytes of the compressed layers as the registry counts them; 0 when unknown.
    var compressedSize: Int64 = 0
    var isPinned = false
    var pulled: Timestamp
    /// Brought to the disk with the next change of the record: a container's start alone writes nothing.
    var lastUsed: Timestamp

    init(id: ImageDigest, now: Timestamp) {
        self.id = id
        pulled = now
        lastUsed = now
    }

    /// Every name that the image answers to.
    var names: [String] { tags + repoDigests }

    /// Adds what another pull or import of the same image has found.
    mutating func merge(_ other: ImageRecord) {
        for tag in other.tags where !tags.contains(tag) { tags.append(tag) }
        for digest in other.repoDigests where !repoDigests.contains(digest) { repoDigests.append(digest) }
        for manifest in other.manifests where !manifests.contains(manifest) { manifests.append(manifest) }
        layers = other.layers
        if other.compressedSize > 0 { compressedSize = other.compressedSize }
        isPinned = isPinned || other.isPinned
        pulled = max(pulled, other.pulled)
        lastUsed = max(lastUsed, other.lastUsed)
    }
}

extension ImageRecord {
    init(_ value: JSONValue) throws {
        guard let id = ImageDigest(value["id"]?.string ?? ""), let layers = value["layers"]?.array else {
            throw ImageError(.storage, "image record is incomplete")
        }
        self.id = id
        tags = value["tags"]?.strings ?? []
        repoDigests = value["repoDigests"]?.strings ?? []
        manifests = (value["manifests"]?.strings ?? []).compactMap { ImageDigest($0) }
        self.layers = try layers.map { element in
            guard let key = element.string.flatMap(LayerKey.init) else {
                throw ImageError(.storage, "image record has an invalid layer")
            }
            return key
        }
        compressedSize = value["compressedSize"]?.int ?? 0
        isPinned = value["pinned"]?.bool ?? false
        pulled = Timestamp(rfc3339: value["pulled"]?.string ?? "") ?? Timestamp(nanoseconds: 0)
        lastUsed = Timestamp(rfc3339: value["lastUsed"]?.string ?? "") ?? pulled
    }

    var json: JSONValue {
        [
            "id": .string(id.description),
            "tags": .array(tags.map(JSONValue.string)),
            "repoDigests": .array(repoDigests.map(JSONValue.string)),
            "manifests": .array(manifests.map { .string($0.description) }),
            "layers": .array(layers.map { .string($0.description) }),
            "compressedSize": .int(compressedSize),
            "pinned": .bool(isPinned),
            "pulled": .string(pulled.rfc3339),
            "lastUsed": .string(lastUsed.rfc3339),
        ]
    }
}
