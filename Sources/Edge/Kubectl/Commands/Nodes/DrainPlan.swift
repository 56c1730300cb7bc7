internal import EdgeAPI
internal import EdgeBase
internal import EdgeJSON

/// Decides which pods of a node a drain removes, and what stands against it.
struct DrainPlan: Sendable {
    struct Options: Sendable {
        var isForced = false
        var ignoresDaemonSets = false
        var deletesEmptyDir = false
        var skipWaitSeconds = 0
    }

    var pods: [APIObject] = []
    /// What is only worth a warning, by its text: names of pods.
    private(set) var warnings: [String: [String]] = [:]
    /// What stands against the drain, by its text: names of pods.
    private(set) var errors: [String: [String]] = [:]

    init(_ candidates: [APIObject], options: Options, daemonSets: Set<String>, now: Timestamp) {
        for pod in candidates { add(pod, options, daemonSets, now) }
    }

    private mutating func add(
        _ pod: APIObject, _ options: Options, _ daemonSets: Set<String>, _ now: Timestamp
    ) {
        let name = "\(pod.namespace)/\(pod.name)"
        if options.skipWaitSeconds > 0, let deleted = pod.deletionTimestamp,
            now - deleted > .seconds(options.skipWaitSeconds)
        {
            return
        }
        if pod[annotation: "kubernetes.io/config.mirror"] != nil { return }
        let phase = pod[path: "status", "phase"]?.string
        let isFinished = phase == "Succeeded" || phase == "Failed"
        let owner = pod.controllerReference
        if let owner, owner.kind == "DaemonSet", !isFinished {
            if !daemonSets.contains("\(pod.namespace)/\(owner.name)") {
                guard options.isForced else {
                    errors[
                        "DaemonSet-managed Pods whose DaemonSet is gone (use --force to delete)", default: []
                    ]
                    .append(name)
                    return
                }
                return pods.append(pod)
            }
            if options.ignoresDaemonSets {
                warnings["ignoring DaemonSet-managed Pods", default: []].append(name)
            } else {
                errors[
                    "cannot delete DaemonSet-managed Pods (use --ignore-daemonsets to ignore)", default: []
                ]
                .append(name)
            }
            return
        }
        let hasLocalData = (pod[path: "spec", "volumes"]?.array ?? []).contains { $0["emptyDir"] != nil }
        if hasLocalData, !isFinished {
            guard options.deletesEmptyDir else {
                errors[
                    "cannot delete Pods with local storage (use --delete-emptydir-data to override)",
                    default: []
                ].append(name)
                return
            }
            // Of two warnings about a pod kubectl tells the second one.
            if owner != nil || !options.isForced {
                warnings["deleting Pods with local storage", default: []].append(name)
            }
        }
        if owner == nil, !isFinished {
            guard options.isForced else {
                errors["cannot delete Pods that declare no controller (use --force to override)", default: []]
                    .append(name)
                return
            }
            warnings["deleting Pods that declare no controller", default: []].append(name)
        }
        pods.append(pod)
    }

    /// One line for each text: `ignoring DaemonSet-managed Pods: kube-system/a, kube-system/b`.
    static func text(_ notes: [String: [String]]) -> String {
        notes.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value.joined(separator: ", "))" }
            .joined(separator: "; ")
    }
}
