/// How a process ended.
public enum ExitStatus: Hashable, Sendable {
    case exited(code: Int32)
    case signalled(Int32)

    /// The code that a shell, and Kubernetes, would show: 128 + N for the signal N.
    public var code: Int32 {
        switch self {
        case .exited(let code): code
        case .signalled(let signal): 128 + signal
        }
    }
}

extension ExitStatus: CustomStringConvertible {
    public var description: String {
        switch self {
        case .exited(let code): "exit code \(code)"
        case .signalled(let signal): "signal \(signal)"
        }
    }
}
