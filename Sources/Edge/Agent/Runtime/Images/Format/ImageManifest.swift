internal import EdgeJSON

/// Points to a blob: OCI image-spec `descriptor.md`.
struct BlobDescriptor: Sendable, Hashable {
    var mediaType: String
    var digest: ImageDigest
    /// Bytes.
    var size: Int64
    var platform: ImagePlatform?
    var annotations: [String: String] = [:]

    init(mediaType: String, digest: ImageDigest, size: Int64) {
        self.mediaType = mediaType
        self.digest = digest
        self.size = size
    }

    init(_ value: JSONValue, in place: String) throws(ImageError) {
        guard let text = value["digest"]?.string, let digest = ImageDigest(text) else {
            throw ImageError(.invalidContent, "\(place) has no valid digest")
        }
        guard let size = value["size"]?.int, size >= 0 else {
            throw ImageError(.invalidContent, "\(place) has no valid size")
        }
        self.digest = digest
        self.size = size
        mediaType = value["mediaType"]?.string ?? ""
        platform = value["platform"].map(ImagePlatform.init)
        for member in value["annotations"]?.object?.members ?? [] {
            annotations[member.key] = member.value.string
        }
    }
}

/// One image for one platform: OCI image-spec `manifest.md`.
struct ImageManifest: Sendable {
    let config: BlobDescriptor
    let layers: [BlobDescriptor]
}

/// What lies behind a reference: a manifest, or an index of manifests by platform.
enum ManifestDocument: Sendable {
    case manifest(ImageManifest)
    case index([BlobDescriptor])

    static let maximumBytes = 4 << 20
    static let maximumLayers = 500

    /// `mediaType` is the registry's Content-Type or the descriptor's type; the document's own wins.
    init(_ bytes: [UInt8], mediaType outer: String) throws(ImageError) {
        let value: JSONValue
        do {
            value = try JSONParser.parse(bytes)
        } catch {
            throw ImageError(.invalidContent, "manifest is not JSON: \(error)")
        }
        let inner = value["mediaType"]?.string ?? ""
        let type = inner.isEmpty ? outer : inner
        if MediaType.isSchema1(type) || value["schemaVersion"]?.int == 1 {
            throw ImageError(
                .unsupported,
                "media type \"\(MediaType.isSchema1(type) ? type : "manifest schema 1")\" is no longer "
                    + "supported, please rebuild the image as \"\(MediaType.dockerManifest)\" or "
                    + "\"\(MediaType.ociManifest)\"")
        }
        let isIndex = value["manifests"]?.array != nil
        if isIndex, value["layers"] != nil || value["config"] != nil {
            throw ImageError(.invalidContent, "document is a manifest and an index at the same time")
        }
        if MediaType.isIndex(type) || isIndex {
            self = .index(try Self.index(value))
        } else if MediaType.isManifest(type) || value["layers"] != nil {
            self = .manifest(try Self.manifest(value))
        } else {
            throw ImageError(.unsupported, "unsupported manifest media type \"\(type)\"")
        }
    }

    private static func index(_ value: JSONValue) throws(ImageError) -> [BlobDescriptor] {
        var descriptors: [BlobDescriptor] = []
        for (place, element) in (value["manifests"]?.array ?? []).enumerated() {
            descriptors.append(try BlobDescriptor(element, in: "manifest \(place) of the index"))
        }
        return descriptors
    }

    private static func manifest(_ value: JSONValue) throws(ImageError) -> ImageManifest {
        guard let configValue = value["config"] else {
            throw ImageError(.invalidContent, "manifest has no config")
        }
        let config = try BlobDescriptor(configValue, in: "config of the manifest")
        guard MediaType.configurations.contains(config.mediaType) else {
            throw ImageError(
                .unsupported, "config media type \"\(config.mediaType)\" is not that of a container image")
        }
        let elements = value["layers"]?.array ?? []
        guard elements.count <= maximumLayers else {
            throw ImageError(.limitExceeded, "manifest has \(elements.count) layers")
        }
        var layers: [BlobDescriptor] = []
        for (place, element) in elements.enumerated() {
            let layer = try BlobDescriptor(element, in: "layer \(place) of the manifest")
            guard MediaType.isLayer(layer.mediaType) else {
                throw ImageError(
                    .unsupported,
                    "media type \"\(layer.mediaType)\" of layer \(place) is not that of a file system layer")
            }
            layers.append(layer)
        }
        return ImageManifest(config: config, layers: layers)
    }

    /// The manifest of an index that suits a platform best; the first of equals, as they stand.
    static func choose(_ descriptors: [BlobDescriptor], for platform: ImagePlatform) -> BlobDescriptor? {
        var best: (rank: Int, descriptor: BlobDescriptor)?
        for descriptor in descriptors where descriptor.annotations[attestation] == nil {
            let rank: Int?
            if let candidate = descriptor.platform {
                rank = platform.rank(of: candidate)
            } else {
                // An index may leave the platform out: its config then decides.
                rank = Int.max
            }
            if let rank, rank < best?.rank ?? .max || best == nil { best = (rank, descriptor) }
        }
        return best?.descriptor
    }

    /// BuildKit's provenance documents stand in indexes like images.
    private static let attestation = "vnd.docker.reference.type"
}
