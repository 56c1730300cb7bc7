/// How often and how soon a broken request is tried again.
public struct RetryPolicy: Sendable {
    /// Tries in a row that bring nothing new, the first one counted.
    public var attempts = 5
    /// Tries in all for one blob, however far each of them gets.
    public var totalAttempts = 50
    public var firstDelay: Duration = .seconds(1)
    public var maximumDelay: Duration = .seconds(16)
    /// Waits; replaced in tests. Throws when cancelled.
    public var sleep: @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }

    public init() {}

    /// The wait after the given number of failures in a row, doubled each time.
    func delay(after failures: Int) -> Duration {
        var delay = firstDelay
        for _ in 1..<max(failures, 1) where delay < maximumDelay { delay *= 2 }
        return min(delay, maximumDelay)
    }
}
