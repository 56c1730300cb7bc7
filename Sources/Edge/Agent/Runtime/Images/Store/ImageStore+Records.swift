internal import EdgeBase
internal import EdgeJSON
internal import Synchronization

extension ImageStore {
    /// Writes blobs and record of an image whose layers are in their places, and takes its tags away from the
    /// images that had them. On the records thread.
    func commit(
        _ new: ImageRecord, blobs: [(ImageDigest, [UInt8])]
    ) throws -> ImageRecord {
        for (digest, bytes) in blobs { try writeBlob(digest, bytes) }
        var record = new
        let earlier = state.withLock { $0.images }
        if var known = earlier[new.id] {
            known.merge(new)
            record = known
        }
        try writeRecord(record)
        // After the new record: a crash in between leaves a tag twice, and the later pull counts.
        for other in earlier.values where other.id != new.id {
            var changed = other
            changed.tags.removeAll { new.tags.contains($0) }
            if changed != other { try writeRecord(changed) }
        }
        return record
    }

    private func writeBlob(_ digest: ImageDigest, _ bytes: [UInt8]) throws {
        let path = layout.blob(digest)
        // Small and rare: written again, in case the old one is damaged.
        if let present = try? ImageFile.read(path), present == bytes { return }
        try ImageFile.replace(path, with: bytes)
    }

    private func writeRecord(_ record: ImageRecord) throws {
        try ImageFile.replace(layout.image(record.id), with: record.json.encoded)
        state.withLock { $0.images[record.id] = record }
    }

    /// Changes a record; nothing is written when it stays the same. On the records thread.
    func update(_ id: ImageDigest, _ change: (inout ImageRecord) -> Void) throws {
        guard let record = state.withLock({ $0.images[id] }) else { return }
        var changed = record
        change(&changed)
        if changed != record { try writeRecord(changed) }
    }

    func readBlob(_ digest: ImageDigest) throws -> [UInt8] {
        let bytes = try ImageFile.read(layout.blob(digest))
        var hasher = ImageHasher(digest.algorithm)
        bytes.withUnsafeBytes { hasher.update($0) }
        guard hasher.finalize() == digest else {
            throw ImageError(.digestMismatch, "blob \(digest) in the image store is damaged")
        }
        return bytes
    }

    // MARK: Finding

    /// The images whose layers are all there.
    func completeImages() -> [ImageRecord] {
        state.withLock { state in
            state.images.values.filter { record in record.layers.allSatisfy { state.layers[$0] != nil } }
        }
    }

    func image(_ id: ImageDigest) -> ImageRecord? {
        state.withLock { state in
            guard let record = state.images[id], record.layers.allSatisfy({ state.layers[$0] != nil }) else {
                return nil
            }
            return record
        }
    }

    /// By normalised name; the latest pull wins should two images have it.
    func image(named name: String) -> ImageRecord? {
        completeImages().filter { $0.names.contains(name) }.max { $0.pulled < $1.pulled }
    }

    func layerRecords(of record: ImageRecord) -> [LayerRecord] {
        state.withLock { state in record.layers.compactMap { state.layers[$0] } }
    }

    func size(of record: ImageRecord) -> Int64 {
        layerRecords(of: record).reduce(0) { $0 + $1.summary.size }
    }

    // MARK: Use

    func use(_ id: ImageDigest, by holder: String) -> Bool {
        state.withLock { state in
            guard state.images[id] != nil else { return false }
            state.users[id, default: []].insert(holder)
            state.images[id]?.lastUsed = clock.now
            return true
        }
    }

    /// Counts as use, for the order of collections.
    func touch(_ id: ImageDigest) {
        state.withLock { $0.images[id]?.lastUsed = clock.now }
    }

    func release(_ holder: String) {
        state.withLock { state in
            for (id, holders) in state.users where holders.contains(holder) {
                state.users[id]?.remove(holder)
                if state.users[id]?.isEmpty == true { state.users[id] = nil }
                state.images[id]?.lastUsed = clock.now
            }
        }
    }

    func users(of id: ImageDigest) -> Set<String> {
        state.withLock { $0.users[id] ?? [] }
    }
}
