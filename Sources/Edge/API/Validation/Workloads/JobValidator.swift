internal import EdgeJSON

extension ObjectValidator {
    static let job: Rule = { object, old, errors in
        let path = FieldPath.spec
        let spec = object["spec"] ?? .null
        errors.checkJobSpec(spec, path)
        if let selector = spec["selector"] {
            errors.checkLabelSelector(selector, path["selector"])
            let labels = spec[path: "template", "metadata", "labels"]
            if let parsed = try? LabelSelector(object: selector), !parsed.matches(labels.stringMap) {
                errors.invalid(
                    path["template"]["metadata"]["labels"], labels ?? .object(JSONObject()),
                    "`selector` does not match template `labels`")
            }
        } else {
            errors.required(path["selector"])
        }
        if let old {
            errors.checkJobUpdate(Job(object), old: Job(old))
        } else {
            errors.checkGeneratedSelector(object)
            if spec["completionMode"].text == "Indexed", let completions = spec["completions"].number {
                errors.checkIndexedName(object.name, completions)
            }
        }
    }
}

extension FieldErrors {
    mutating func checkJobSpec(_ spec: JSONValue, _ path: FieldPath) {
        let numbers = [
            "parallelism", "completions", "activeDeadlineSeconds", "backoffLimit", "ttlSecondsAfterFinished",
            "backoffLimitPerIndex", "maxFailedIndexes",
        ]
        for key in numbers { nonNegative(path[key], spec[key].number) }
        checkIndexed(spec, path)
        if let manager = spec["managedBy"].optionalText {
            invalid(path["managedBy"], manager, Names.labelKey(manager))
            if !manager.contains("/") {
                invalid(
                    path["managedBy"], manager, "must be a domain-prefixed path (such as \"acme.io/foo\")")
            }
        }
        checkFailurePolicy(spec, path["podFailurePolicy"])
        optionalOneOf(
            path["podReplacementPolicy"], spec["podReplacementPolicy"].optionalText,
            spec.lacks("podFailurePolicy") ? ["Failed", "TerminatingOrFailed"] : ["Failed"])
        checkPodTemplate(spec["template"], path["template"])
        let policyPath = path["template"]["spec"]["restartPolicy"]
        let policy = spec[path: "template", "spec", "restartPolicy"].text
        switch policy {
        case "", "Always": required(policyPath, "valid values: \"OnFailure\", \"Never\"")
        case "OnFailure":
            if spec["podFailurePolicy"] != nil {
                invalid(policyPath, policy, "only \"Never\" is supported when podFailurePolicy is specified")
            }
            if spec["backoffLimitPerIndex"] != nil {
                invalid(
                    policyPath, policy, "only \"Never\" is supported when backoffLimitPerIndex is specified")
            }
        default: break
        }
    }

    private mutating func checkIndexed(_ spec: JSONValue, _ path: FieldPath) {
        let mode = spec["completionMode"].text
        optionalOneOf(path["completionMode"], mode.isEmpty ? nil : mode, ["Indexed", "NonIndexed"])
        if mode == "Indexed" {
            if spec.lacks("completions") {
                required(path["completions"], "when completion mode is Indexed")
            }
            if let parallelism = spec["parallelism"].number, parallelism > 100_000 {
                invalid(
                    path["parallelism"], parallelism,
                    "must be less than or equal to 100000 when completion mode is Indexed")
            }
        } else {
            for key in ["backoffLimitPerIndex", "maxFailedIndexes"] {
                if let number = spec[key].number {
                    invalid(path[key], number, "requires indexed completion mode")
                }
            }
        }
        if spec["maxFailedIndexes"] != nil, spec.lacks("backoffLimitPerIndex") {
            required(path["backoffLimitPerIndex"], "when maxFailedIndexes is specified")
        }
    }

