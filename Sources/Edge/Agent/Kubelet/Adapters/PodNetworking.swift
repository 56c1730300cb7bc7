public import EdgeBase

/// Connects pods with the cluster's network.
public protocol PodNetworking: Sendable {
    /// Connects the namespace and returns the pod's addresses, the primary one first. The same id gets the same
    /// answer again. Throws while the node has no pod CIDR.
    func attach(_ id: String, namespacePath: String) async throws -> [IPAddress]
    /// Frees the addresses; an unknown id is fine.
    func detach(_ id: String) async throws
    /// The addresses of an attachment that exists; empty without one.
    func addresses(of id: String) async throws -> [IPAddress]
    /// Removes the attachments of all ids but these.
    func collectGarbage(keeping ids: Set<String>) async throws
    /// Why pods cannot be connected yet; nil when they can. Shown in the node's Ready condition.
    func unreadyReason() async -> String?
}
