internal import EdgeAPI

/// How the replicas of a Deployment are spread over its ReplicaSets on the way to a new template. Pure
/// arithmetic over numbers, as in Kubernetes: never more pods than wished plus the surge, never fewer
/// available ones than wished less the permitted gap.
struct RollingUpdate: Equatable {
    /// A ReplicaSet reduced to what counts here.
    struct Member: Equatable {
        var name: String
        var desired: Int
        var available: Int
        /// Counts upwards with age: older sets shrink first.
        var age: Int
    }

    var wished: Int
    var maxSurge: Int
    var maxUnavailable: Int

    init(_ deployment: Deployment) {
        wished = deployment.spec.replicas
        let rolling = deployment.spec.strategy.rollingUpdate
        maxSurge = rolling?.maxSurge?.scaled(of: wished, roundingUp: true) ?? 1
        maxUnavailable = rolling?.maxUnavailable?.scaled(of: wished, roundingUp: false) ?? 0
        // Both zero would never get anywhere: Kubernetes reads it as one unavailable.
        if maxSurge == 0, maxUnavailable == 0 { maxUnavailable = 1 }
        maxUnavailable = min(maxUnavailable, wished)
    }

    init(wished: Int, maxSurge: Int, maxUnavailable: Int) {
        self.wished = wished
        self.maxSurge = maxSurge
        self.maxUnavailable = maxUnavailable
    }

    /// The new number of replicas of each set that changes.
    func step(new: Member, old: [Member]) -> [String: Int] {
        let total = new.desired + old.reduce(0) { $0 + $1.desired }
        if let grown = growth(new, total: total) { return [new.name: grown] }
        return shrink(new, old, total: total)
    }

    private func growth(_ new: Member, total: Int) -> Int? {
        if new.desired > wished { return wished }
        guard new.desired < wished else { return nil }
        let room = wished + maxSurge - total
        guard room > 0 else { return nil }
        return new.desired + min(room, wished - new.desired)
    }

    /// Takes replicas from the old sets: first the unavailable ones, which serve nobody, then as many
    /// available ones as may be missing.
    private func shrink(_ new: Member, _ old: [Member], total: Int) -> [String: Int] {
        let minimumAvailable = wished - maxUnavailable
        let newUnavailable = new.desired - new.available
        var budget = total - minimumAvailable - newUnavailable
        guard budget > 0 else { return [:] }
        var sets = old.sorted { $0.age > $1.age }
        for index in sets.indices {
            let unhealthy = min(sets[index].desired - sets[index].available, budget)
            guard unhealthy > 0 else { continue }
            sets[index].desired -= unhealthy
            budget -= unhealthy
        }
        let available = new.available + sets.reduce(0) { $0 + $1.available }
        var spare = available - minimumAvailable
        for index in sets.indices where spare > 0 {
            let taken = min(sets[index].desired, spare)
            sets[index].desired -= taken
            spare -= taken
        }
        var result: [String: Int] = [:]
        for set in sets where set.desired != old.first(where: { $0.name == set.name })?.desired {
            result[set.name] = set.desired
        }
        return result
    }

    /// When the wished number changes in the middle of a roll-out, every set grows or shrinks in proportion,
    /// so that the share of the new template stays.
    func proportional(_ sets: [Member], formerMaximum: Int) -> [String: Int] {
        let total = sets.reduce(0) { $0 + $1.desired }
        let allowed = wished > 0 ? wished + maxSurge : 0
        var difference = allowed - total
        guard difference != 0, total > 0 else { return [:] }
        var result: [String: Int] = [:]
        let ordered = sets.sorted { ($0.desired, $0.age) > ($1.desired, $1.age) }
        for set in ordered where set.desired > 0 {
            let share =
                Double(set.desired) * Double(allowed) / Double(max(formerMaximum, 1)) - Double(set.desired)
            var change = Int(share.rounded(.toNearestOrAwayFromZero))
            change = difference > 0 ? min(max(change, 0), difference) : max(min(change, 0), difference)
            difference -= change
            result[set.name] = set.desired + change
        }
        // What rounding left over goes to the largest set.
        if difference != 0, let first = ordered.first(where: { $0.desired > 0 }) {
            result[first.name] = max(0, (result[first.name] ?? first.desired) + difference)
        }
        return result.filter { entry in sets.first { $0.name == entry.key }?.desired != entry.value }
    }
}
