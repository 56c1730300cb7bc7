internal import EdgeBase

/// How many events each object may still cause: a burst, then one each five minutes, as client-go's spam
/// filter allows.
struct EventBudget {
    static let burst = 25.0
    static let refill: Duration = .seconds(300)
    /// Objects whose budgets are kept; beyond it those that are full again are forgotten.
    private static let maximumObjects = 4096

    private var budgets: [String: (left: Double, last: Timestamp)] = [:]

    /// Takes one event from the object's budget; false when there is none left.
    mutating func take(_ uid: String, now: Timestamp) -> Bool {
        let left = available(uid, now: now)
        guard left >= 1 else { return false }
        if budgets.count >= Self.maximumObjects { forget(now: now) }
        budgets[uid] = (left - 1, now)
        return true
    }

    private func available(_ uid: String, now: Timestamp) -> Double {
        guard let budget = budgets[uid] else { return Self.burst }
        let refilled = max(0, (now - budget.last).inSeconds) / Self.refill.inSeconds
        return min(Self.burst, budget.left + refilled)
    }

    private mutating func forget(now: Timestamp) {
        budgets = budgets.filter { available($0.key, now: now) < Self.burst }
        // All of them are in use: begin anew rather than grow.
        if budgets.count >= Self.maximumObjects { budgets = [:] }
    }
}
