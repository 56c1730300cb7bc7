/// Something that happened by itself. Events are hints: the state is read again from the service.
public enum RuntimeEvent: Sendable, Equatable {
    case containerStarted(sandboxID: String, containerID: String)
    case containerExited(sandboxID: String, containerID: String)
    /// The helper of a pod is gone, and the pod with it.
    case sandboxLost(sandboxID: String)
    /// Events were dropped because the receiver was slow: look at everything.
    case overflow
}
