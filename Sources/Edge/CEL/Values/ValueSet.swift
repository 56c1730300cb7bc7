/// Values that are asked for many times: scalars are hashed, others gone through.
struct ValueSet {
    private var keys: Set<CELKey> = []
    private var others: [CELValue] = []

    init(_ values: some Sequence<CELValue>) {
        for value in values { insert(value) }
    }

    /// False where an equal value is there already.
    @discardableResult
    mutating func insert(_ value: CELValue) -> Bool {
        // A NaN equals nothing, not even itself, and is never found.
        if let key = CELKey(value), value.equals(value) { return keys.insert(key).inserted }
        if others.contains(where: { $0.equals(value) }) { return false }
        others.append(value)
        return true
    }

    func contains(_ value: CELValue) -> Bool {
        if let key = CELKey(value), value.equals(value) { return keys.contains(key) }
        return others.contains { $0.equals(value) }
    }
}
