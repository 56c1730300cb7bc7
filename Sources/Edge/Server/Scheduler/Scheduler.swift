internal import EdgeAPI
public import EdgeBase
public import EdgeClient
internal import EdgeJSON
internal import Logging

/// Gives every pod a node. One cycle at a time decides; the binding itself is written while the next cycle
/// already runs, on the assumption that it succeeds.
public struct Scheduler: Sendable {
    /// The `schedulerName` of the pods that it serves.
    public static let name = "default-scheduler"

    private let client: any APIClient
    private let pods: Informer
    private let nodes: Informer
    private let recorder: EventRecorder
    private let clock: any WallClock
    private let cache = SchedulerCache()
    private let queue: SchedulingQueue
    private let framework = SchedulingFramework()
    private let logger = Logger(label: "edge.scheduler")
    /// Bindings under way at a time.
    private static let maximumBindings = 16

    public init(
        client: any APIClient, informers: InformerSet, timers: TimerQueue,
        clock: any WallClock = SystemWallClock()
    ) {
        self.client = client
        self.clock = clock
        pods = informers.informer("pods")
        nodes = informers.informer("nodes")
        recorder = EventRecorder(client: client, component: Self.name, clock: clock)
        queue = SchedulingQueue(timers: timers)
    }

    /// Schedules until the task is cancelled.
    public func run() async {
        let events = SchedulerEvents(cache: cache, queue: queue)
        nodes.addHandler { events.nodesChanged($0) }
        pods.addHandler { events.podsChanged($0) }
        guard (try? await nodes.waitUntilSynced()) != nil, (try? await pods.waitUntilSynced()) != nil else {
            return
        }
        await withTaskCancellationHandler {
            await withTaskGroup { group in
                group.addTask { await recorder.run() }
                await schedule(in: &group)
                group.cancelAll()
            }
        } onCancel: {
            queue.shutDown()
        }
    }

    private func schedule(in group: inout TaskGroup<Void>) async {
        var running = 1
        while let (pod, generation) = await queue.next() {
            guard isStillWaiting(pod) else {
                queue.remove(uid: pod.uid)
                continue
            }
            let decision = framework.decide(pod.info, cache.snapshot()) { Int.random(in: 0..<$0) }
            if case .node(let node) = decision { cache.assume(pod.info, on: node) }
            if running > Self.maximumBindings {
                await group.next()
                running -= 1
            }
            group.addTask { await carryOut(decision, for: pod, since: generation) }
            running += 1
        }
    }

    private func carryOut(
        _ decision: SchedulingFramework.Decision, for pod: QueuedPod, since generation: UInt64
    ) async {
        switch decision {
        case .node(let node): await bind(pod, to: node)
        case .unschedulable(let diagnosis):
            queue.reject(pod, since: generation)
            await report(diagnosis, for: pod)
        }
    }

    /// The informer's present version decides: the pod may be gone or bound by now.
    private func isStillWaiting(_ pod: QueuedPod) -> Bool {
        guard let stored = pods.get(pod.info.pod.key), let present = try? Pod(decoding: stored) else {
            return false
        }
        return present.uid == pod.uid && present.spec.nodeName.isEmpty && !present.isBeingDeleted
    }

    private func bind(_ pod: QueuedPod, to node: String) async {
        let target = pod.info.pod
        var binding = APIObject(
            apiVersion: "v1", kind: "Binding", namespace: target.namespace, name: target.name)
        binding["target"] = ["apiVersion": "v1", "kind": "Node", "name": .string(node)]
        do {
            _ = try await client.post(target.key, subresource: "binding", binding)
            queue.remove(uid: pod.uid)
            recorder.record(
                .normal, "Scheduled",
                "Successfully assigned \(target.namespace)/\(target.name) to \(node)", about: target.object)
        } catch let status as APIStatus where status.reason == .notFound {
            cache.forget(uid: pod.uid)
            queue.remove(uid: pod.uid)
        } catch {
            cache.forget(uid: pod.uid)
            queue.retry(pod)
            logger.debug(
                "binding failed", metadata: ["pod": "\(target.key)", "node": "\(node)", "error": "\(error)"])
        }
    }

    /// Tells the user why the pod waits: an Event, and the PodScheduled condition when it changes.
    private func report(_ diagnosis: Diagnosis, for pod: QueuedPod) async {
        let target = pod.info.pod
        recorder.record(.warning, "FailedScheduling", diagnosis.message, about: target.object)
        var status = target.status
        let changed = status.setCondition(
            "PodScheduled", .false, reason: "Unschedulable", message: diagnosis.message, now: clock.now)
        guard changed else { return }
        var updated = target
        updated.status = status
        updated.object[path: "metadata", "resourceVersion"] = nil
        let patch: JSONValue = ["status": ["conditions": updated.object[path: "status", "conditions"] ?? []]]
        _ = try? await client.patch(target.key, Patch(.strategicMerge, patch), subresource: "status")
    }
}
