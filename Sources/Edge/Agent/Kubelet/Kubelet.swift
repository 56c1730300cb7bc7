internal import EdgeAPI
public import EdgeBase
public import EdgeClient
internal import EdgeRuntime
internal import EdgeSystem
internal import Logging
internal import Synchronization

/// The node agent: registers the node, runs the pods that are bound to it, and says how they are.
///
/// The informers of the set that it is given are asked for in `init`; the owner of the set runs them. The runtime
/// must have taken over what an earlier edge has left before `run` is called.
public final class Kubelet: Sendable {
    private struct Entry {
        var worker: PodWorker
        var task: Task<Void, Never>
    }

    let configuration: KubeletConfiguration
    let dependencies: KubeletDependencies
    let context: PodContext
    private let recorder: EventRecorder
    private let nodes: Informer
    private let relay = ProbeRelay()
    private let onPodCIDR: @Sendable (CIDR) async -> Void
    private let workers = Mutex<[String: Entry]>([:])
    /// Pods end because the node does: none is started any more. Guarded by `workers`.
    private let isStopping = Mutex(false)

    /// - Parameter onPodCIDR: called once, when the node has its share of the cluster CIDR: sets up the pod network.
    public init(
        _ configuration: KubeletConfiguration, _ dependencies: KubeletDependencies,
        onPodCIDR: @escaping @Sendable (CIDR) async -> Void = { _ in }
    ) {
        self.configuration = configuration
        self.dependencies = dependencies
        self.onPodCIDR = onPodCIDR
        recorder = EventRecorder(
            client: dependencies.client, component: "kubelet", host: configuration.nodeName,
            clock: dependencies.clock)
        nodes = dependencies.informers.informer(Node.resource)
        let relay = relay
        context = PodContext(
            configuration, dependencies,
            pods: dependencies.informers.informer(Self.podScope(configuration.nodeName)),
            services: dependencies.informers.informer("services"), recorder: recorder,
            node: NodeFacts.read(configuration, storage: nil),
            listener: ProbeManager.Listener { relay.pass($0, $1, $2, $3) })
        relay.set { [weak self] in self?.probed($0, $1, $2, $3) }
    }

    /// The pods of one node, as the kubelet watches them.
    public static func podScope(_ nodeName: String) -> WatchScope {
        WatchScope("pods", fieldSelector: "spec.nodeName=\(nodeName)")
    }

