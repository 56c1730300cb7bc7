internal import EdgeJSON

extension ObjectValidator {
    /// The two classes that Kubernetes brings along, above what users may define.
    private static let systemClasses = [
        "system-cluster-critical": 2_000_000_000, "system-node-critical": 2_000_001_000,
    ]

    static let priorityClass: Rule = { object, old, errors in
        let value = object["value"].number ?? 0
        if object.name.hasPrefix("system-") {
            if systemClasses[object.name] != value {
                errors.forbidden(
                    .metadata["name"],
                    "priority class names with 'system-' prefix are reserved for system use only. "
                        + "error: \(object.name) is not a known system priority class")
            }
        } else if value > 1_000_000_000 {
            errors.forbidden(
                FieldPath("value"), "maximum allowed value of a user defined priority is 1000000000")
        }
        errors.optionalOneOf(
            FieldPath("preemptionPolicy"), object["preemptionPolicy"].optionalText,
            ["Never", "PreemptLowerPriority"])
        guard let old else { return }
        if old["value"] != object["value"] {
            errors.forbidden(FieldPath("value"), "may not be changed in an update.")
        }
        errors.immutable(
            FieldPath("preemptionPolicy"), object["preemptionPolicy"], old["preemptionPolicy"])
    }

    static let runtimeClass: Rule = { object, old, errors in
        let handler = object["handler"].text
        errors.invalid(FieldPath("handler"), handler, Names.label(handler))
        for (name, amount) in object[path: "overhead", "podFixed"].quantities.sorted(by: { $0.key < $1.key })
        {
            let path = FieldPath("overhead")["podFixed"][key: name]
            errors.invalid(path, name, Names.labelKey(name))
            errors.nonNegativeQuantity(path, amount)
        }
        if let scheduling = object["scheduling"] {
            let path = FieldPath("scheduling")
            errors.checkLabels(scheduling["nodeSelector"].stringMap, path["nodeSelector"])
            let tolerations = scheduling["tolerations"].views(of: Toleration.self)
            errors.checkTolerations(tolerations, path["tolerations"])
            for (index, toleration) in tolerations.enumerated()
            where tolerations[..<index].contains(toleration) {
                errors.duplicate(path["tolerations"][index], toleration.json)
            }
        }
        if let old { errors.immutable(FieldPath("handler"), object["handler"], old["handler"]) }
    }

    static let podDisruptionBudget: Rule = { object, _, errors in
        let path = FieldPath.spec
        let spec = PodDisruptionBudgetSpec(object["spec"] ?? .null)
        if spec.minAvailable != nil, spec.maxUnavailable != nil {
            errors.invalid(path, spec.json, "minAvailable and maxUnavailable cannot be both set")
        }
        for key in ["minAvailable", "maxUnavailable"] {
            guard let value = spec.json[key].intOrString else { continue }
            errors.checkCountOrPercent(path[key], value)
            errors.notMoreThanAll(path[key], value)
        }
        errors.optionalOneOf(
            path["unhealthyPodEvictionPolicy"], spec.unhealthyPodEvictionPolicy,
            ["AlwaysAllow", "IfHealthyBudget"])
        errors.checkLabelSelector(spec.json["selector"], path["selector"])
    }

    static let disruptionStatus: StatusRule = { object, _, errors in
        for key in ["disruptionsAllowed", "currentHealthy", "desiredHealthy", "expectedPods"] {
            errors.nonNegative(.status[key], object[path: "status", key].number)
        }
    }

    static let certificateSigningRequest: Rule = { object, old, errors in
        guard old == nil else { return }
        let path = FieldPath.spec
        let spec = CertificateSigningRequestSpec(object["spec"] ?? .null)
        if spec.request.isEmpty {
            errors.required(path["request"])
        } else if !isRequest(spec.request) {
            errors.invalid(
                path["request"], spec.request, "PEM block type must be CERTIFICATE REQUEST")
        }
        if spec.usages.isEmpty { errors.required(path["usages"]) }
        let signer = spec.signerName
        if signer.isEmpty {
            errors.required(path["signerName"])
        } else if signer.split(separator: "/").count != 2 {
            errors.invalid(
                path["signerName"], signer,
                "must be a fully qualified domain and path of the form 'example.com/signer-name'")
        }
        if signer == "kubernetes.io/legacy-unknown" {
            errors.invalid(
                path["signerName"], signer, "the legacy signerName is not allowed via this API version")
        }
        if let seconds = spec.expirationSeconds, seconds < 600 {
            errors.invalid(
                path["expirationSeconds"], seconds,
                "may not specify a duration less than 600 seconds (10 minutes)")
        }
    }

    static let certificateStatus: StatusRule = { object, old, errors in
        let path = FieldPath.status["conditions"]
        let conditions = object[path: "status", "conditions"].views(of: Condition.self)
        var types: Set<String> = []
        for (index, condition) in conditions.enumerated() {
            let path = path[index]
            if condition.type.isEmpty { errors.required(path["type"]) }
            switch condition.type {
            case "Approved", "Denied", "Failed":
                errors.oneOf(path["status"], condition.json["status"].text, ["True"])
            default:
                errors.oneOf(path["status"], condition.json["status"].text, ["False", "True", "Unknown"])
            }
            if condition.type == "Approved" && types.contains("Denied")
                || condition.type == "Denied" && types.contains("Approved")
            {
                errors.invalid(
                    path["type"], condition.type, "Approved and Denied conditions are mutually exclusive")
            }
            if !types.insert(condition.type).inserted { errors.duplicate(path["type"], condition.type) }
        }
        for former in old[path: "status", "conditions"].views(of: Condition.self)
        where ["Approved", "Denied", "Failed"].contains(former.type) && !types.contains(former.type) {
            errors.forbidden(path, "updates may not remove a condition of type \(former.type.goQuoted)")
        }
        let former = old[path: "status", "certificate"].text
        if !former.isEmpty, object[path: "status", "certificate"].text != former {
            errors.forbidden(.status["certificate"], "updates may not modify existing certificate content")
        }
    }

    private static func isRequest(_ base64: String) -> Bool {
        guard let bytes = Base64.decode(base64) else { return false }
        let text = String(decoding: bytes, as: UTF8.self)
        return text.contains("-----BEGIN CERTIFICATE REQUEST-----")
            || text.contains("-----BEGIN NEW CERTIFICATE REQUEST-----")
    }
}
