internal import EdgeTransport
internal import NIOCore

/// Reports a layer's progress at most once per percent.
final class LayerProgress: Sendable {
    private let layer: ImageDigest
    private let total: Int64
    private let report: @Sendable (PullEvent) -> Void

    init(layer: ImageDigest, total: Int64, _ report: @escaping @Sendable (PullEvent) -> Void) {
        self.layer = layer
        self.total = total
        self.report = report
    }

    func received(_ count: Int64, before: Int64) {
        guard total > 0, count * 100 / total != before * 100 / total || count == total else { return }
        report(.downloading(layer: layer, received: count, total: total))
    }

    func broken(_ cause: String) { report(.retrying(layer: layer, cause: cause)) }

    func done() { report(.layerDone(layer: layer)) }
}

/// One blob on its way: what has arrived stays, whatever connection or endpoint brings the rest.
/// Used by one task.
final class BlobDownload {
    private let descriptor: BlobDescriptor
    private let pipe: BytePipe
    private let progress: LayerProgress
    private let retry: RetryPolicy
    private var received: Int64 = 0
    private var hasher: ImageHasher
    private var tries = 0

    init(_ descriptor: BlobDescriptor, pipe: BytePipe, progress: LayerProgress, retry: RetryPolicy) {
        self.descriptor = descriptor
        self.pipe = pipe
        self.progress = progress
        self.retry = retry
        hasher = ImageHasher(descriptor.digest.algorithm)
    }

    func run(_ client: EndpointClient) async throws {
        let url = client.endpoint.url("blobs", descriptor.digest.description)
        var failures = 0
        while true {
            let before = received
            tries += 1
            do {
                try await fetch(client, url)
                break
            } catch let error as ImageError where error.code.isTransient {
                guard client.hasAnswered else { throw error }
                failures = received > before ? 1 : failures + 1
                guard failures < retry.attempts, tries < retry.totalAttempts else { throw error }
                progress.broken(error.description)
                try await retry.sleep(retry.delay(after: failures))
            }
        }
        let actual = hasher.finalize()
        guard actual == descriptor.digest else {
            throw ImageError(
                .digestMismatch, endpoint: url.redacted,
                "blob has digest \(actual), expected \(descriptor.digest)")
        }
    }

    private func fetch(_ client: EndpointClient, _ url: RegistryURL) async throws {
        if received == descriptor.size, received > 0 { return }
        let range = received > 0 ? [("Range", "bytes=\(received)-")] : []
        let response = try await client.send(.get, url, headers: range)
        var toSkip: Int64 = 0
        if response.status == 206 {
            let start = Self.rangeStart(response.headers["Content-Range"] ?? "")
            guard start == received else {
                throw ImageError(.server, endpoint: url.redacted, "answer has another range than asked for")
            }
        } else {
            // The endpoint sends all of it again.
            toSkip = received
        }
        do {
            for try await buffer in response.body {
                try await take(buffer, &toSkip, url)
            }
        } catch let error as ImageError {
            throw error
        } catch {
            throw RegistryTransport.translate(error, url)
        }
        guard received == descriptor.size else {
            throw ImageError(
                .network, endpoint: url.redacted,
                "unexpected EOF after \(received) of \(descriptor.size) bytes")
        }
    }

    private func take(_ part: ByteBuffer, _ toSkip: inout Int64, _ url: RegistryURL) async throws {
        var buffer = part
        if toSkip > 0 {
            let skipped = min(toSkip, Int64(buffer.readableBytes))
            buffer.moveReaderIndex(forwardBy: Int(skipped))
            toSkip -= skipped
        }
        let count = Int64(buffer.readableBytes)
        if count == 0 { return }
        guard received + count <= descriptor.size else {
            throw ImageError(
                .digestMismatch, endpoint: url.redacted,
                "blob has more than the \(descriptor.size) bytes that its manifest says")
        }
        buffer.withUnsafeReadableBytes { hasher.update($0) }
        guard try await pipe.write(buffer) else {
            throw ImageError(.cancelled, "the layer is not unpacked any further")
        }
        progress.received(received + count, before: received)
        received += count
    }

    /// The first number of `bytes 100-199/1000`.
    private static func rangeStart(_ header: String) -> Int64? {
        guard header.hasPrefix("bytes ") else { return nil }
        return Int64(header.dropFirst(6).prefix { $0.isASCII && $0.isNumber })
    }
}

extension ImageError.Code {
    /// Whether the same endpoint may do better in a moment.
    fileprivate var isTransient: Bool {
        switch self {
        case .network, .server, .rateLimited: true
        default: false
        }
    }
}
