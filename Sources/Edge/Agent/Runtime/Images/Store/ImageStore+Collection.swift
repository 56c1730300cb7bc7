internal import EdgeBase
internal import Glibc
internal import Synchronization

extension ImageStore {
    /// Takes an image's record away, then what only it referred to. On the records thread.
    func remove(_ id: ImageDigest) throws {
        let holders = users(of: id)
        guard holders.isEmpty else {
            throw ImageError(
                .inUse, "image \(id) is used by \(holders.sorted().joined(separator: ", "))")
        }
        let record = state.withLock { $0.images.removeValue(forKey: id) }
        guard let record else { return }
        try ImageFile.remove(layout.image(id))
        try ImageFile.syncDirectory(layout.images)
        try collect(blobs: [record.id] + record.manifests)
    }

    /// Removes layers and blobs that no image refers to. On the records thread.
    /// - Returns: the bytes that the removed layers took.
    @discardableResult
    func collect(blobs candidates: [ImageDigest] = []) throws -> Int64 {
        let (unused, keptBlobs): ([LayerRecord], Set<ImageDigest>) = state.withLock { state in
            let kept = Set(state.images.values.flatMap(\.layers)).union(state.leases.keys)
            let unused = state.layers.values.filter { !kept.contains($0.key) }
            // Out of the index first: from here on nobody can find them.
            for layer in unused { state.layers[layer.key] = nil }
            return (unused, Set(state.images.values.flatMap { [$0.id] + $0.manifests }))
        }
        for blob in candidates where !keptBlobs.contains(blob) { try ImageFile.remove(layout.blob(blob)) }
        var freed: Int64 = 0
        for layer in unused {
            try removeLayer(layer)
            freed += layer.summary.size
        }
        return freed
    }

    /// Moved aside in one step, then removed: a crash leaves no half layer under its name.
    private func removeLayer(_ layer: LayerRecord) throws {
        let trash = layout.staging(layer.number) + ".old"
        guard rename(layout.layer(layer.number), trash) == 0 || errno == ENOENT else {
            throw ImageFileError("rename", layout.layer(layer.number))
        }
        discard(staging: trash)
    }

    /// Blobs that no image refers to, such as those of a pull that a crash ended.
    func strayBlobs() throws -> [ImageDigest] {
        let kept = state.withLock { state in
            Set(state.images.values.flatMap { [$0.id] + $0.manifests })
        }
        return try [ImageDigest.Algorithm.sha256, .sha512].flatMap { algorithm in
            try DirectoryTree.names(in: "\(layout.blobs)/\(algorithm.rawValue)").compactMap { name in
                ImageDigest("\(algorithm.rawValue):\(name)")
            }
        }.filter { !kept.contains($0) }
    }

    /// Compares every layer with its record and drops the damaged ones that no container uses: they are
    /// pulled again. Reads every directory. On the records thread.
    /// - Returns: what was wrong, one line each.
    func verify() throws -> [String] {
        var problems: [String] = []
        let (layers, inUse): ([LayerRecord], Set<LayerKey>) = state.withLock { state in
            let used = state.users.keys.flatMap { state.images[$0]?.layers ?? [] }
            return (Array(state.layers.values), Set(used).union(state.leases.keys))
        }
        for layer in layers.sorted(by: { $0.number < $1.number }) {
            let count = (try? DirectoryTree.countEntries(layout.layerTree(layer.number))) ?? 0
            guard count != layer.summary.entries else { continue }
            let isUsed = inUse.contains(layer.key)
            problems.append(
                "layer \(layer.key) has \(count) entries instead of \(layer.summary.entries)"
                    + (isUsed ? ", and is in use" : ", removed"))
            if isUsed { continue }
            state.withLock { $0.layers[layer.key] = nil }
            try removeLayer(layer)
        }
        for record in state.withLock({ Array($0.images.values) }) {
            for digest in [record.id] + record.manifests {
                do { _ = try readBlob(digest) } catch { problems.append("\(error)") }
            }
        }
        return problems
    }
}

/// Which images to remove: the least recently used ones first, never pinned or used ones.
public struct ImageCollectionPolicy: Sendable {
    /// Images used more recently than this are kept.
    public var minimumAge: Duration = .zero
    /// Stops when this many bytes are freed; nil removes all that may go.
    public var bytesToFree: Int64?

    public init(minimumAge: Duration = .zero, bytesToFree: Int64? = nil) {
        self.minimumAge = minimumAge
        self.bytesToFree = bytesToFree
    }

    struct Candidate: Sendable {
        var id: ImageDigest
        var lastUsed: Timestamp
        var isPinned: Bool
        var isUsed: Bool
        /// Its layers with their sizes.
        var layers: [LayerKey: Int64]
    }

    /// The images to remove, in order. Layers count when the last image that has them goes.
    func plan(_ images: [Candidate], now: Timestamp) -> [ImageDigest] {
        var references: [LayerKey: Int] = [:]
        for image in images { for key in image.layers.keys { references[key, default: 0] += 1 } }
        var freed: Int64 = 0
        var removed: [ImageDigest] = []
        let order = images.sorted { ($0.lastUsed, $0.id.hex) < ($1.lastUsed, $1.id.hex) }
        for image in order where !image.isPinned && !image.isUsed {
            if let bytesToFree, freed >= bytesToFree { break }
            guard now - image.lastUsed >= minimumAge else { continue }
            removed.append(image.id)
            for (key, size) in image.layers {
                references[key, default: 1] -= 1
                if references[key] == 0 { freed += size }
            }
        }
        return removed
    }
}
