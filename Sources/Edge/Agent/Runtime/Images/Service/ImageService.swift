internal import EdgeBase
internal import Glibc
internal import Synchronization

/// The images of one node: pulls, imports, keeps and removes them.
///
/// Disk work runs on threads of its own. One directory is used by one service at a time.
public final class ImageService: Sendable {
    let configuration: ImageServiceConfiguration
    let store: ImageStore
    /// Changes of image records, one after the other.
    let records: ImageThreadPool
    /// Unpacking.
    let threads: ImageThreadPool
    private let registries: Mutex<RegistryConfiguration>
    private let transport: RegistryTransport
    private let ingest: LayerIngest

    private init(_ configuration: ImageServiceConfiguration, store: ImageStore, records: ImageThreadPool) {
        self.configuration = configuration
        self.store = store
        self.records = records
        // One more than layers, so that an import does not wait for slow downloads.
        threads = ImageThreadPool(maximumThreads: configuration.parallelLayers + 1)
        registries = Mutex(configuration.registries)
        transport = RegistryTransport(
            proxy: configuration.proxy, timeouts: configuration.timeouts, pool: threads)
        ingest = LayerIngest(
            store: store, threads: threads, parallel: configuration.parallelLayers,
            limits: configuration.limits)
    }

    /// Opens the store and removes what a crash left half done.
    /// Throws an `ImageError`: `inUse` when another process has it, `storage` when it cannot be read.
    public static func open(_ configuration: ImageServiceConfiguration) async throws -> ImageService {
        let records = ImageThreadPool(maximumThreads: 1)
        do {
            let store = try await records.run {
                let store = try ImageStore.open(
                    configuration.directory, clock: configuration.clock, logger: configuration.logger)
                let stray = try store.strayBlobs()
                try store.collect(blobs: stray)
                return store
            }
            return ImageService(configuration, store: store, records: records)
        } catch {
            throw ImageError.wrap(error).within("open image store \(configuration.directory)")
        }
    }

    /// Ends the kept connections to registries. Pulls under way fail with their next request.
    public func shutDown() {
        transport.shutDown()
    }

    /// Takes a changed `registries.yaml` for the pulls that begin from now on.
    public func update(registries configuration: RegistryConfiguration) {
        registries.withLock { $0 = configuration }
    }

    // MARK: Pulling

    /// Fetches what a reference leads to now, unless it is here already, and names it so.
    ///
    /// - Parameters:
    ///   - text: as written in a pod: `nginx`, `registry.example.com/app@sha256:...`.
    ///   - secrets: of the pod; those whose key matches the image are tried in order, then what
    ///     `registries.yaml` has. They are sent to the image's own registry only, never to a mirror.
    ///   - progress: gets events, and ends with the pull.
    /// - Throws: `ImageReferenceError`; `ImageError` naming reference, endpoint and cause; CancellationError.
    public func pull(
        _ text: String, secrets: PullSecrets = PullSecrets(), progress: PullProgress? = nil
    ) async throws -> StoredImage {
        defer { progress?.finish() }
        let reference = try ImageReference(parsing: text).normalized
        do {
            let record = try await pull(reference, secrets, progress)
            return stored(record)
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            throw ImageError.wrap(error).within("failed to pull and unpack image \"\(reference)\"")
        }
    }

    private func pull(
        _ reference: ImageReference, _ secrets: PullSecrets, _ progress: PullProgress?
    ) async throws -> ImageRecord {
        let session = RegistrySession(
            reference: reference, clients: clients(for: reference, secrets), retry: configuration.retry,
            logger: configuration.logger)
        let pull = ImagePull(
            reference: reference, session: session, store: store, ingest: ingest, records: records,
            platform: configuration.platform, report: { progress?.report($0) })
        return try await pull.run()
    }

    private func clients(for reference: ImageReference, _ secrets: PullSecrets) -> [EndpointClient] {
        let registries = registries.withLock { $0 }
        let trust = RegistryTrust(registries, pool: threads)
        return RegistryEndpoint.all(for: reference, in: registries).flatMap { endpoint in
            Self.credentials(for: endpoint, reference, secrets).map { credential in
                EndpointClient(
                    endpoint: endpoint, credential: credential, transport: transport, trust: trust)
            }
        }
    }

