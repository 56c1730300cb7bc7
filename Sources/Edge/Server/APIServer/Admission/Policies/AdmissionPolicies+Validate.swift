internal import EdgeAPI
internal import EdgeCEL
internal import EdgeJSON

extension AdmissionPolicies {
    private struct Denial {
        let policy: String
        let binding: String?
        let message: String
        let reason: String
    }

    /// The findings of one request.
    private struct Verdict {
        var denials: [Denial] = []

        mutating func fail(_ policy: AdmissionPolicy, _ binding: String?, _ message: String) {
            if policy.ignoresFailures { return }
            denials.append(Denial(policy: policy.name, binding: binding, message: message, reason: ""))
        }
    }

    func validate(_ request: AdmissionRequest, _ context: RequestContext) async throws {
        let entries = validating.entries
        guard !entries.isEmpty else { return }
        try await validate(WebhookAttributes(request, context), entries, context)
    }

    func validate(_ attributes: WebhookAttributes, _ context: RequestContext) async throws {
        let entries = validating.entries
        guard !entries.isEmpty else { return }
        try await validate(attributes, entries, context)
    }

    private func validate(
        _ attributes: WebhookAttributes, _ entries: [PolicyTable<ValidatingPolicy>.Entry],
        _ context: RequestContext
    ) async throws {
        guard !attributes.isExempt else { return }
        let namespace = try namespace(of: attributes)
        var verdict = Verdict()
        for entry in entries {
            let policy = entry.policy.policy
            guard let version = version(policy.match, attributes, namespace) else { continue }
            if let error = configurationError(policy) {
                verdict.fail(policy, nil, error)
                continue
            }
            var notes = Notes()
            for binding in entry.bindings where self.version(binding.match, attributes, namespace) != nil {
                do {
                    let shown = try await shown(attributes, in: version)
                    let found = try await params.collect(
                        policy.paramKind, binding.param, namespace: attributes.namespace)
                    for param in found {
                        let outcome = evaluate(entry.policy, shown, namespace, param)
                        record(outcome, policy, binding, &verdict, &notes, context)
                    }
                } catch {
                    verdict.fail(policy, binding.name, "failed to configure binding: \(error)")
                }
            }
            notes.publish(policy.name, context)
        }
        if let first = verdict.denials.first { throw Self.refusal(first, attributes) }
    }

    private func evaluate(
        _ policy: ValidatingPolicy, _ attributes: AdmissionAttributes, _ namespace: APIObject?,
        _ param: APIObject?
    ) -> ValidatingPolicy.Outcome {
        var activation = PolicyActivation(attributes, namespace: namespace)
        activation.values["params"] = PolicyActivation.value(param)
        return policy.evaluate(activation.values)
    }

    // MARK: Recording

    /// Values of audit annotations by their keys, each once.
    private struct Notes {
        private var values: [(key: String, values: [String])] = []
        private static let maximumLength = 10 * 1024

        mutating func add(_ key: String, _ value: String) {
            let value = String(decoding: value.utf8.prefix(Self.maximumLength), as: UTF8.self)
            guard let place = values.firstIndex(where: { $0.key == key }) else {
                values.append((key, [value]))
                return
            }
            if !values[place].values.contains(value) { values[place].values.append(value) }
        }

        func publish(_ policy: String, _ context: RequestContext) {
            for (key, values) in values {
                context.annotations.add("\(policy)/\(key)", values.joined(separator: ", "))
            }
        }
    }

    private func record(
        _ outcome: ValidatingPolicy.Outcome, _ policy: AdmissionPolicy, _ binding: PolicyBinding,
        _ verdict: inout Verdict, _ notes: inout Notes, _ context: RequestContext
    ) {
        for finding in outcome.findings {
            for action in binding.actions {
                switch action {
                case "Deny":
                    verdict.denials.append(
                        Denial(
                            policy: policy.name, binding: binding.name, message: finding.message,
                            reason: finding.reason))
                case "Warn":
                    context.warnings.add(
                        "Validation failed for ValidatingAdmissionPolicy '\(policy.name)' with binding '\(binding.name)': \(finding.message)"
                    )
                case "Audit": Self.annotate(finding, binding, context)
                default: continue
                }
            }
        }
        for (key, value) in outcome.annotations { notes.add(key, value) }
        for failure in outcome.annotationFailures {
            verdict.denials.append(
                Denial(policy: policy.name, binding: binding.name, message: failure, reason: ""))
        }
    }

    private static func annotate(
        _ finding: ValidatingPolicy.Finding, _ binding: PolicyBinding, _ context: RequestContext
    ) {
        let value: JSONValue = [
            [
                "message": .string(finding.message), "policy": .string(binding.policy),
                "binding": .string(binding.name), "expressionIndex": .int(Int64(finding.index)),
                "validationActions": .array(binding.actions.map(JSONValue.string)),
            ]
        ]
        context.annotations.add(
            "validation.policy.admission.k8s.io/validation_failure",
            String(decoding: value.encoded, as: UTF8.self))
    }

    private static func refusal(_ denial: Denial, _ attributes: WebhookAttributes) -> APIStatus {
        let place = denial.binding.map { " with binding '\($0)'" } ?? ""
        let message =
            "ValidatingAdmissionPolicy '\(denial.policy)'\(place) denied request: \(denial.message)"
        let name = attributes.name.isEmpty ? attributes.object?.generateName ?? "" : attributes.name
        var status = APIStatus.forbidden(attributes.requested.qualifiedName, name, message)
        let reason = denial.reason.isEmpty ? "Invalid" : denial.reason
        status.reason = APIStatus.Reason(rawValue: reason)
        status.code =
            switch reason {
            case "Forbidden": 403
            case "Unauthorized": 401
            case "RequestEntityTooLarge": 413
            default: 422
            }
        status.details?.causes.append(APIStatus.Cause(reason: "", message: message, field: ""))
        return status
    }
}
