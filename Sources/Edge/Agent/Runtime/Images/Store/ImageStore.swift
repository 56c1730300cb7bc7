internal import EdgeBase
internal import EdgeJSON
internal import EdgeSystem
internal import Glibc
internal import Logging
internal import Synchronization

/// The images of one node on disk, with an index of them in memory. Methods that write block: they run on the
/// image service's threads; those that change image records run on one thread only (`ImageService.records`).
final class ImageStore: Sendable {
    struct State {
        var images: [ImageDigest: ImageRecord] = [:]
        var layers: [LayerKey: LayerRecord] = [:]
        /// Layers that a pull or import under way relies on.
        var leases: [LayerKey: Int] = [:]
        /// Who uses an image: containers, by a name of the caller's.
        var users: [ImageDigest: Set<String>] = [:]
        var nextNumber = 1
    }

    let layout: StoreLayout
    let clock: any WallClock
    let logger: Logger
    let state: Mutex<State>
    /// Keeps a second process out for as long as the store lives.
    private let lock: FileLock

    private init(
        layout: StoreLayout, clock: any WallClock, logger: Logger, state: consuming State, lock: FileLock
    ) {
        self.layout = layout
        self.clock = clock
        self.logger = logger
        self.state = Mutex(state)
        self.lock = lock
    }

    /// Opens the store, throwing away what a crash left half done and what does not read back right.
    static func open(_ path: String, clock: any WallClock, logger: Logger) throws -> ImageStore {
        let layout = StoreLayout(root: path)
        try layout.make()
        let lock = try takeLock(layout.lock, of: path)
        let state = try StoreLoader(layout: layout, logger: logger).load()
        return ImageStore(layout: layout, clock: clock, logger: logger, state: state, lock: lock)
    }

    private static func takeLock(_ file: String, of path: String) throws -> FileLock {
        do throws(SystemError) { return try FileLock(file) } catch {
            guard error.errno == .again else { throw error }
            throw ImageError(.inUse, "image store \(path) is used by another process")
        }
    }

    // MARK: Layers

    /// A new directory to unpack into, at `<path>/fs`.
    func makeStaging() throws -> String {
        let path = layout.staging(takeNumber())
        guard mkdir(path, 0o700) == 0 else { throw ImageFileError("mkdir", path) }
        guard mkdir(path + "/fs", 0o755) == 0 else { throw ImageFileError("mkdir", path) }
        return path
    }

    private func takeNumber() -> Int {
        state.withLock { state in
            defer { state.nextNumber += 1 }
            return state.nextNumber
        }
    }

    /// Throws staged content away; what cannot be removed now goes at the next start.
    func discard(staging path: String) {
        do {
            try DirectoryTree.remove(path)
        } catch {
            logger.debug("cannot remove staged layer", metadata: ["path": "\(path)", "error": "\(error)"])
        }
    }

    /// Gives an unpacked layer, already on the disk, its place. The caller holds a lease on its key.
    func commit(staging path: String, _ summary: LayerSummary, as key: LayerKey) throws -> LayerRecord {
        let record = LayerRecord(key: key, number: takeNumber(), summary: summary)
        try ImageFile.write(path + "/layer.json", record.json.encoded)
        try ImageFile.syncDirectory(path)
        if let earlier = layer(key) {
            discard(staging: path)
            return earlier
        }
        let place = layout.layer(record.number)
        guard rename(path, place) == 0 else { throw ImageFileError("rename", path) }
        try ImageFile.syncDirectory(layout.layers)
        state.withLock { $0.layers[key] = record }
        return record
    }

    func layer(_ key: LayerKey) -> LayerRecord? {
        state.withLock { $0.layers[key] }
    }

    /// The unpacked form of a diff id that can stand on the given layers (lowest first); nil when it has to be
    /// unpacked (again). Blocks.
    func usableLayer(
        _ diffID: ImageDigest, on below: [LayerRecord], chainID: ImageDigest?
    ) throws -> LayerRecord? {
        let (general, adapted): (LayerRecord?, LayerRecord?) = state.withLock { state in
            (state.layers[LayerKey(diffID)], state.layers[LayerKey(diffID, adaptedTo: chainID)])
        }
        if let adapted, chainID != nil { return adapted }
        guard let general else { return nil }
        let changes = try ImplicitDirectories.changes(
            general.summary.implicitDirectories, in: layout.layerTree(general.number), below: trees(of: below)
        )
        return changes.isEmpty ? general : nil
    }

    /// The directories of layers given lowest first, uppermost first, down to the first opaque one.
    func trees(of layers: [LayerRecord]) -> [String] {
        var trees: [String] = []
        for layer in layers.reversed() {
            trees.append(layout.layerTree(layer.number))
            if layer.summary.isOpaque { break }
        }
        return trees
    }

    // MARK: Leases and users

    /// Keeps layers from being collected until the lease is gone.
    func lease() -> LayerLease { LayerLease(self) }

    fileprivate func addLease(_ key: LayerKey) {
        state.withLock { $0.leases[key, default: 0] += 1 }
    }

    fileprivate func removeLeases(_ keys: [LayerKey]) {
        state.withLock { state in
            for key in keys {
                state.leases[key, default: 1] -= 1
                if state.leases[key] == 0 { state.leases[key] = nil }
            }
        }
    }
}

/// Layers in use by something that has no image record yet.
final class LayerLease: Sendable {
    private let store: ImageStore
    private let keys = Mutex<[LayerKey]>([])

    fileprivate init(_ store: ImageStore) {
        self.store = store
    }

    func add(_ key: LayerKey) {
        store.addLease(key)
        keys.withLock { $0.append(key) }
    }

    deinit {
        store.removeLeases(keys.withLock { $0 })
    }
}
