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

    static let horizontalPodAutoscaler: Rule = { object, _, errors in
        let path = FieldPath.spec
        let spec = object["spec"] ?? .null
        let minimum = spec["minReplicas"].number
        let maximum = spec["maxReplicas"].number ?? 0
        if let minimum, minimum < 1 {
            errors.invalid(path["minReplicas"], minimum, "must be greater than or equal to 1")
        }
        if maximum < 1 { errors.invalid(path["maxReplicas"], maximum, "must be greater than 0") }
        if let minimum, maximum < minimum {
            errors.invalid(
                path["maxReplicas"], maximum, "must be greater than or equal to `minReplicas`")
        }
        for key in ["kind", "name"] {
            let value = spec["scaleTargetRef"]?[key].text ?? ""
            errors.requiredName(path["scaleTargetRef"][key], value, .pathSegment)
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

    private static func isRequest(_ base64: String) -> Bool {
        guard let bytes = Base64.decode(base64) else { return false }
        let text = String(decoding: bytes, as: UTF8.self)
        return text.contains("-----BEGIN CERTIFICATE REQUEST-----")
            || text.contains("-----BEGIN NEW CERTIFICATE REQUEST-----")
    }
}
