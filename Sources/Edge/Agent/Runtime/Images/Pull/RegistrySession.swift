internal import EdgeTransport
internal import Logging
internal import NIOCore
internal import Synchronization

/// The endpoints of one reference, in the order in which they are tried, for the length of one pull.
final class RegistrySession: Sendable {
    let reference: ImageReference
    private let clients: [EndpointClient]
    private let retry: RetryPolicy
    private let logger: Logger
    private struct State {
        /// The client that has answered last.
        var preferred = 0
        /// Clients that have sent wrong bytes, and other ways to the host of one that has answered.
        var excluded: Set<Int> = []
        var wrongBytes: ImageError?
    }

    private let state = Mutex(State())

    init(
        reference: ImageReference, clients: [EndpointClient], retry: RetryPolicy, logger: Logger
    ) {
        self.reference = reference
        self.clients = clients
        self.retry = retry
        self.logger = logger
    }

    /// Runs `body` with one client after the other until one succeeds, the one that answered last first.
    private func withClients<Value>(_ body: (EndpointClient) async throws -> Value) async throws -> Value {
        let (first, excluded) = state.withLock { ($0.preferred, $0.excluded) }
        let order = [first] + clients.indices.filter { $0 != first }
        var failures: [(client: EndpointClient, error: ImageError)] = []
        for index in order where clients.indices.contains(index) && !excluded.contains(index) {
            let client = clients[index]
            do {
                let value = try await body(client)
                prefer(index)
                return value
            } catch let error as ImageError where error.code.isEndpointFailure {
                logger.debug(
                    "registry endpoint failed",
                    metadata: ["endpoint": "\(client.name)", "error": "\(error)"])
                failures.append((client, error))
            }
        }
        throw Self.combined(failures)
    }

    /// Another scheme or credential for the same host is not tried again once one has worked.
    private func prefer(_ index: Int) {
        let host = clients[index].endpoint.base.authority
        let others = clients.indices.filter { $0 != index && clients[$0].endpoint.base.authority == host }
        state.withLock { state in
            state.preferred = index
            state.excluded.formUnion(others)
        }
    }

    /// The registry's own answer, with what its mirrors said behind it.
    private static func combined(
        _ failures: [(client: EndpointClient, error: ImageError)]
    ) -> ImageError {
        let own = failures.filter { !$0.client.endpoint.isMirror }
        // A refusal says more than the failure of another scheme or credential on the same host.
        let ranked =
            own.max { $0.error.code.informativeness < $1.error.code.informativeness } ?? failures.last
        guard let main = ranked?.error else { return ImageError(.network, "no endpoint is configured") }
        let others = failures.filter {
            $0.client.endpoint.isMirror && $0.error.description != main.description
        }
        if others.isEmpty { return main }
        let told = others.map { "mirror \($0.client.name): \($0.error)" }.joined(separator: "; ")
        return ImageError(main.code, endpoint: main.endpoint, "\(main.cause) (\(told))")
    }

    // MARK: Small documents

    struct Document: Sendable {
        var bytes: [UInt8]
        var digest: ImageDigest
        var mediaType: String
    }

    /// The digest that the reference's tag leads to now, by a HEAD request that registries do not count
    /// against their limits; nil when no endpoint tells it.
    func currentDigest() async throws -> ImageDigest? {
        do {
            return try await withClients { client in
                let url = client.endpoint.url("manifests", self.reference.manifestSelector)
                let response = try await self.retrying {
                    try await client.send(.head, url, headers: Self.accept)
                }
                try await EndpointClient.discard(response)
                return response.headers["Docker-Content-Digest"].flatMap { ImageDigest($0) }
            }
        } catch let error as ImageError where error.code == .server {
            // Not every registry answers HEAD.
            return nil
        }
    }

    private static let accept = [("Accept", MediaType.accepted.joined(separator: ", "))]

