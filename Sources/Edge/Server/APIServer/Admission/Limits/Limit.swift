internal import EdgeAPI
internal import EdgeJSON

/// One item of a LimitRange, and what it finds wrong, in Kubernetes' words.
struct Limit {
    let type: String
    let `default`: [String: Quantity]
    let defaultRequest: [String: Quantity]
    private let min: [String: Quantity]
    private let max: [String: Quantity]
    private let maximumRatio: [String: Quantity]

    init(_ json: JSONValue) {
        type = json["type"].text
        `default` = json["default"].quantities
        defaultRequest = json["defaultRequest"].quantities
        min = json["min"].quantities
        max = json["max"].quantities
        maximumRatio = json["maxLimitRequestRatio"].quantities
    }

    func problems(of pod: Pod) -> [String] {
        switch type {
        case "Container":
            (pod.spec.containers + pod.spec.initContainers).flatMap {
                problems(requests: $0.resources.requests, limits: $0.resources.limits)
            }
        case "Pod": problems(requests: pod.spec.totalRequests, limits: pod.spec.totalLimits)
        default: []
        }
    }

    func problems(ofClaim claim: APIObject) -> [String] {
        guard type == "PersistentVolumeClaim" else { return [] }
        let requests = claim[path: "spec", "resources", "requests"].quantities
        return sorted(min).compactMap { belowMinimum($0.key, $0.value, requests, [:]) }
            + sorted(max).compactMap { name, bound in
                let start = "maximum \(name) usage per \(type) is \(bound)"
                guard let request = requests[name] else { return "\(start).  No request is specified" }
                return request > bound ? "\(start), but request is \(request)" : nil
            }
    }

    private func problems(requests: [String: Quantity], limits: [String: Quantity]) -> [String] {
        sorted(min).compactMap { belowMinimum($0.key, $0.value, requests, limits) }
            + sorted(max).compactMap { aboveMaximum($0.key, $0.value, requests, limits) }
            + sorted(maximumRatio).compactMap { aboveRatio($0.key, $0.value, requests, limits) }
    }

    private func sorted(_ amounts: [String: Quantity]) -> [(key: String, value: Quantity)] {
        amounts.sorted { $0.key < $1.key }
    }

    private func belowMinimum(
        _ name: String, _ bound: Quantity, _ requests: [String: Quantity], _ limits: [String: Quantity]
    ) -> String? {
        let start = "minimum \(name) usage per \(type) is \(bound)"
        guard let request = requests[name] else { return "\(start).  No request is specified" }
        if request < bound { return "\(start), but request is \(request)" }
        if let limit = limits[name], limit < bound { return "\(start), but limit is \(limit)" }
        return nil
    }

    private func aboveMaximum(
        _ name: String, _ bound: Quantity, _ requests: [String: Quantity], _ limits: [String: Quantity]
    ) -> String? {
        let start = "maximum \(name) usage per \(type) is \(bound)"
        guard let limit = limits[name] else { return "\(start).  No limit is specified" }
        if limit > bound { return "\(start), but limit is \(limit)" }
        if let request = requests[name], request > bound { return "\(start), but request is \(request)" }
        return nil
    }

    private func aboveRatio(
        _ name: String, _ bound: Quantity, _ requests: [String: Quantity], _ limits: [String: Quantity]
    ) -> String? {
        let start = "\(name) max limit to request ratio per \(type) is \(bound)"
        guard let request = requests[name], !request.isZero else {
            return "\(start), but no request is specified or request is 0"
        }
        guard let limit = limits[name], !limit.isZero else {
            return "\(start), but no limit is specified or limit is 0"
        }
        let ratio = limit.doubleValue / request.doubleValue
        guard ratio > bound.doubleValue else { return nil }
        return "\(start), but provided ratio is \(Self.sixDigits(ratio))"
    }

    /// As Go's `%f` writes it.
    private static func sixDigits(_ number: Double) -> String {
        guard number < 1e12 else { return String(number) }
        let millionths = Int64((number * 1_000_000).rounded())
        let fraction = String(millionths % 1_000_000)
        return "\(millionths / 1_000_000).\(String(repeating: "0", count: 6 - fraction.count))\(fraction)"
    }
}
