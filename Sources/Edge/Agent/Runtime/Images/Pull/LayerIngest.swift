internal import Logging

/// Brings layers into the store: each is fetched once however many pulls want it, a few at a time, and
/// unpacked while it arrives.
final class LayerIngest: Sendable {
    /// One layer of the image that is pulled.
    struct Wanted: Sendable {
        var descriptor: BlobDescriptor
        var diffID: ImageDigest
        /// Of this layer on those below.
        var chainID: ImageDigest
        /// Of those below; nil for the lowest.
        var parentChainID: ImageDigest?
    }

    /// Where the compressed layers come from.
    struct Source: Sendable {
        var fetch: @Sendable (BlobDescriptor, BytePipe) async throws -> Void
        /// How often a layer is fetched anew after wrong bytes: once for each further endpoint.
        var alternatives: Int
    }

    private let store: ImageStore
    private let threads: ImageThreadPool
    private let slots: AsyncSlots
    private let limits: ImageLimits
    private let shared = SharedTasks<ImageDigest, LayerRecord>()

    init(store: ImageStore, threads: ImageThreadPool, parallel: Int, limits: ImageLimits) {
        self.store = store
        self.threads = threads
        slots = AsyncSlots(parallel)
        self.limits = limits
    }

    static func plan(_ layers: [BlobDescriptor], _ diffIDs: [ImageDigest]) throws(ImageError) -> [Wanted] {
        guard layers.count == diffIDs.count else {
            throw ImageError(
                .invalidContent,
                "manifest has \(layers.count) layers, its config has \(diffIDs.count) diff ids")
        }
        let chain = ImageConfig.chainIDs(of: diffIDs)
        return layers.indices.map { index in
            Wanted(
                descriptor: layers[index], diffID: diffIDs[index], chainID: chain[index],
                parentChainID: index > 0 ? chain[index - 1] : nil)
        }
    }

    /// Layers that are certainly not here yet; those that depend on the layers below are counted as here.
    func missing(_ layers: [Wanted]) -> [Wanted] {
        layers.filter { store.layer(LayerKey($0.diffID)) == nil }
    }

    /// All layers of an image, lowest first. The lease keeps them from being collected.
    func ingest(_ layers: [Wanted], lease: LayerLease, from source: Source) async throws -> [LayerRecord] {
        for layer in layers {
            lease.add(LayerKey(layer.diffID))
            lease.add(LayerKey(layer.diffID, adaptedTo: layer.parentChainID))
        }
        return try await withThrowingTaskGroup(of: (Int, LayerRecord).self) { group in
            for index in layers.indices {
                group.addTask { (index, try await self.layer(index, of: layers, source)) }
            }
            var records = [Int: LayerRecord]()
            for try await (index, record) in group { records[index] = record }
            return layers.indices.compactMap { records[$0] }
        }
    }

    private func layer(_ index: Int, of layers: [Wanted], _ source: Source) async throws -> LayerRecord {
        let layer = layers[index]
        // The usual case needs neither a thread nor the layers below.
        if let record = store.layer(LayerKey(layer.diffID)), record.summary.implicitDirectories.isEmpty {
            return record
        }
        return try await shared.value(for: layer.chainID) {
            try await self.bring(index, of: layers, source)
        }
    }

    private func bring(_ index: Int, of layers: [Wanted], _ source: Source) async throws -> LayerRecord {
        let layer = layers[index]
        if store.layer(LayerKey(layer.diffID)) != nil {
            let below = try await self.below(index, of: layers, source)
            let usable = try await threads.run { [store] in
                try store.usableLayer(layer.diffID, on: below, chainID: layer.parentChainID)
            }
            if let usable { return usable }
        }
        let (staging, summary) = try await slots.with { try await self.unpackVerified(layer, source) }
        do {
            let below =
                summary.implicitDirectories.isEmpty ? [] : try await self.below(index, of: layers, source)
            return try await threads.run { [store] in
                try store.commit(
                    staging: staging, summary, diffID: layer.diffID, on: below, chainID: layer.parentChainID)
            }
        } catch {
            try? await threads.run { [store] in store.discard(staging: staging) }
            throw error
        }
    }

    private func below(_ index: Int, of layers: [Wanted], _ source: Source) async throws -> [LayerRecord] {
        var records: [LayerRecord] = []
        for lower in 0..<index { records.append(try await layer(lower, of: layers, source)) }
        return records
    }

    private func unpackVerified(
        _ layer: Wanted, _ source: Source
    ) async throws -> (staging: String, LayerSummary) {
        for _ in 0..<source.alternatives {
            do {
                return try await unpack(layer, source)
            } catch let error as ImageError where error.code == .digestMismatch {
                continue
            }
        }
        return try await unpack(layer, source)
    }

    /// Fetches and unpacks at the same time; the content is on the disk and verified when this returns.
    private func unpack(_ layer: Wanted, _ source: Source) async throws -> (staging: String, LayerSummary) {
        let staging = try await threads.run { [store] in try store.makeStaging() }
        let pipe = BytePipe()
        async let unpacking = threads.run { [limits] in
            defer { pipe.closeReader() }
            return try LayerUnpacker.unpack(
                PipeBlockSource(pipe), into: staging + "/fs", diffID: layer.diffID, limits: limits)
        }
        var fetchError: (any Error)?
        do {
            try await source.fetch(layer.descriptor, pipe)
            pipe.finish()
        } catch {
            // The unpacker sees it as the failure of its source and throws it.
            pipe.finish(.failure(error))
            fetchError = error
        }
        do {
            return (staging, try await unpacking)
        } catch {
            try? await threads.run { [store] in store.discard(staging: staging) }
            // A verified download that does not unpack is the layer's fault; a broken one its own.
            let isSourceFailure = (fetchError as? ImageError)?.code != .cancelled
            throw isSourceFailure
                ? fetchError ?? Self.extraction(error, layer) : Self.extraction(error, layer)
        }
    }

    private static func extraction(_ error: any Error, _ layer: Wanted) -> any Error {
        if error is CancellationError { return error }
        return ImageError.wrap(error).within("failed to extract layer \(layer.diffID)")
    }
}

extension ImageStore {
    /// Gives an unpacked layer its place on the layers below (lowest first), adapted to them where its archive
    /// leaves out directories that they have. Blocks.
    func commit(
        staging: String, _ summary: LayerSummary, diffID: ImageDigest, on below: [LayerRecord],
        chainID: ImageDigest?
    ) throws -> LayerRecord {
        let tree = staging + "/fs"
        let changes = try ImplicitDirectories.changes(
            summary.implicitDirectories, in: tree, below: trees(of: below))
        guard !changes.isEmpty, let chainID else {
            return try commit(staging: staging, summary, as: LayerKey(diffID))
        }
        try ImplicitDirectories.apply(changes, to: tree)
        return try commit(staging: staging, summary, as: LayerKey(diffID, adaptedTo: chainID))
    }
}
