/// Who wants to know of changes of one resource. Grouped by namespace, so that a change wakes nobody who does
/// not want it; a group also remembers the newest of its changes that the history has dropped, since a quiet
/// namespace's watcher must not expire because of other namespaces' noise.
struct SubscriberTable: Sendable {
    typealias Callbacks = [UInt64: @Sendable () -> Void]

    private struct Group: Sendable {
        var callbacks: Callbacks = [:]
        var dropped: UInt64
    }

    private var everything = Callbacks()
    private var namespaces: [String: Group] = [:]

    var isEmpty: Bool { everything.isEmpty && namespaces.isEmpty }

    var count: Int { namespaces.values.reduce(everything.count) { $0 + $1.callbacks.count } }

    mutating func add(
        _ id: UInt64, namespace: String?, historyStart: UInt64, onChange: @escaping @Sendable () -> Void
    ) {
        if let namespace {
            namespaces[namespace, default: Group(dropped: historyStart)].callbacks[id] = onChange
        } else {
            everything[id] = onChange
        }
    }

    /// Returns the callback, to be released outside of the lock: it may hold the last reference to others.
    mutating func remove(_ id: UInt64, namespace: String?) -> (@Sendable () -> Void)? {
        guard let namespace else { return everything.removeValue(forKey: id) }
        let callback = namespaces[namespace]?.callbacks.removeValue(forKey: id)
        if namespaces[namespace]?.callbacks.isEmpty == true { namespaces[namespace] = nil }
        return callback
    }

    /// The history has dropped a change.
    mutating func noteDropped(_ revision: UInt64, namespace: String) {
        namespaces[namespace]?.dropped = revision
    }

    /// The newest change lost to a watcher of this namespace.
    func dropped(namespace: String?, historyStart: UInt64) -> UInt64 {
        guard let namespace else { return historyStart }
        return namespaces[namespace]?.dropped ?? historyStart
    }

    /// Everyone who watches all namespaces or one of these.
    func callbacks(for changed: Set<String>) -> [Callbacks] {
        var found = everything.isEmpty ? [] : [everything]
        for namespace in changed {
            if let group = namespaces[namespace] { found.append(group.callbacks) }
        }
        return found
    }
}
