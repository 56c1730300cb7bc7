internal import EdgeAPI

enum ProbeKind: String, Sendable, Hashable, CaseIterable {
    case startup = "Startup"
    case liveness = "Liveness"
    case readiness = "Readiness"

    func probe(of container: Container) -> Probe? {
        switch self {
        case .startup: container.startupProbe
        case .liveness: container.livenessProbe
        case .readiness: container.readinessProbe
        }
    }
}

/// What the probes of one pod say of its present containers.
struct PodProbeResults: Sendable, Equatable {
    struct Key: Sendable, Hashable {
        var containerID: String
        var kind: ProbeKind
    }

    var results: [Key: Bool] = [:]

    subscript(_ containerID: String, _ kind: ProbeKind) -> Bool? {
        get { results[Key(containerID: containerID, kind: kind)] }
        set { results[Key(containerID: containerID, kind: kind)] = newValue }
    }

    /// Whether a running container counts as started: its startup probe has succeeded, or there is none.
    func isStarted(_ container: Container, _ id: String) -> Bool {
        container.startupProbe == nil || self[id, .startup] == true
    }

    func isReady(_ container: Container, _ id: String) -> Bool {
        isStarted(container, id) && (container.readinessProbe == nil || self[id, .readiness] == true)
    }

    /// Which probe demands the end of a running container.
    func failure(_ container: Container, _ id: String) -> PodPlan.ContainerKill.Reason? {
        if container.startupProbe != nil, self[id, .startup] == false { return .startupProbe }
        if container.livenessProbe != nil, self[id, .liveness] == false { return .livenessProbe }
        return nil
    }
}
