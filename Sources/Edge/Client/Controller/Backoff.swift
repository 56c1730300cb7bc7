/// Delays that double with each failure up to a bound.
public struct Backoff: Sendable, Hashable {
    public let initial: Duration
    public let maximum: Duration

    public init(initial: Duration, maximum: Duration) {
        self.initial = initial
        self.maximum = maximum
    }

    /// The delay before the next try when `failures` tries failed before this one.
    public func delay(afterFailures failures: Int) -> Duration {
        var delay = initial
        for _ in 0..<min(failures, 62) {
            if delay >= maximum { return maximum }
            delay += delay
        }
        return min(delay, maximum)
    }
}
