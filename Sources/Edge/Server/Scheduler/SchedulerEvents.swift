internal import EdgeAPI
internal import EdgeBase

/// Turns informer events into changes of the cache and the queue.
struct SchedulerEvents: Sendable {
    let cache: SchedulerCache
    let queue: SchedulingQueue

    func nodesChanged(_ changes: [ObjectChange]) {
        var mayFit = false
        for change in changes {
            guard change.kind != .deleted else {
                cache.removeNode(change.object.key.name)
                continue
            }
            guard let node = try? Node(decoding: change.object) else { continue }
            cache.setNode(node)
            mayFit =
                mayFit || Self.offersMore(node, than: change.previous.flatMap { try? Node(decoding: $0) })
        }
        if mayFit { queue.clusterChanged() }
    }

    /// Heartbeats come every few seconds and help nobody; only what filters look at counts.
    private static func offersMore(_ new: Node, than old: Node?) -> Bool {
        guard let old else { return true }
        return new.spec.taints != old.spec.taints || new.spec.unschedulable != old.spec.unschedulable
            || new.labels != old.labels || new.status.allocatable != old.status.allocatable
    }

    func podsChanged(_ changes: [ObjectChange]) {
        var mayFit = false
        for change in changes {
            guard let pod = try? Pod(decoding: change.object) else { continue }
            if change.kind == .deleted || pod.isTerminal {
                cache.removePod(uid: pod.uid)
                queue.remove(uid: pod.uid)
                mayFit = true
            } else if !pod.spec.nodeName.isEmpty {
                let wasBound =
                    change.previous.flatMap { try? Pod(decoding: $0) }?.spec.nodeName.isEmpty == false
                cache.setBound(pod)
                queue.remove(uid: pod.uid)
                // A new pod may be what another's affinity waits for.
                mayFit = mayFit || !wasBound
            } else if Self.needsNode(pod), Self.isNews(change, pod) {
                queue.add(PodInfo(pod))
            }
        }
        if mayFit { queue.clusterChanged() }
    }

    private static func needsNode(_ pod: Pod) -> Bool {
        !pod.isBeingDeleted && pod.spec.schedulingGates.isEmpty
            && (pod.spec.schedulerName.isEmpty || pod.spec.schedulerName == Scheduler.name)
    }

    /// The scheduler's own condition must not make the pod come back at once.
    private static func isNews(_ change: ObjectChange, _ pod: Pod) -> Bool {
        guard let previous = change.previous.flatMap({ try? Pod(decoding: $0) }) else { return true }
        return previous.spec != pod.spec || previous.labels != pod.labels
    }
}
