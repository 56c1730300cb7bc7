internal import EdgeJSON

/// `docker save`: a `manifest.json` that names config, tags and layer files of each image.
enum DockerArchive {
    static func images(in index: ArchiveIndex, for platform: ImagePlatform) throws(ImageError)
        -> [ArchiveImage]?
    {
        guard let bytes = index.document("manifest.json") else { return nil }
        let value: JSONValue
        do {
            value = try JSONParser.parse(bytes)
        } catch {
            throw ImageError(.invalidContent, "manifest.json is not JSON: \(error)")
        }
        guard let elements = value.array else {
            throw ImageError(.invalidContent, "manifest.json is not a list")
        }
        var images: [ArchiveImage] = []
        for element in elements { images.append(try image(element, index, platform)) }
        return images
    }

    private static func image(
        _ value: JSONValue, _ index: ArchiveIndex, _ platform: ImagePlatform
    ) throws(ImageError) -> ArchiveImage {
        guard let configPath = value["Config"]?.string, let bytes = index.document(configPath) else {
            throw ImageError(
                .invalidContent, "archive lacks the config \(value["Config"]?.string ?? "")")
        }
        let config = try ImageConfig(parsing: bytes)
        try config.check(platform)
        let paths = value["Layers"]?.strings ?? []
        guard paths.count == config.diffIDs.count else {
            throw ImageError(
                .invalidContent,
                "manifest.json has \(paths.count) layers, the config has \(config.diffIDs.count) diff ids")
        }
        var layers: [ArchiveImage.Layer] = []
        for (path, diffID) in zip(paths, config.diffIDs) {
            guard let resolved = index.resolve(path) else {
                throw ImageError(.invalidContent, "archive lacks the layer \(path)")
            }
            layers.append(.init(path: resolved, diffID: diffID, digest: nil))
        }
        var names: [ImageReference] = []
        for text in value["RepoTags"]?.strings ?? [] {
            do {
                names.append(try ImageReference(parsing: text).normalized)
            } catch {
                throw ImageError(.invalidContent, "\(error)")
            }
        }
        let id = ImageDigest.sha256(of: bytes)
        return ArchiveImage(
            id: id, names: names, manifestDigest: nil, documents: [(id, bytes)], layers: layers,
            compressedSize: 0)
    }
}
