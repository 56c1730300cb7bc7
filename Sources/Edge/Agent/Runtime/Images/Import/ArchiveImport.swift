internal import EdgeBase

/// Imports an archive's images for this platform: one pass finds out what there is, a second unpacks the
/// layers that are not here yet, straight from the archive. Blocks; records are written by the caller.
struct ArchiveImport {
    let store: ImageStore
    let platform: ImagePlatform
    let limits: ImageLimits
    let baseName: ImageReference?
    let isPinned: Bool

    struct Result: Sendable {
        var record: ImageRecord
        var blobs: [(ImageDigest, [UInt8])]
    }

    func run(_ file: ArchiveFile, lease: LayerLease) throws -> [Result] {
        let index = try ArchiveIndex(file, limits: limits)
        let images = try Self.images(in: index, for: platform, baseName: baseName)
        guard images.contains(where: { !$0.names.isEmpty }) else {
            throw ImageError(
                .invalidContent,
                images.isEmpty
                    ? "archive holds no image" : "archive tells no name for its image; give it one")
        }
        for image in images { leaseLayers(of: image, lease) }
        var layers = [Int: [LayerRecord]]()
        // A layer that has to be adapted to several images is unpacked once for each.
        for _ in 0...images.count where layers.count < images.count {
            var staged = try unpackMissing(images, file)
            defer { for (path, _) in staged.values { store.discard(staging: path) } }
            for (place, image) in images.enumerated() where layers[place] == nil {
                layers[place] = try settle(image, &staged)
            }
        }
        return try images.enumerated().map { place, image in
            guard let records = layers[place] else {
                throw ImageError(.storage, "layers of image \(image.id) could not be put together")
            }
            return Result(record: record(image, records), blobs: image.documents)
        }
    }

    static func images(
        in index: ArchiveIndex, for platform: ImagePlatform, baseName: ImageReference?
    ) throws -> [ArchiveImage] {
        let layout = try OCILayout.images(in: index, for: platform, baseName: baseName)
        // Newer Docker writes both; the layout tells more, unless it leaves the names out.
        if let layout, layout.contains(where: { !$0.names.isEmpty }) { return layout }
        if let archive = try DockerArchive.images(in: index, for: platform) { return archive }
        if let layout { return layout }
        throw ImageError(
            .unsupported, "neither an OCI layout (index.json) nor a docker archive (manifest.json)")
    }

    private func leaseLayers(of image: ArchiveImage, _ lease: LayerLease) {
        let chain = ImageConfig.chainIDs(of: image.layers.map(\.diffID))
        for (place, layer) in image.layers.enumerated() {
            lease.add(LayerKey(layer.diffID))
            lease.add(LayerKey(layer.diffID, adaptedTo: place > 0 ? chain[place - 1] : nil))
        }
    }

    private typealias Staged = [ImageDigest: (path: String, summary: LayerSummary)]

    /// Unpacks every layer of which no usable form is here.
    private func unpackMissing(_ images: [ArchiveImage], _ file: ArchiveFile) throws -> Staged {
        var wanted: [String: ArchiveImage.Layer] = [:]
        var seen: Set<ImageDigest> = []
        for image in images {
            var below: [LayerRecord] = []
            let chain = ImageConfig.chainIDs(of: image.layers.map(\.diffID))
            var isKnown = true
            for (place, layer) in image.layers.enumerated() {
                let chainID = place > 0 ? chain[place - 1] : nil
                // Above a missing layer only those count that do not depend on what is below.
                let usable =
                    isKnown
                    ? try store.usableLayer(layer.diffID, on: below, chainID: chainID)
                    : store.layer(LayerKey(layer.diffID))
                        .flatMap { $0.summary.implicitDirectories.isEmpty ? $0 : nil }
                if let usable {
                    below.append(usable)
                } else {
                    isKnown = false
                    if seen.insert(layer.diffID).inserted { wanted[layer.path] = layer }
                }
            }
        }
        var staged: Staged = [:]
        if wanted.isEmpty { return staged }
        do {
            try file.forEachEntry { entry, path, reader in
                guard case .file = entry.kind, let layer = wanted.removeValue(forKey: path) else { return }
                let staging = try store.makeStaging()
                do {
                    staged[layer.diffID] = (staging, try unpack(layer, reader, into: staging))
                } catch {
                    store.discard(staging: staging)
                    throw error
                }
            }
        } catch {
            for (path, _) in staged.values { store.discard(staging: path) }
            throw error
        }
        return staged
    }

    private func unpack(
        _ layer: ArchiveImage.Layer, _ reader: TarReader, into staging: String
    ) throws -> LayerSummary {
        do {
            let source = HashingBlockSource(EntryBlockSource(reader), layer.digest?.algorithm ?? .sha256)
            let summary = try LayerUnpacker.unpack(
                source, into: staging + "/fs", diffID: layer.diffID, limits: limits)
            guard layer.digest == nil || source.digest == layer.digest else {
                throw ImageError(
                    .digestMismatch,
                    "layer file has digest \(source.digest), expected \(layer.digest?.description ?? "")")
            }
            return summary
        } catch let error where !(error is CancellationError) {
            throw ImageError.wrap(error).within("failed to extract layer \(layer.diffID)")
        }
    }

    /// Puts an image's staged layers in their places; nil when one is missing in the form that it needs.
    private func settle(_ image: ArchiveImage, _ staged: inout Staged) throws -> [LayerRecord]? {
        var below: [LayerRecord] = []
        let chain = ImageConfig.chainIDs(of: image.layers.map(\.diffID))
        for (place, layer) in image.layers.enumerated() {
            let chainID = place > 0 ? chain[place - 1] : nil
            if let usable = try store.usableLayer(layer.diffID, on: below, chainID: chainID) {
                below.append(usable)
            } else if let (path, summary) = staged[layer.diffID] {
                below.append(
                    try store.commit(
                        staging: path, summary, diffID: layer.diffID, on: below, chainID: chainID))
                staged[layer.diffID] = nil
            } else {
                return nil
            }
        }
        return below
    }

    private func record(_ image: ArchiveImage, _ layers: [LayerRecord]) -> ImageRecord {
        var record = ImageRecord(id: image.id, now: store.clock.now)
        record.tags = image.names.filter { $0.digest == nil }.map(\.description)
        if let digest = image.manifestDigest {
            var repositories: [String] = []
            for name in image.names where !repositories.contains(name.repository) {
                repositories.append(name.repository)
                record.repoDigests.append(name.pinned(to: digest).description)
            }
        }
        record.manifests = image.documents.map(\.0).filter { $0 != image.id }
        record.layers = layers.map(\.key)
        record.compressedSize = image.compressedSize
        record.isPinned = isPinned
        return record
    }
}
