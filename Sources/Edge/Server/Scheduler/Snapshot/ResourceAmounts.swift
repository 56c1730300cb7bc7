internal import EdgeAPI

/// Amounts of resources as plain numbers: cpu in thousandths of a core, all else in whole units.
struct ResourceAmounts: Sendable, Equatable {
    var milliCPU: Int64 = 0
    var memory: Int64 = 0
    var ephemeralStorage: Int64 = 0
    /// `pods` of a node's allocatable; 1 for every pod's request.
    var pods: Int64 = 0
    /// Extended resources and huge pages by name.
    var others: [String: Int64] = [:]

    init() {}

    init(_ quantities: [String: Quantity]) {
        for (name, quantity) in quantities {
            switch name {
            case "cpu": milliCPU = quantity.milliValue
            case "memory": memory = quantity.value
            case "ephemeral-storage": ephemeralStorage = quantity.value
            case "pods": pods = quantity.value
            default: others[name] = quantity.value
            }
        }
    }

    static func += (left: inout Self, right: Self) { left.add(right, times: 1) }
    static func -= (left: inout Self, right: Self) { left.add(right, times: -1) }

    private mutating func add(_ other: Self, times factor: Int64) {
        milliCPU &+= factor &* other.milliCPU
        memory &+= factor &* other.memory
        ephemeralStorage &+= factor &* other.ephemeralStorage
        for (name, value) in other.others { others[name, default: 0] &+= factor &* value }
    }

    /// Kubernetes' assumption for scoring: a container that requests nothing takes 100m and 200 MB.
    func withMinimum(containers: Int) -> Self {
        var amounts = self
        if milliCPU == 0 { amounts.milliCPU = 100 * Int64(containers) }
        if memory == 0 { amounts.memory = 200 * 1024 * 1024 * Int64(containers) }
        return amounts
    }
}
