internal import EdgeBase
internal import Synchronization

extension ImageService {
    // MARK: Use

    /// Protects an image from removal for as long as `holder`, say a container's id, needs it. After a restart
    /// holders must be told again before anything is removed.
    /// - Throws: `ImageError.notFound` when the image is not here.
    public func use(_ text: String, by holder: String) throws {
        let record = try require(text)
        guard store.use(record.id, by: holder) else {
            throw ImageError(.notFound, "image \"\(text)\": not found")
        }
    }

    /// The holder needs its images no longer.
    public func release(_ holder: String) {
        store.release(holder)
    }

    /// Keeps an image from, or gives it free for, collections.
    public func setPinned(_ text: String, _ isPinned: Bool) async throws {
        let id = try require(text).id
        try await change { store in try store.update(id) { $0.isPinned = isPinned } }
    }

    // MARK: Removal

    /// Removes an image: by id with all its names; by name only that name while others are left. Removing what
    /// is not here does nothing, as in CRI.
    /// - Throws: `ImageError.inUse` when it would take the image from a container.
    public func remove(_ text: String) async throws {
        guard let record = find(text) else { return }
        let name = (try? ImageReference(parsing: text))?.normalized.description
        try await change { store in
            // Looked at again here: nothing else changes records meanwhile.
            guard let record = store.image(record.id) else { return }
            let remaining = record.tags.filter { $0 != name }
            guard let name, record.tags.contains(name), !remaining.isEmpty else {
                return try store.remove(record.id)
            }
            try store.update(record.id) { $0.tags = remaining }
        }
    }

    /// Removes images that are neither used nor pinned, and data that belongs to none.
    /// - Returns: the ids of the removed images and the bytes that were freed.
    public func prune(
        _ policy: ImageCollectionPolicy = ImageCollectionPolicy()
    ) async throws -> (removed: [String], freedBytes: Int64) {
        let now = configuration.clock.now
        return try await change { store in
            let before = Self.usedBytes(store)
            let candidates = store.state.withLock { state in
                state.images.values.map { image in
                    ImageCollectionPolicy.Candidate(
                        id: image.id, lastUsed: image.lastUsed, isPinned: image.isPinned,
                        isUsed: state.users[image.id] != nil,
                        layers: Dictionary(
                            image.layers.map { ($0, state.layers[$0]?.summary.size ?? 0) },
                            uniquingKeysWith: { first, _ in first }))
                }
            }
            var removed: [String] = []
            for id in policy.plan(candidates, now: now) {
                do {
                    try store.remove(id)
                    removed.append(id.description)
                } catch let error as ImageError where error.code == .inUse {
                    continue
                }
            }
            try store.collect(blobs: try store.strayBlobs())
            return (removed, before - Self.usedBytes(store))
        }
    }

    private static func usedBytes(_ store: ImageStore) -> Int64 {
        store.state.withLock { state in state.layers.values.reduce(0) { $0 + $1.summary.size } }
    }

    /// Checks every layer and blob against its record, and drops damaged layers that nobody uses; their images
    /// are then no longer here and are pulled again.
    /// - Returns: one line for each problem.
    public func verify() async throws -> [String] {
        try await change { store in try store.verify() }
    }

    private func change<Value: Sendable>(
        _ body: @escaping @Sendable (ImageStore) throws -> Value
    ) async throws -> Value {
        try await records.run { [store] in
            do { return try body(store) } catch { throw ImageError.wrap(error) }
        }
    }
}
