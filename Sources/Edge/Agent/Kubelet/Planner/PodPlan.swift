internal import EdgeBase

/// What is to be done for a pod now.
struct PodPlan: Sendable, Equatable {
    /// The whole pod ends: everything it runs is killed. The pod is not started again when `isFinal`.
    struct PodKill: Sendable, Equatable {
        var isFinal: Bool
        /// Shown in the pod's status: `DeadlineExceeded`.
        var reason = ""
        var message = ""
    }

    struct ContainerKill: Sendable, Equatable {
        enum Reason: Sendable, Equatable {
            case livenessProbe
            case startupProbe
            case definitionChanged
            /// A container that was made but never started.
            case notStarted
        }

        var id: String
        var name: String
        var reason: Reason
        /// Seconds; nil takes the pod's grace.
        var grace: Int?
    }

    struct ContainerStart: Sendable, Equatable {
        var name: String
        var attempt: Int
        /// When the run before ended, for the back-off; nil for a first start.
        var previousEnd: Timestamp?
    }

    /// Why a container is not started although it should run.
    struct Wait: Sendable, Equatable {
        var name: String
        var delay: Duration
        var until: Timestamp
    }

    var kill: PodKill?
    /// The attempt of the sandbox to make.
    var sandboxAttempt: Int?
    var kills: [ContainerKill] = []
    var starts: [ContainerStart] = []
    /// Containers in CrashLoopBackOff.
    var waits: [Wait] = []
    /// When to plan again although nothing happens.
    var wakeAt: Timestamp?

    var isEmpty: Bool { kill == nil && sandboxAttempt == nil && kills.isEmpty && starts.isEmpty }

    mutating func wake(at time: Timestamp) {
        wakeAt = wakeAt.map { min($0, time) } ?? time
    }
}
