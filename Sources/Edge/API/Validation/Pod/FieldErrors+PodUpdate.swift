internal import EdgeJSON

extension FieldErrors {
    private static let changeableFields = [
        "`spec.containers[*].image`", "`spec.initContainers[*].image`", "`spec.activeDeadlineSeconds`",
        "`spec.tolerations` (only additions to existing tolerations)",
        "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)",
    ]

    /// Little of a pod may change: what may is taken from the old one, and the rest must be the same.
    mutating func checkPodUpdate(_ pod: Pod, old: Pod) {
        let path = FieldPath.spec
        for key in ["containers", "initContainers"] {
            let count = (pod.spec.json[key]?.array ?? []).count
            if count != (old.spec.json[key]?.array ?? []).count {
                forbidden(path[key], "pod updates may not add or remove containers")
                return
            }
        }
        guard checkDeadline(pod.spec, old.spec, path["activeDeadlineSeconds"]) else { return }
        checkOnlyAddedTolerations(pod.spec, old.spec, path["tolerations"])
        checkOnlyDeletedGates(pod.spec, old.spec, path["schedulingGates"])
        var spec = pod.spec
        takeChangeable(&spec, old.spec)
        if !old.spec.schedulingGates.isEmpty { takeGated(&spec, old.spec, path) }
        if spec != old.spec {
            let changed = Self.differences(spec.json, old.spec.json, at: "spec")
            forbidden(
                path,
                "pod updates may not change fields other than "
                    + Self.changeableFields.joined(separator: ",") + "\n" + changed.joined(separator: ", "))
        }
    }

    private mutating func checkDeadline(_ new: PodSpec, _ old: PodSpec, _ path: FieldPath) -> Bool {
        switch (new.activeDeadlineSeconds, old.activeDeadlineSeconds) {
        case (let seconds?, let former):
            range(path, seconds, 0...Int(Int32.max))
            if !(0...Int(Int32.max)).contains(seconds) { return false }
            if let former, former < seconds {
                invalid(path, seconds, "must be less than or equal to previous value")
                return false
            }
        case (nil, _?):
            invalid(path, .null, "must not update from a positive integer to nil value")
        case (nil, nil): break
        }
        return true
    }

    private mutating func checkOnlyAddedTolerations(_ new: PodSpec, _ old: PodSpec, _ path: FieldPath) {
        for former in old.tolerations {
            let isKept = new.tolerations.contains { toleration in
                var former = former
                former.tolerationSeconds = toleration.tolerationSeconds
                return former == toleration
            }
            if !isKept {
                forbidden(path, "existing toleration can not be modified except its tolerationSeconds")
                return
            }
        }
    }

    private mutating func checkOnlyDeletedGates(_ new: PodSpec, _ old: PodSpec, _ path: FieldPath) {
        let former = Set(old.schedulingGates.map(\.name))
        for (index, gate) in new.schedulingGates.enumerated() where !former.contains(gate.name) {
            forbidden(
                path[index]["name"],
                "only deletion is allowed, but found new scheduling gate '\(gate.name)'")
        }
    }

    private func takeChangeable(_ spec: inout PodSpec, _ old: PodSpec) {
        spec.containers = zip(spec.containers, old.containers).map(Self.withImage)
        spec.initContainers = zip(spec.initContainers, old.initContainers).map(Self.withImage)
        spec.json["activeDeadlineSeconds"] = old.json["activeDeadlineSeconds"]
        spec.json["tolerations"] = old.json["tolerations"]
        spec.json["schedulingGates"] = old.json["schedulingGates"]
        if let former = old.json["terminationGracePeriodSeconds"].number, former < 0,
            spec.json["terminationGracePeriodSeconds"].number == 1
        {
            spec.json["terminationGracePeriodSeconds"] = old.json["terminationGracePeriodSeconds"]
        }
    }

    private static func withImage(_ container: Container, _ old: Container) -> Container {
        var container = container
        container.image = old.image
        return container
    }

    /// A pod that is still held back from scheduling may be sent to fewer nodes.
    private mutating func takeGated(_ spec: inout PodSpec, _ old: PodSpec, _ path: FieldPath) {
        for (key, value) in old.nodeSelector where spec.nodeSelector[key] != value {
            invalid(
                path["nodeSelector"], spec.json["nodeSelector"] ?? .null,
                "only additions to spec.nodeSelector are allowed (no mutations or deletions)")
            break
        }
        spec.json["nodeSelector"] = old.json["nodeSelector"]
        if let affinity = old.json["affinity"]?["nodeAffinity"] {
            spec.json[path: "affinity", "nodeAffinity"] = affinity
        } else if spec.json["affinity"] != nil {
            spec.json[path: "affinity", "nodeAffinity"] = nil
            if old.json["affinity"] == nil, spec.json["affinity"] == .object(JSONObject()) {
                spec.json["affinity"] = nil
            }
        }
    }

    /// The paths at which two values differ.
    static func differences(_ new: JSONValue, _ old: JSONValue, at path: String) -> [String] {
        switch (new, old) {
        case _ where new == old: return []
        case (.object(let left), .object(let right)):
            let keys = Set(left.keys).union(right.keys).sorted()
            return keys.flatMap { key in
                differences(left[key] ?? .null, right[key] ?? .null, at: "\(path).\(key)")
            }
        case (.array(let left), .array(let right)) where left.count == right.count:
            return zip(left, right).enumerated().flatMap { index, pair in
                differences(pair.0, pair.1, at: "\(path)[\(index)]")
            }
        default: return [path]
        }
    }
}