    /// Works until the task is cancelled; pods run on.
    public func run() async {
        let events = dependencies.runtime.eventStream()
        if let storage = try? await dependencies.images.storageUsage() {
            context.node.ephemeralStorage = storage.capacity
        }
        await prepareMemory()
        let reporter = NodeReporter(
            configuration, dependencies, facts: context.node, nodes: nodes,
            onPodCIDR: { [weak self] in await self?.connected($0) })
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.recorder.run() }
            group.addTask { await reporter.run() }
            group.addTask { for await event in events { self.heard(event) } }
            group.addTask { await self.followPods() }
            await group.waitForAll()
        }
        let left = workers.withLock { workers in
            defer { workers = [:] }
            return Array(workers.values)
        }
        for entry in left { entry.worker.mailbox.close() }
    }

    /// Ends every pod with its grace period, or `grace` seconds where that is less, for `edge stop`. The pods stay
    /// in the API and are started again with the node. From now on this kubelet starts nothing.
    public func stopAllPods(grace: Int? = nil) async {
        let entries = workers.withLock { workers in
            isStopping.withLock { $0 = true }
            return Array(workers.values)
        }
        for entry in entries { entry.worker.mailbox.stop(PodMailbox.Stop(grace: grace)) }
        for entry in entries { await entry.task.value }
    }

    /// Secrets never reach a disk: where the run directory lies on one, they get a file system of their own.
    private func prepareMemory() async {
        guard configuration.mountsMemory else { return }
        let root = PodPaths.memoryRoot(configuration)
        do {
            try await dependencies.pool.run {
                try Directory.make(root, mode: 0o700)
                let types: Set<String> = ["tmpfs", "ramfs"]
                let mounts = try MountInfo.current()
                if let mount = MountInfo.containing(root, in: mounts), types.contains(mount.type) { return }
                try Mount.mount(
                    type: "tmpfs", source: "edge", at: root, flags: [.noDevices], options: "mode=0700")
            }
        } catch {
            context.logger.warning(
                "secrets of pods may reach the disk", metadata: ["path": "\(root)", "error": "\(error)"])
        }
    }

    private func connected(_ podCIDR: CIDR) async {
        await onPodCIDR(podCIDR)
        pokeAll()
    }

    // MARK: Pods

    private func followPods() async {
        // Before the API has answered, what runs is left alone.
        guard (try? await context.pods.waitUntilSynced()) != nil else { return }
        try? await context.services.waitUntilSynced()
        context.pods.addHandler { [weak self] changes in
            for change in changes { self?.dispatch(change) }
        }
        await removeOrphans()
    }

    private func dispatch(_ change: ObjectChange) {
        guard let pod = try? Pod(decoding: change.object) else { return }
        if change.kind == .deleted { return workers.withLock { $0[pod.uid]?.worker }?.mailbox.remove() ?? () }
        // A pod of the same name took the place of another one while nobody looked.
        if let previous = change.previous.flatMap({ try? Pod(decoding: $0) }), previous.uid != pod.uid {
            workers.withLock { $0[previous.uid]?.worker }?.mailbox.remove()
        }
        let known = workers.withLock { workers -> PodWorker? in
            if let entry = workers[pod.uid] { return entry.worker }
            if isStopping.withLock({ $0 }) { return nil }
            let worker = PodWorker(pod, context)
            workers[pod.uid] = Entry(worker: worker, task: Task { await self.work(worker) })
            return nil
        }
        if let known { known.mailbox.post(pod) }
    }

    private func work(_ worker: PodWorker) async {
        worker.mailbox.poke()
        await worker.run()
        workers.withLock { workers in
            if workers[worker.uid]?.worker === worker { workers[worker.uid] = nil }
        }
    }

    func pokeAll() {
        for entry in workers.withLock({ Array($0.values) }) { entry.worker.mailbox.poke() }
    }

    private func heard(_ event: RuntimeEvent) {
        switch event {
        case .containerStarted: return
        case .overflow: pokeAll()
        case .containerExited(let sandbox, _), .sandboxLost(let sandbox):
            let uid = dependencies.runtime.listPodSandboxes().first { $0.id == sandbox }?.uid
            guard let uid else { return }
            workers.withLock { $0[uid]?.worker }?.mailbox.poke()
        }
    }

    private func probed(
        _ key: ProbeManager.Key, _ container: String, _ outcome: ProbeOutcome, _ changed: Bool
    ) {
        guard let worker = workers.withLock({ $0[key.podUID]?.worker }) else { return }
        if outcome != .success { Task { await worker.reportProbe(key.kind, container, outcome) } }
        if changed { worker.mailbox.poke() }
    }

    // MARK: Orphans

    /// Ends what runs for pods that are no longer in the API, and removes what they have left.
    private func removeOrphans() async {
        let known = Set(context.pods.list().compactMap { try? Pod(decoding: $0).uid })
        let sandboxes = dependencies.runtime.listPodSandboxes()
        let orphans = Dictionary(grouping: sandboxes.filter { !known.contains($0.uid) }, by: \.uid)
        let remover = OrphanRemover(context: context)
        await withTaskGroup(of: Void.self) { group in
            for sandboxes in orphans.values { group.addTask { await remover.remove(sandboxes) } }
        }
        let kept = Set(sandboxes.filter { known.contains($0.uid) }.map(\.id))
        let present = Set(dependencies.runtime.listPodSandboxes().map(\.id))
        try? await dependencies.network.collectGarbage(keeping: kept.union(present))
        await remover.removeFiles(keeping: known.union(dependencies.runtime.listPodSandboxes().map(\.uid)))
    }
}

/// Breaks the circle between the probes, which report, and the kubelet, which owns them.
private final class ProbeRelay: Sendable {
    typealias Action = @Sendable (ProbeManager.Key, String, ProbeOutcome, Bool) -> Void

    private let action = Mutex<Action?>(nil)

    func set(_ action: @escaping Action) { self.action.withLock { $0 = action } }

    func pass(_ key: ProbeManager.Key, _ container: String, _ outcome: ProbeOutcome, _ changed: Bool) {
        action.withLock { $0 }?(key, container, outcome, changed)
    }
}
