internal import EdgeJSON

extension ObjectValidator {
    static let statefulSet: Rule = { object, old, errors in
        let path = FieldPath.spec
        let spec = object["spec"] ?? .null
        let management = spec["podManagementPolicy"].text
        if management.isEmpty {
            errors.required(path["podManagementPolicy"])
        } else if management != "OrderedReady", management != "Parallel" {
            errors.invalid(
                path["podManagementPolicy"], management, "must be 'OrderedReady' or 'Parallel'")
        }
        errors.checkStatefulStrategy(spec["updateStrategy"] ?? .null, path["updateStrategy"])
        errors.checkRetention(spec, path)
        errors.nonNegative(path["replicas"], spec["replicas"].number)
        errors.nonNegative(path["minReadySeconds"], spec["minReadySeconds"].number)
        errors.nonNegative(path["ordinals"]["start"], spec["ordinals"]?["start"].number)
        errors.checkWorkloadSelector(
            spec["selector"], template: spec["template"], kind: "statefulset", path)
        errors.checkStatefulTemplate(spec["template"] ?? .null, path["template"])
        if let old {
            errors.checkStatefulUpdate(spec, old["spec"] ?? .null)
        } else if spec["serviceName"].text != "" {
            errors.invalid(
                path["serviceName"], spec["serviceName"].text, Names.subdomain(spec["serviceName"].text))
        }
    }
}

extension FieldErrors {
    mutating func checkStatefulStrategy(_ strategy: JSONValue, _ path: FieldPath) {
        let rolling = strategy["rollingUpdate"]
        switch strategy["type"].text {
        case "": required(path)
        case "OnDelete":
            if let rolling {
                invalid(
                    path["rollingUpdate"], rolling, "only allowed for updateStrategy 'RollingUpdate'")
            }
        case "RollingUpdate":
            nonNegative(path["rollingUpdate"]["partition"], rolling?["partition"].number)
            if let unavailable = rolling?["maxUnavailable"].intOrString {
                let path = path["rollingUpdate"]["maxUnavailable"]
                checkCountOrPercent(path, unavailable)
                if unavailable.isNothing { invalid(path, unavailable.value, "cannot be 0") }
                notMoreThanAll(path, unavailable)
            }
        default: invalid(path, strategy, "must be 'RollingUpdate' or 'OnDelete'")
        }
    }

    mutating func checkRetention(_ spec: JSONValue, _ path: FieldPath) {
        let key = "persistentVolumeClaimRetentionPolicy"
        guard let policy = spec[key] else { return }
        for event in ["whenDeleted", "whenScaled"] {
            oneOf(path[key][event], policy[event].text, ["Delete", "Retain"])
        }
    }

    /// As in Kubernetes, a StatefulSet's pods are checked when they are made, since their volumes come from
    /// the claim templates.
    mutating func checkStatefulTemplate(_ template: JSONValue, _ path: FieldPath) {
        let view = PodTemplateSpec(template)
        checkLabels(view.metadata.labels, path["labels"])
        checkAnnotations(view.metadata.annotations, path["annotations"])
        let policy = view.spec.json["restartPolicy"].text
        if policy != "Always" { notSupported(path["spec"]["restartPolicy"], policy, ["Always"]) }
        if let deadline = view.spec.activeDeadlineSeconds {
            invalid(path["spec"]["activeDeadlineSeconds"], deadline, "must not be specified")
        }
    }

    mutating func checkStatefulUpdate(_ new: JSONValue, _ old: JSONValue) {
        var rest = new
        var former = old
        let changeable = [
            "replicas", "ordinals", "template", "updateStrategy", "revisionHistoryLimit",
            "persistentVolumeClaimRetentionPolicy", "minReadySeconds",
        ]
        for key in changeable {
            rest[key] = nil
            former[key] = nil
        }
        if rest != former {
            forbidden(
                .spec,
                "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', "
                    + "'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' "
                    + "and 'minReadySeconds' are forbidden")
        }
    }
}
