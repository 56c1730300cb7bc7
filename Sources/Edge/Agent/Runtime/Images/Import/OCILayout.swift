internal import EdgeJSON

/// An OCI image layout (OCI image-spec `image-layout.md`) in a tar file.
enum OCILayout {
    /// - Parameter baseName: the repository of images whose annotation is a bare tag.
    static func images(
        in index: ArchiveIndex, for platform: ImagePlatform, baseName: ImageReference?
    ) throws(ImageError) -> [ArchiveImage]? {
        guard index.document("oci-layout") != nil, let bytes = index.document("index.json") else {
            return nil
        }
        guard case .index(let entries) = try ManifestDocument(bytes, mediaType: MediaType.ociIndex) else {
            throw ImageError(.invalidContent, "index.json is not an image index")
        }
        var images: [ArchiveImage] = []
        var mismatch: ImageError?
        for entry in entries {
            do throws(ImageError) {
                if var image = try image(entry, index, platform) {
                    image.names = try names(entry, baseName: baseName)
                    images.append(image)
                }
            } catch {
                // An index may hold other platforms' images beside ours.
                guard error.code == .platformMismatch else { throw error }
                mismatch = error
            }
        }
        if images.isEmpty, let mismatch { throw mismatch }
        return images
    }

    private static func image(
        _ entry: BlobDescriptor, _ index: ArchiveIndex, _ platform: ImagePlatform
    ) throws(ImageError) -> ArchiveImage? {
        guard let bytes = try index.blob(entry.digest) else {
            throw ImageError(.invalidContent, "archive lacks the manifest \(entry.digest)")
        }
        var documents = [(entry.digest, bytes)]
        var document: ManifestDocument
        do throws(ImageError) {
            document = try ManifestDocument(bytes, mediaType: entry.mediaType)
            if case .index(let inner) = document {
                guard let chosen = ManifestDocument.choose(inner, for: platform) else {
                    throw ImageError(
                        .platformMismatch, "no match for platform \(platform) in manifest: not found")
                }
                guard let chosenBytes = try index.blob(chosen.digest) else {
                    throw ImageError(.invalidContent, "archive lacks the manifest \(chosen.digest)")
                }
                documents.append((chosen.digest, chosenBytes))
                document = try ManifestDocument(chosenBytes, mediaType: chosen.mediaType)
            }
        } catch {
            // Signatures and charts may lie beside images.
            if error.code == .unsupported { return nil }
            throw error
        }
        guard case .manifest(let manifest) = document else {
            throw ImageError(.unsupported, "index in the index \(entry.digest)")
        }
        return try image(manifest, entry.digest, documents, index, platform)
    }

    private static func image(
        _ manifest: ImageManifest, _ digest: ImageDigest, _ documents: [(ImageDigest, [UInt8])],
        _ index: ArchiveIndex, _ platform: ImagePlatform
    ) throws(ImageError) -> ArchiveImage {
        guard let bytes = try index.blob(manifest.config.digest) else {
            throw ImageError(.invalidContent, "archive lacks the config \(manifest.config.digest)")
        }
        let config = try ImageConfig(parsing: bytes)
        try config.check(platform)
        let wanted = try LayerIngest.plan(manifest.layers, config.diffIDs)
        var layers: [ArchiveImage.Layer] = []
        for layer in wanted {
            let blob = layer.descriptor.digest
            guard let path = index.resolve("blobs/\(blob.algorithm.rawValue)/\(blob.hex)") else {
                throw ImageError(.invalidContent, "archive lacks the layer \(blob)")
            }
            layers.append(.init(path: path, diffID: layer.diffID, digest: blob))
        }
        return ArchiveImage(
            id: manifest.config.digest, names: [], manifestDigest: digest,
            documents: documents + [(manifest.config.digest, bytes)], layers: layers,
            compressedSize: manifest.layers.reduce(0) { $0 + $1.size })
    }

    /// containerd's annotation holds a full name; OCI's a full name or only a tag, as its writers disagree.
    private static func names(
        _ entry: BlobDescriptor, baseName: ImageReference?
    ) throws(ImageError) -> [ImageReference] {
        let full = entry.annotations["io.containerd.image.name"]
        let text = full ?? entry.annotations["org.opencontainers.image.ref.name"] ?? ""
        if text.isEmpty { return baseName.map { [$0.normalized] } ?? [] }
        if full == nil, !text.contains("/"), !text.contains(":") {
            guard let baseName, ReferenceGrammar.isTag(text) else { return [] }
            return [ImageReference(domain: baseName.domain, path: baseName.path, tag: text, digest: nil)]
        }
        do {
            return [try ImageReference(parsing: text).normalized]
        } catch {
            throw ImageError(.invalidContent, "\(error)")
        }
    }
}