    /// A manifest or index; by digest when one is given, else by what the reference says.
    func manifest(_ digest: ImageDigest? = nil) async throws -> Document {
        let expected = digest ?? reference.digest
        let selector = expected?.description ?? reference.manifestSelector
        return try await withClients { client in
            let url = client.endpoint.url("manifests", selector)
            return try await self.retrying {
                let response = try await client.send(.get, url, headers: Self.accept)
                let bytes = try await EndpointClient.collect(
                    response, limit: ManifestDocument.maximumBytes, url)
                let promised =
                    expected
                    ?? response.headers["Docker-Content-Digest"].flatMap { ImageDigest($0) }
                let actual = Self.digest(bytes, promised?.algorithm ?? .sha256)
                guard promised == nil || promised == actual else {
                    throw ImageError(
                        .digestMismatch, endpoint: url.redacted,
                        "manifest has digest \(actual), expected \(selector)")
                }
                let type = response.headers["Content-Type"]?.split(separator: ";").first
                return Document(bytes: bytes, digest: actual, mediaType: type?.trimmed ?? "")
            }
        }
    }

    /// A config, whole in memory.
    func smallBlob(_ descriptor: BlobDescriptor, limit: Int) async throws -> [UInt8] {
        guard descriptor.size <= limit else {
            throw ImageError(.limitExceeded, "blob \(descriptor.digest) has \(descriptor.size) bytes")
        }
        return try await withClients { client in
            let url = client.endpoint.url("blobs", descriptor.digest.description)
            return try await self.retrying {
                let response = try await client.send(.get, url, headers: [])
                let bytes = try await EndpointClient.collect(response, limit: limit, url)
                let actual = Self.digest(bytes, descriptor.digest.algorithm)
                guard actual == descriptor.digest else {
                    throw ImageError(
                        .digestMismatch, endpoint: url.redacted,
                        "blob has digest \(actual), expected \(descriptor.digest)")
                }
                return bytes
            }
        }
    }

    private static func digest(_ bytes: [UInt8], _ algorithm: ImageDigest.Algorithm) -> ImageDigest {
        var hasher = ImageHasher(algorithm)
        bytes.withUnsafeBytes { hasher.update($0) }
        return hasher.finalize()
    }

    /// Tries again what a busy registry refuses; a dead one is left to the next endpoint at once.
    private func retrying<Value>(_ body: () async throws -> Value) async throws -> Value {
        var failures = 0
        while true {
            do {
                return try await body()
            } catch let error as ImageError where error.code == .rateLimited || error.code == .server {
                failures += 1
                guard failures < min(retry.attempts, 3) else { throw error }
                try await retry.sleep(retry.delay(after: failures))
            }
        }
    }

    // MARK: Layers

    /// Streams a blob into `pipe`, going on by ranges after broken connections and at the next endpoint when
    /// one fails for good. Size and digest are verified before the pipe ends well. An endpoint that sent wrong
    /// bytes is not asked again; what has gone down the pipe is spoilt then.
    func stream(_ descriptor: BlobDescriptor, into pipe: BytePipe, progress: LayerProgress) async throws {
        let download = BlobDownload(descriptor, pipe: pipe, progress: progress, retry: retry)
        do {
            try await withClients { client in
                do {
                    try await download.run(client)
                } catch let error as ImageError where error.code == .digestMismatch {
                    self.exclude(client, error)
                    throw WrongBytes(error: error)
                }
            }
        } catch let wrong as WrongBytes {
            throw wrong.error
        } catch let error as ImageError where error.code.isEndpointFailure {
            throw state.withLock { $0.wrongBytes } ?? error
        }
    }

    /// Passes `withClients` by: the next endpoint cannot go on where wrong bytes were sent.
    private struct WrongBytes: Error {
        let error: ImageError
    }

    private func exclude(_ client: EndpointClient, _ error: ImageError) {
        guard let index = clients.firstIndex(where: { $0 === client }) else { return }
        state.withLock { state in
            state.excluded.insert(index)
            state.wrongBytes = error
            state.preferred = clients.indices.first { !state.excluded.contains($0) } ?? index
        }
    }

    var endpointCount: Int { clients.count }
}

extension ImageError.Code {
    /// Whether another endpoint may do better.
    var isEndpointFailure: Bool {
        switch self {
        case .notFound, .unauthorized, .rateLimited, .network, .untrusted, .server, .digestMismatch,
            .limitExceeded:
            true
        default: false
        }
    }

    fileprivate var informativeness: Int {
        switch self {
        case .digestMismatch, .limitExceeded: 4
        case .unauthorized, .notFound, .rateLimited, .untrusted: 3
        case .server: 2
        case .network: 1
        default: 0
        }
    }
}
