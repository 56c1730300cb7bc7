/// How long to wait before trying again: doubling from `first` to `limit`, each time between a half and the
/// whole of it, so that many clients of one server do not come back at the same moment.
public struct Backoff: Sendable {
    private let first: Duration
    private let limit: Duration
    private var current: Duration

    public init(first: Duration = .milliseconds(500), limit: Duration = .seconds(30)) {
        self.first = first
        self.limit = limit
        current = first
    }

    /// The next wait. `random` is between 0 and 1.
    public mutating func next(random: Double = Double.random(in: 0...1)) -> Duration {
        defer { current = min(current * 2, limit) }
        return current * 0.5 + current * (0.5 * min(max(random, 0), 1))
    }

    /// After a success the next failure begins small again.
    public mutating func reset() { current = first }
}
