internal import EdgeBase

/// One run of one container of a pod, as the runtime or, after a boot, the API remembers it.
struct ContainerRun: Sendable, Equatable {
    enum State: Sendable, Equatable {
        /// Made but not started.
        case created
        case running
        case exited(Exit)
    }

    struct Exit: Sendable, Equatable {
        var code: Int
        var signal = 0
        /// `Completed`, `Error`, `OOMKilled`, ...
        var reason: String
        var message = ""
        var finished: Timestamp
    }

    var id: String
    var name: String
    /// Counts the runs of the container, from 0: the restart count.
    var attempt: Int
    /// "" for a run that only the API remembers.
    var sandboxID: String
    var image = ""
    var imageID = ""
    var created: Timestamp
    var started: Timestamp?
    var state: State
    /// Tells whether the container's definition has changed since.
    var definition = ""

    var isRunning: Bool { state == .running }

    var exit: Exit? {
        if case .exited(let exit) = state { exit } else { nil }
    }
}

/// A pod's sandbox.
struct SandboxRun: Sendable, Equatable {
    var id: String
    var attempt: Int
    var created: Timestamp
    var isReady: Bool
}

/// What there is of a pod at one moment.
struct PodRuntimeState: Sendable, Equatable {
    /// In the order of their creation.
    var sandboxes: [SandboxRun] = []
    /// In the order of their attempts.
    var runs: [ContainerRun] = []

    var readySandbox: SandboxRun? { sandboxes.last { $0.isReady } }

    /// The last run of a container.
    func last(_ name: String) -> ContainerRun? {
        runs.filter { $0.name == name }.max { $0.attempt < $1.attempt }
    }

    /// The run before the last one.
    func previous(_ name: String) -> ContainerRun? {
        runs.filter { $0.name == name }.sorted { $0.attempt < $1.attempt }.dropLast().last
    }

    var isAnyRunning: Bool { runs.contains(where: \.isRunning) }
}
