public import EdgeBase

/// A pod's sandbox as it is now.
public struct PodSandbox: Sendable {
    public enum State: Sendable, Equatable {
        case ready
        /// Stopped, or its helper is gone.
        case notReady
    }

    public let id: String
    public let name: String
    public let namespace: String
    public let uid: String
    public let attempt: UInt32
    public let labels: [String: String]
    public let annotations: [String: String]
    public let created: Timestamp
    public let state: State
    /// The helper's, which holds the pod's namespaces; 0 without one.
    public let helperPID: Int32
    public let hostNetwork: Bool
    /// What a network attachment needs; nil with the host's network, or after the stop.
    public var networkNamespacePath: String? {
        hostNetwork || state == .notReady ? nil : "/proc/\(helperPID)/ns/net"
    }
}
