internal import EdgeAPI
internal import EdgeJSON

/// What a pod asks for and may use: the sum of its containers, or its largest init container.
struct PodResources: Sendable {
    private(set) var requests: [String: Quantity] = [:]
    private(set) var limits: [String: Quantity] = [:]

    init() {}

    init(_ pod: APIObject) {
        requests = Self.total(pod, "requests")
        limits = Self.total(pod, "limits")
    }

    private static func total(_ pod: APIObject, _ section: String) -> [String: Quantity] {
        func amounts(_ container: JSONValue) -> [String: Quantity] {
            var amounts: [String: Quantity] = [:]
            for member in container.at("resources", section).members {
                amounts[member.key] = try? Quantity(member.value)
            }
            // A limit without a request is the request too.
            if section == "requests" {
                for member in container.at("resources", "limits").members where amounts[member.key] == nil {
                    amounts[member.key] = try? Quantity(member.value)
                }
            }
            return amounts
        }
        var sum: [String: Quantity] = [:]
        for container in pod[path: "spec", "containers"].elements {
            sum.merge(amounts(container)) { $0 + $1 }
        }
        var sidecars: [String: Quantity] = [:]
        var largest: [String: Quantity] = [:]
        for container in pod[path: "spec", "initContainers"].elements {
            let own = amounts(container)
            if container["restartPolicy"]?.string == "Always" {
                sum.merge(own) { $0 + $1 }
                sidecars.merge(own) { $0 + $1 }
                largest.merge(sidecars) { max($0, $1) }
            } else {
                largest.merge(sidecars.merging(own) { $0 + $1 }) { max($0, $1) }
            }
        }
        sum.merge(largest) { max($0, $1) }
        for member in pod[path: "spec", "overhead"].members {
            guard let extra = try? Quantity(member.value), section == "requests" || sum[member.key] != nil
            else {
                continue
            }
            sum[member.key] = (sum[member.key] ?? .zero) + extra
        }
        return sum
    }

    static func += (left: inout PodResources, right: PodResources) {
        left.requests.merge(right.requests) { $0 + $1 }
        left.limits.merge(right.limits) { $0 + $1 }
    }
}
