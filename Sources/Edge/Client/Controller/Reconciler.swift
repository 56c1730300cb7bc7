public import EdgeBase

/// Brings the world behind one key closer to what its object asks for. Level-triggered: it reads everything
/// afresh, so it does not matter which event led to the call, or how many.
public protocol Reconciler: Sendable {
    associatedtype Key: Hashable & Sendable = ObjectKey

    /// The controller's name in logs, metrics and identities: `deployment-controller`.
    var name: String { get }

    /// One pass. Throwing means: again, later each time.
    func reconcile(_ key: Key) async throws -> ReconcileResult
}

public enum ReconcileResult: Sendable, Hashable {
    /// Nothing to do until something changes.
    case done
    /// Look again after this long: a deadline or a pause within the object's own rules.
    case again(after: Duration)
}
