internal import EdgeJSON

extension ObjectValidator {
    static let deployment: Rule = { object, old, errors in
        let path = FieldPath.spec
        let spec = object["spec"] ?? .null
        errors.nonNegative(path["replicas"], spec["replicas"].number)
        errors.checkWorkloadSelector(
            spec["selector"], template: spec["template"], kind: "deployment", path)
        errors.checkLongRunningTemplate(spec["template"], owner: "ReplicaSet", path["template"])
        errors.checkDeploymentStrategy(spec["strategy"] ?? .null, path["strategy"])
        for key in ["minReadySeconds", "revisionHistoryLimit", "progressDeadlineSeconds"] {
            errors.nonNegative(path[key], spec[key].number)
        }
        if let deadline = spec["progressDeadlineSeconds"].number,
            deadline <= spec["minReadySeconds"].number ?? 0
        {
            errors.invalid(
                path["progressDeadlineSeconds"], deadline, "must be greater than minReadySeconds")
        }
        if let old {
            errors.immutable(path["selector"], spec["selector"], old[path: "spec", "selector"])
        }
    }

    static let replicaSet: Rule = { object, old, errors in
        let path = FieldPath.spec
        let spec = object["spec"] ?? .null
        errors.nonNegative(path["replicas"], spec["replicas"].number)
        errors.nonNegative(path["minReadySeconds"], spec["minReadySeconds"].number)
        errors.checkWorkloadSelector(
            spec["selector"], template: spec["template"], kind: "deployment", path)
        errors.checkLongRunningTemplate(spec["template"], owner: "ReplicaSet", path["template"])
        if let old {
            errors.immutable(path["selector"], spec["selector"], old[path: "spec", "selector"])
        }
    }

    static let replicationController: Rule = { object, _, errors in
        let path = FieldPath.spec
        let spec = object["spec"] ?? .null
        errors.nonNegative(path["minReadySeconds"], spec["minReadySeconds"].number)
        errors.nonNegative(path["replicas"], spec["replicas"].number)
        let selector = spec["selector"].stringMap
        if selector.isEmpty { errors.required(path["selector"]) }
        let labels = spec[path: "template", "metadata", "labels"]
        if !selector.isEmpty, !LabelSelector(labels: selector).matches(labels.stringMap) {
            errors.invalid(
                path["template"]["metadata"]["labels"], labels ?? .object(JSONObject()),
                "`selector` does not match template `labels`")
        }
        errors.checkLongRunningTemplate(
            spec["template"], owner: "ReplicationController", path["template"])
    }
}

extension FieldErrors {
    /// The template of pods that are to run for ever.
    mutating func checkLongRunningTemplate(_ template: JSONValue?, owner: String, _ path: FieldPath) {
        checkPodTemplate(template, path)
        guard let template else { return }
        let spec = PodTemplateSpec(template).spec
        let policy = spec.json["restartPolicy"].text
        if policy != "Always", !policy.isEmpty {
            notSupported(path["spec"]["restartPolicy"], policy, ["Always"])
        }
        if spec.activeDeadlineSeconds != nil {
            forbidden(
                path["spec"]["activeDeadlineSeconds"],
                "activeDeadlineSeconds in \(owner) is not Supported")
        }
    }

    mutating func checkDeploymentStrategy(_ strategy: JSONValue, _ path: FieldPath) {
        let rolling = strategy["rollingUpdate"]
        switch strategy["type"].text {
        case "Recreate":
            if rolling != nil {
                forbidden(
                    path["rollingUpdate"], "may not be specified when strategy `type` is 'Recreate'")
            }
        case "RollingUpdate":
            guard let rolling else {
                return required(path["rollingUpdate"], "this should be defaulted and never be nil")
            }
            checkRolling(RollingUpdateDeployment(rolling), path["rollingUpdate"])
        case let other: notSupported(path["type"], other, ["Recreate", "RollingUpdate"])
        }
    }

    private mutating func checkRolling(_ rolling: RollingUpdateDeployment, _ path: FieldPath) {
        let unavailable = rolling.maxUnavailable ?? .int(0)
        let surge = rolling.maxSurge ?? .int(0)
        checkCountOrPercent(path["maxUnavailable"], unavailable)
        checkCountOrPercent(path["maxSurge"], surge)
        if unavailable.isNothing, surge.isNothing {
            invalid(path["maxUnavailable"], unavailable.value, "may not be 0 when `maxSurge` is 0")
        }
        notMoreThanAll(path["maxUnavailable"], unavailable)
    }
}

extension IntOrString {
    var isNothing: Bool { self == .int(0) || percent == 0 }
}
