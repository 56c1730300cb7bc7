internal import EdgeJSON

extension ResourceStrategy {
    static let createPod: Create = { object in
        var pod = Pod(object)
        var status = PodStatus()
        status.phase = "Pending"
        status.qosClass = pod.spec.qosClass
        if !pod.spec.schedulingGates.isEmpty {
            status.conditions = [
                Condition(
                    type: "PodScheduled", status: .false, reason: "SchedulingGated",
                    message: "Scheduling is blocked due to non-empty scheduling gates")
            ]
        }
        mergeLabelKeys(&pod)
        pod.status = status
        object = pod.object
    }

    /// `matchLabelKeys` and `mismatchLabelKeys` stand for the values that this very pod has for them: they
    /// are written into the label selectors once, when the pod is made.
    private static func mergeLabelKeys(_ pod: inout Pod) {
        let labels = pod.labels
        guard let spec = pod.object["spec"] else { return }
        var changed = spec
        changed.updateEach("topologySpreadConstraints") { mergeLabelKeys(&$0, labels) }
        changed.update("affinity") { affinity in
            for kind in ["podAffinity", "podAntiAffinity"] {
                affinity.update(kind) { terms in
                    terms.updateEach("requiredDuringSchedulingIgnoredDuringExecution") {
                        mergeLabelKeys(&$0, labels)
                    }
                    terms.updateEach("preferredDuringSchedulingIgnoredDuringExecution") { term in
                        term.update("podAffinityTerm") { mergeLabelKeys(&$0, labels) }
                    }
                }
            }
        }
        pod.object["spec"] = changed
    }

    private static func mergeLabelKeys(_ term: inout JSONValue, _ labels: [String: String]) {
        var added: [JSONValue] = []
        for (list, name) in [("matchLabelKeys", "In"), ("mismatchLabelKeys", "NotIn")] {
            for key in term[list].strings {
                guard let value = labels[key] else { continue }
                added.append(
                    ["key": .string(key), "operator": .string(name), "values": .array([.string(value)])])
            }
        }
        guard !added.isEmpty else { return }
        term.update("labelSelector") { selector in
            selector["matchExpressions"] = .array((selector["matchExpressions"]?.array ?? []) + added)
        }
    }
}
