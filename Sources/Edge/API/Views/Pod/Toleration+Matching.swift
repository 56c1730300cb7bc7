extension Toleration {
    /// Whether the taint is tolerated. An empty key with `Exists` tolerates all, an empty effect all effects.
    public func tolerates(_ taint: Taint) -> Bool {
        if !effect.isEmpty, effect != taint.effect { return false }
        if !key.isEmpty, key != taint.key { return false }
        switch `operator` {
        case "Exists": return true
        case "", "Equal": return !key.isEmpty && value == taint.value
        case "Lt", "Gt":
            guard let limit = Int64(value), let number = Int64(taint.value) else { return false }
            return `operator` == "Lt" ? number < limit : number > limit
        default: return false
        }
    }
}

extension Collection where Element == Toleration {
    public func tolerate(_ taint: Taint) -> Bool { contains { $0.tolerates(taint) } }
}