    /// Asks every endpoint that a pull of the image would try whether it answers and takes the credentials
    /// that are configured for it, in the order of the pull.
    public func check(
        _ text: String, secrets: PullSecrets = PullSecrets()
    ) async throws -> [(endpoint: String, error: ImageError?)] {
        let reference = try ImageReference(parsing: text).normalized
        var results: [(endpoint: String, error: ImageError?)] = []
        for client in clients(for: reference, secrets) {
            do {
                try await client.ping()
                results.append((client.name, nil))
            } catch is CancellationError {
                throw CancellationError()
            } catch {
                results.append((client.name, ImageError.wrap(error)))
            }
        }
        return results
    }

    /// What to try at an endpoint, in order; nil is no credential at all.
    private static func credentials(
        for endpoint: RegistryEndpoint, _ reference: ImageReference, _ secrets: PullSecrets
    ) -> [RegistryCredential?] {
        let own = endpoint.isMirror ? [] : secrets.credentials(for: reference)
        let all = own + (endpoint.credential.map { [$0] } ?? [])
        return all.isEmpty ? [nil] : all
    }

    // MARK: Looking

    /// All images whose layers are here, by id.
    public func list() -> [StoredImage] {
        store.completeImages().sorted { $0.id.hex < $1.id.hex }.map(stored)
    }

    /// By reference, id, or the beginning of an id; nil when the image is not here (whole).
    public func status(_ text: String) -> StoredImage? {
        find(text).map(stored)
    }

    func find(_ text: String) -> ImageRecord? {
        if let id = ImageDigest(text) { return store.image(id) }
        if let reference = try? ImageReference(parsing: text).normalized,
            let record = store.image(named: reference.description)
        {
            return record
        }
        let prefix = text.hasPrefix("sha256:") ? text.dropFirst(7) : text[...]
        guard prefix.utf8.count >= 4, prefix.utf8.allSatisfy(ImageDigest.isLowerHex) else { return nil }
        let matching = store.completeImages().filter { $0.id.hex.hasPrefix(prefix) }
        return matching.count == 1 ? matching.first : nil
    }

    func stored(_ record: ImageRecord) -> StoredImage {
        StoredImage(
            id: record.id.description, repoTags: record.tags, repoDigests: record.repoDigests,
            size: store.size(of: record), compressedSize: record.compressedSize,
            isPinned: record.isPinned, pulled: record.pulled, lastUsed: record.lastUsed)
    }

    func require(_ text: String) throws -> ImageRecord {
        guard let record = find(text) else { throw ImageError(.notFound, "image \"\(text)\": not found") }
        return record
    }

    /// The image's configuration.
    public func config(of text: String) async throws -> ImageConfig {
        let record = try require(text)
        return try await threads.run { [store] in
            try ImageConfig(parsing: try store.readBlob(record.id))
        }
    }

    /// The layers to mount for a container. Call `use` before: only then they are safe from removal.
    public func rootFS(of text: String) throws -> ImageRootFS {
        let layers = store.layerRecords(of: try require(text))
        let trees = store.trees(of: layers)
        let root = layers.last { $0.summary.root != nil }?.summary.root
        return ImageRootFS(
            lowerDirectories: trees.isEmpty ? [store.layout.empty] : trees, rootMode: root?.mode ?? 0o755,
            rootUID: root?.uid ?? 0, rootGID: root?.gid ?? 0)
    }

    /// Space of the store and its file system.
    public func fileSystemUsage() async throws -> ImageFileSystemUsage {
        let (used, count) = store.state.withLock { state in
            (state.layers.values.reduce(Int64(0)) { $0 + $1.summary.size }, state.layers.count)
        }
        let path = store.layout.root
        return try await threads.run {
            var status = statvfs()
            guard statvfs(path, &status) == 0 else {
                throw ImageError.wrap(ImageFileError("statvfs", path))
            }
            let block = Int64(status.f_frsize)
            return ImageFileSystemUsage(
                path: path, usedBytes: used, layerCount: count,
                capacityBytes: Int64(status.f_blocks) * block,
                availableBytes: Int64(status.f_bavail) * block, inodes: Int64(status.f_files),
                inodesFree: Int64(status.f_favail))
        }
    }
}
