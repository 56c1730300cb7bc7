internal import EdgeAPI
internal import EdgeBase
internal import EdgeClient
internal import EdgeJSON

/// Deletes what lost its owners, and orders foreground and orphaning deletions. It watches every stored
/// resource; within the server that costs a dictionary entry per object.
public struct GarbageCollector: RunnableController {
    static let controllerName = "generic-garbage-collector"
    /// These have no owners worth following and change all the time.
    private static let ignored: Set<String> = ["events"]

    public let name = Self.controllerName
    private let controller: Controller<GarbageReconciler>
    private let kinds: CustomKinds
    private let set: InformerSet

    public init(_ context: ControllerContext) {
        var informers: [String: Informer] = [:]
        for resource in Schema.shared.resources
        where resource.isStored && resource.version == resource.storageVersion
            && resource.group == resource.storageGroup && !Self.ignored.contains(resource.storageName)
        {
            informers[resource.storageName] = context.informers.informer(resource.storageName)
        }
        kinds = CustomKinds(context)
        set = context.informers
        let reconciler = GarbageReconciler(
            client: context.client(name), informers: InformerTable(informers), kinds: kinds)
        controller = Controller(reconciler, queue: context.queue(), workers: 4)
    }

    public func run() async {
        let queue = controller.queue
        let reconciler = controller.reconciler
        for informer in reconciler.informers.all { Self.follow(informer, queue, reconciler) }
        kinds.addHandler { [set] added, removed in
            for kind in added {
                let informer = set.informer(kind.storageName)
                reconciler.informers.add(informer)
                Self.follow(informer, queue, reconciler)
            }
            for kind in removed {
                reconciler.informers.remove(kind.storageName)
                set.remove(WatchScope(kind.storageName))
            }
        }
        await controller.run()
    }

    private static func follow(
        _ informer: Informer, _ queue: WorkQueue<ObjectKey>, _ reconciler: GarbageReconciler
    ) {
        informer.addHandler { changes in
            for change in changes { enqueue(change, queue, reconciler) }
        }
    }

    private static func enqueue(
        _ change: ObjectChange, _ queue: WorkQueue<ObjectKey>, _ reconciler: GarbageReconciler
    ) {
        guard concerns(change), let object = try? APIObject(decoding: change.object) else { return }
        if change.kind == .deleted {
            for dependent in reconciler.dependents(of: object.uid) { queue.add(dependent.key) }
            // An owner may be waiting for just this one.
            for key in reconciler.waitingOwners(of: object) { queue.add(key) }
            return
        }
        if object.isBeingDeleted {
            if object.finalizers.contains(where: GarbageReconciler.isOwn) { queue.add(change.object.key) }
            return
        }
        queue.add(change.object.key)
    }

    /// Whether a change may mean work, by a look at the encoded objects: most changes are of objects that have no
    /// owners, or the same ones as before, and stay.
    static func concerns(_ change: ObjectChange) -> Bool {
        if change.kind == .deleted { return true }
        let new = EncodedValue(change.object.bytes)
        if new[deletionPath] != nil { return true }
        guard let owners = new[ControllerIndexes.ownersPath] else { return false }
        guard let previous = change.previous else { return true }
        return EncodedValue(previous.bytes)[ControllerIndexes.ownersPath]?.text != owners.text
    }

    private static let deletionPath = EncodedPath("metadata", "deletionTimestamp")
}
