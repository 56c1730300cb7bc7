internal import EdgeJSON

extension ObjectValidator {
    static let daemonSet: Rule = { object, old, errors in
        let path = FieldPath.spec
        let spec = object["spec"] ?? .null
        errors.checkWorkloadSelector(
            spec["selector"], template: spec["template"], kind: "daemonset", path)
        errors.checkPodTemplate(spec["template"], path["template"])
        let pod = PodTemplateSpec(spec["template"] ?? .null).spec
        let policy = pod.json["restartPolicy"].text
        if policy != "Always", !policy.isEmpty {
            errors.notSupported(path["template"]["spec"]["restartPolicy"], policy, ["Always"])
        }
        if let deadline = pod.activeDeadlineSeconds {
            errors.invalid(
                path["template"]["spec"]["activeDeadlineSeconds"], deadline, "must not be specified")
        }
        errors.nonNegative(path["minReadySeconds"], spec["minReadySeconds"].number)
        errors.nonNegative(path["revisionHistoryLimit"], spec["revisionHistoryLimit"].number)
        errors.checkDaemonStrategy(spec["updateStrategy"] ?? .null, path["updateStrategy"])
        if let old {
            errors.immutable(path["selector"], spec["selector"], old[path: "spec", "selector"])
        }
    }

    static let controllerRevision: Rule = { object, old, errors in
        if object.json["data"] ?? .null == .null { errors.required(FieldPath("data"), "data is mandatory") }
        errors.nonNegative(FieldPath("revision"), object["revision"].number)
        if let old { errors.immutable(FieldPath("data"), object["data"], old["data"]) }
    }
}

extension FieldErrors {
    mutating func checkDaemonStrategy(_ strategy: JSONValue, _ path: FieldPath) {
        switch strategy["type"].text {
        case "OnDelete": break
        case "RollingUpdate":
            guard let rolling = strategy["rollingUpdate"] else { return required(path["rollingUpdate"]) }
            let path = path["rollingUpdate"]
            let view = RollingUpdateDeployment(rolling)
            let unavailable = view.maxUnavailable ?? .int(0)
            let surge = view.maxSurge ?? .int(0)
            checkCountOrPercent(path["maxUnavailable"], unavailable)
            checkCountOrPercent(path["maxSurge"], surge)
            if !unavailable.isNothing, !surge.isNothing {
                invalid(
                    path["maxSurge"], surge.value, "may not be set when maxUnavailable is non-zero")
            }
            if unavailable.isNothing, surge.isNothing {
                required(path["maxUnavailable"], "cannot be 0 when maxSurge is 0")
            }
            notMoreThanAll(path["maxUnavailable"], unavailable)
            notMoreThanAll(path["maxSurge"], surge)
        case let other: notSupported(path["type"], other, ["RollingUpdate", "OnDelete"])
        }
    }
}
