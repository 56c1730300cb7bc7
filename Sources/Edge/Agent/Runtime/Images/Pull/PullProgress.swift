/// What happens during a pull. Events carry totals, so that a reader that misses some loses nothing.
public enum PullEvent: Sendable, Equatable {
    /// The manifest is known; layers that are here already are not counted.
    case resolved(manifest: ImageDigest, layersToFetch: Int, bytesToFetch: Int64)
    /// Bytes of one layer received so far.
    case downloading(layer: ImageDigest, received: Int64, total: Int64)
    /// A connection broke; the layer goes on from where it was.
    case retrying(layer: ImageDigest, cause: String)
    /// A layer is verified and in its place.
    case layerDone(layer: ImageDigest)
}

/// A bounded stream of the events of one pull: a slow reader sees the newest. It ends with the pull.
public final class PullProgress: Sendable {
    public let events: AsyncStream<PullEvent>
    private let continuation: AsyncStream<PullEvent>.Continuation

    public init(capacity: Int = 64) {
        (events, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(capacity))
    }

    func report(_ event: PullEvent) { continuation.yield(event) }

    func finish() { continuation.finish() }
}
