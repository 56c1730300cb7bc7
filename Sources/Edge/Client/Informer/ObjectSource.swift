public import EdgeBase

/// Which objects an informer keeps: one resource, in one namespace or all, narrowed by selectors.
public struct WatchScope: Sendable, Hashable {
    public var resource: String
    /// Nil for all namespaces.
    public var namespace: String?
    public var labelSelector: String
    public var fieldSelector: String

    public init(
        _ resource: String, namespace: String? = nil, labelSelector: String = "", fieldSelector: String = ""
    ) {
        self.resource = resource
        self.namespace = namespace
        self.labelSelector = labelSelector
        self.fieldSelector = fieldSelector
    }
}

/// Where an informer gets its objects from: the store within the process, or a server over HTTP.
public protocol ObjectSource: Sendable {
    /// The present state of a scope.
    func list(_ scope: WatchScope) async throws -> ObjectList

    /// Calls `deliver` with each batch of changes after `revision`, in order, until the task is cancelled or
    /// the source ends (it returns: watch again from the last revision). Throws `APIStatus` with reason
    /// `expired` when the history no longer reaches back to `revision`: list again.
    func watch(
        _ scope: WatchScope, after revision: UInt64, deliver: @escaping @Sendable (WatchBatch) async -> Void
    ) async throws
}

/// Changes that were committed together, and how far the watch has come with them.
public struct WatchBatch: Sendable {
    public let changes: [ObjectChange]
    /// The revision to go on from; with no changes this is a bookmark.
    public let revision: UInt64

    public init(changes: [ObjectChange], revision: UInt64) {
        self.changes = changes
        self.revision = revision
    }
}
