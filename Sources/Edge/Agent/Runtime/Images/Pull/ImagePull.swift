internal import EdgeBase
internal import Logging

/// One pull: resolve the reference, choose the platform's manifest, fetch config and missing layers, record.
struct ImagePull: Sendable {
    let reference: ImageReference
    let session: RegistrySession
    let store: ImageStore
    let ingest: LayerIngest
    let records: ImageThreadPool
    let platform: ImagePlatform
    let report: @Sendable (PullEvent) -> Void

    /// What was found behind the reference.
    private struct Resolved {
        var digest: ImageDigest
        var manifest: ImageManifest
        /// The index, where there is one, and the manifest.
        var documents: [(ImageDigest, [UInt8])]
        var chosenDigest: ImageDigest
    }

    func run() async throws -> ImageRecord {
        if let present = try await step("failed to resolve reference \"\(reference)\"", unchanged) {
            return present
        }
        let resolved = try await step("failed to resolve reference \"\(reference)\"", resolve)
        let (configBytes, config) = try await step("failed to fetch image config") {
            try await fetchConfig(resolved.manifest)
        }
        let wanted = try LayerIngest.plan(resolved.manifest.layers, config.diffIDs)
        let missing = ingest.missing(wanted)
        report(
            .resolved(
                manifest: resolved.chosenDigest, layersToFetch: missing.count,
                bytesToFetch: missing.reduce(0) { $0 + $1.descriptor.size }))
        let lease = store.lease()
        let layers = try await ingest.ingest(
            wanted, lease: lease, from: .init(fetch: fetch, alternatives: session.endpointCount - 1))
        var record = ImageRecord(id: resolved.manifest.config.digest, now: store.clock.now)
        record.tags = reference.tag == nil ? [] : [reference.description]
        record.repoDigests = [reference.pinned(to: resolved.digest).description]
        record.manifests = resolved.documents.map(\.0)
        record.layers = layers.map(\.key)
        record.compressedSize = resolved.manifest.layers.reduce(0) { $0 + $1.size }
        let blobs = resolved.documents + [(record.id, configBytes)]
        let committed = record
        let stored = try await records.run { [store] in try store.commit(committed, blobs: blobs) }
        withExtendedLifetime(lease) {}
        return stored
    }

    private func step<Value>(_ name: String, _ body: () async throws -> Value) async throws -> Value {
        do {
            return try await body()
        } catch let error as ImageError {
            throw error.within(name)
        }
    }

    /// The image that is here, when the registry says that the reference still leads to it.
    private func unchanged() async throws -> ImageRecord? {
        guard let present = store.image(named: reference.description),
            let current = try await session.currentDigest(),
            present.repoDigests.contains(reference.pinned(to: current).description)
        else { return nil }
        store.touch(present.id)
        return present
    }

    private func resolve() async throws -> Resolved {
        let first = try await session.manifest()
        switch try ManifestDocument(first.bytes, mediaType: first.mediaType) {
        case .manifest(let manifest):
            return Resolved(
                digest: first.digest, manifest: manifest, documents: [(first.digest, first.bytes)],
                chosenDigest: first.digest)
        case .index(let descriptors):
            guard let chosen = ManifestDocument.choose(descriptors, for: platform) else {
                throw ImageError(
                    .platformMismatch, "no match for platform \(platform) in manifest: not found")
            }
            let second = try await session.manifest(chosen.digest)
            guard
                case .manifest(let manifest) = try ManifestDocument(
                    second.bytes, mediaType: second.mediaType)
            else { throw ImageError(.unsupported, "index in the index at \(first.digest)") }
            return Resolved(
                digest: first.digest, manifest: manifest,
                documents: [(first.digest, first.bytes), (second.digest, second.bytes)],
                chosenDigest: second.digest)
        }
    }

    private func fetchConfig(_ manifest: ImageManifest) async throws -> ([UInt8], ImageConfig) {
        let bytes = try await session.smallBlob(manifest.config, limit: ImageConfig.maximumBytes)
        let config = try ImageConfig(parsing: bytes)
        try config.check(platform)
        return (bytes, config)
    }

    /// Fetches a layer, from another endpoint where one has sent wrong bytes. The pipe is spoilt in that case,
    /// so the caller starts anew.
    private func fetch(_ descriptor: BlobDescriptor, _ pipe: BytePipe) async throws {
        let progress = LayerProgress(layer: descriptor.digest, total: descriptor.size, report)
        do {
            try await session.stream(descriptor, into: pipe, progress: progress)
        } catch let error as ImageError {
            throw error.within("failed to copy layer \(descriptor.digest)")
        }
        progress.done()
    }
}

extension ImageConfig {
    /// Throws unless the image runs on a platform; a config that says nothing is taken.
    func check(_ host: ImagePlatform) throws(ImageError) {
        guard !platform.architecture.isEmpty, host.rank(of: platform) == nil else { return }
        throw ImageError(
            .platformMismatch,
            "no match for platform in manifest: image is for \(platform), this host is \(host)")
    }
}
