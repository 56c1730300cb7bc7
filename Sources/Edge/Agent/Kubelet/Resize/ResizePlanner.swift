internal import EdgeAPI
internal import EdgeJSON

/// Decides what of the processor time and memory that a running pod asks for is given to it now. Pure.
struct ResizePlanner {
    struct Change: Sendable, Equatable {
        var id: String
        var name: String
        /// Whether its resizePolicy has the container start again.
        var restarts: Bool
    }

    enum Outcome: Sendable, Equatable {
        case nothing
        case apply([Change])
        /// `Infeasible` or `Deferred`, and why.
        case pending(reason: String, message: String)
    }

    static let resources = ["cpu", "memory"]

    let spec: PodSpec
    let state: PodRuntimeState
    /// By container identifier: what its group has now.
    let applied: [String: ResourceRequirements]
    let allocatable: [String: Quantity]
    /// What the other pods of this node ask for.
    let others: [String: Quantity]

    func plan() -> Outcome {
        let changes = (spec.containers + spec.initContainers.filter(\.isSidecar)).compactMap {
            change(of: $0)
        }
        guard !changes.isEmpty else { return .nothing }
        let wanted = spec.totalRequests
        let given = presentRequests
        for name in Self.resources {
            let amount = wanted[name] ?? .zero
            guard amount > given[name] ?? .zero, let capacity = allocatable[name] else { continue }
            if amount > capacity {
                return .pending(
                    reason: "Infeasible",
                    message:
                        "Node didn't have enough capacity: \(name), requested: \(Self.number(amount, name)), "
                        + "capacity: \(Self.number(capacity, name))")
            }
            let used = others[name] ?? .zero
            if amount + used > capacity {
                return .pending(
                    reason: "Deferred",
                    message:
                        "Node didn't have enough resource: \(name), requested: \(Self.number(amount, name)), "
                        + "used: \(Self.number(used, name)), capacity: \(Self.number(capacity, name))")
            }
        }
        return .apply(changes)
    }

    private func change(of container: Container) -> Change? {
        guard let run = state.last(container.name), run.isRunning, let applied = applied[run.id] else {
            return nil
        }
        let changed = Self.resources.filter { name in
            container.resources.requests[name] != applied.requests[name]
                || container.resources.limits[name] != applied.limits[name]
        }
        guard !changed.isEmpty else { return nil }
        let restarting = (container.resizePolicy?.array ?? []).compactMap { policy in
            policy["restartPolicy"]?.string == "RestartContainer" ? policy["resourceName"]?.string : nil
        }
        return Change(
            id: run.id, name: container.name, restarts: changed.contains { restarting.contains($0) })
    }

    private var presentRequests: [String: Quantity] {
        spec.containers.reduce(into: [:]) { sum, container in
            let given = state.last(container.name).flatMap { applied[$0.id] } ?? container.resources
            sum = sum.adding(given.requests)
        }
    }

    /// Thousandths of a processor, bytes of memory, as the kubelet's messages have them.
    private static func number(_ quantity: Quantity, _ name: String) -> String {
        "\(name == "cpu" ? quantity.milliValue : quantity.value)"
    }
}

/// What a pod's conditions say of a change of its resources that has not come about.
struct ResizeCondition: Sendable, Equatable {
    static let pending = "PodResizePending"
    static let inProgress = "PodResizeInProgress"

    var type: String
    var reason: String
    var message: String
}
