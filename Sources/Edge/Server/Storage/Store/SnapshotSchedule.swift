/// When the next rolling snapshot is due: at most one per interval, and none while nothing changes.
enum SnapshotSchedule {
    /// The least wait, so that a start is not slowed down by one.
    static let grace = Duration.seconds(600)

    /// How long to wait after a change. `age` is that of the newest snapshot: nil without one, negative if the
    /// clock has been set back since.
    static func delay(age: Duration?, interval: Duration) -> Duration {
        let least = min(grace, interval)
        guard let age, age >= .zero, age < interval else { return least }
        return max(interval - age, least)
    }
}
