public import EdgeBase

/// A container as it is now.
public struct Container: Sendable {
    public enum State: Sendable, Equatable {
        case created
        case running(pid: Int32)
        case exited(ContainerExit)
    }

    public let id: String
    public let sandboxID: String
    public let name: String
    public let attempt: UInt32
    public let image: String
    public let imageID: String
    public let labels: [String: String]
    public let annotations: [String: String]
    /// Absolute; "" without a log.
    public let logPath: String
    public let created: Timestamp
    /// Nil before the start.
    public let started: Timestamp?
    public let state: State
}

/// How a container ended.
public struct ContainerExit: Sendable, Equatable {
    /// As Kubernetes shows it: 128 + N after the signal N, 128 for one that could not start, 255 for one whose
    /// end nobody saw.
    public let code: Int32
    /// 0 for none.
    public let signal: Int32
    public let finished: Timestamp
    public let reason: Reason
    /// Why it could not start; otherwise "".
    public let message: String

    /// The words that `kubectl describe` shows.
    public enum Reason: String, Sendable {
        case completed = "Completed"
        case error = "Error"
        case outOfMemory = "OOMKilled"
        case startError = "StartError"
        case unknown = "ContainerStatusUnknown"
    }
}
