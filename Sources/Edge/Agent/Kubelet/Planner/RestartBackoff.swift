internal import EdgeBase

/// Delays between the restarts of one container, or the pulls of one image: 10 s doubling to 5 min, forgotten
/// after twice that without a failure (client-go's flowcontrol.Backoff as the kubelet uses it).
struct RestartBackoff: Sendable, Equatable {
    static let initial: Duration = .seconds(10)
    static let maximum: Duration = .seconds(300)

    private(set) var delay: Duration
    private(set) var updated: Timestamp

    /// The delay that counts for something that failed at `failed`; nil if it may be tried again now.
    func remaining(since failed: Timestamp, now: Timestamp) -> Duration? {
        guard !hasExpired(failed), now - failed < delay else { return nil }
        return delay - (now - failed)
    }

    private func hasExpired(_ failed: Timestamp) -> Bool { failed - updated > Self.maximum * 2 }

    /// The entry after another try because of a failure at `failed`.
    static func next(after entry: RestartBackoff?, failed: Timestamp, now: Timestamp) -> RestartBackoff {
        guard let entry, !entry.hasExpired(failed) else {
            return RestartBackoff(delay: initial, updated: now)
        }
        return RestartBackoff(delay: min(entry.delay * 2, maximum), updated: now)
    }
}