    private mutating func checkFailurePolicy(_ spec: JSONValue, _ path: FieldPath) {
        guard let policy = spec["podFailurePolicy"].map(PodFailurePolicy.init) else { return }
        if policy.rules.count > 20 { tooMany(path["rules"], policy.rules.count, maximum: 20) }
        for (index, rule) in policy.rules.enumerated() {
            let path = path["rules"][index]
            oneOf(path["action"], rule.action, ["Count", "FailIndex", "FailJob", "Ignore"])
            if rule.action == "FailIndex", spec.lacks("backoffLimitPerIndex") {
                invalid(path["action"], rule.action, "requires the backoffLimitPerIndex to be set")
            }
            let conditions = rule.onPodConditions
            if let codes = rule.onExitCodes {
                oneOf(path["onExitCodes"]["operator"], codes.operator, ["In", "NotIn"])
                if !conditions.isEmpty {
                    invalid(
                        path, .object(JSONObject()),
                        "specifying both OnExitCodes and OnPodConditions is not supported")
                }
            } else if conditions.isEmpty {
                invalid(
                    path, .object(JSONObject()),
                    "specifying one of OnExitCodes and OnPodConditions is required")
            }
            for (place, condition) in conditions.enumerated() {
                let path = path["onPodConditions"][place]
                invalid(path["type"], condition.type, Names.labelKey(condition.type))
                oneOf(path["status"], condition.json["status"].text, ["False", "True", "Unknown"])
            }
        }
    }

    /// A generated selector belongs to this very Job.
    mutating func checkGeneratedSelector(_ object: APIObject) {
        guard !object[path: "spec", "manualSelector"].flag, object[path: "spec", "selector"] != nil else {
            return
        }
        let labels = object[path: "spec", "template", "metadata", "labels"].stringMap
        let path = FieldPath.spec["template"]["metadata"]["labels"]
        let expected = [
            ("batch.kubernetes.io/controller-uid", object.uid), ("batch.kubernetes.io/job-name", object.name),
        ]
        for (key, value) in expected where labels[key] != value {
            if let found = labels[key] {
                invalid(path[key: key], found, "must be '\(value)'")
            } else {
                required(path[key: key], "must be '\(value)'")
            }
        }
        let selector = object[path: "spec", "selector"]
        if let parsed = try? LabelSelector(object: selector),
            !parsed.matches(["batch.kubernetes.io/controller-uid": object.uid, "controller-uid": object.uid])
        {
            invalid(.spec["selector"], selector ?? .null, "`selector` not auto-generated")
        }
    }

    /// The pods' hostnames are made of the Job's name and the index.
    mutating func checkIndexedName(_ name: String, _ completions: Int) {
        guard completions > 0 else { return }
        let hostname = "\(name)-\(completions - 1)"
        for message in Names.label(hostname) {
            invalid(
                .metadata["name"], name,
                "will not able to create pod with invalid DNS label: \(hostname): \(message)")
        }
    }

    mutating func checkJobUpdate(_ job: Job, old: Job) {
        let path = FieldPath.spec
        let new = job.spec.json
        let former = old.spec.json
        let isElastic = job.spec.completionMode == "Indexed" && job.spec.completions != nil
        if new["completions"] != former["completions"] {
            if !isElastic {
                immutable(path["completions"], new["completions"], former["completions"])
            } else if job.spec.completions != job.spec.parallelism {
                invalid(
                    path["completions"], job.spec.completions ?? 0,
                    "can only be modified in tandem with spec.parallelism")
            }
        }
        for key in ["selector", "completionMode", "podFailurePolicy", "backoffLimitPerIndex", "managedBy"] {
            immutable(path[key], new[key], former[key])
        }
        var template = new["template"] ?? .null
        if old.spec.suspend, old.status.startTime == nil {
            // What steers scheduling may be set until the Job is let go for the first time.
            for key in ["labels", "annotations"] {
                template[path: "metadata", key] = former[path: "template", "metadata", key]
            }
            for key in ["nodeSelector", "tolerations", "schedulingGates"] {
                template[path: "spec", key] = former[path: "template", "spec", key]
            }
            template[path: "spec", "affinity", "nodeAffinity"] =
                former[path: "template", "spec", "affinity", "nodeAffinity"]
        }
        if template != former["template"] {
            invalid(path["template"], new["template"] ?? .null, "field is immutable")
        }
    }
}
