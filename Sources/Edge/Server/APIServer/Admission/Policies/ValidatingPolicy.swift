internal import EdgeAPI
internal import EdgeCEL
internal import EdgeJSON

/// A `ValidatingAdmissionPolicy`, compiled.
struct ValidatingPolicy: Sendable {
    let policy: AdmissionPolicy
    private let validations: [Validation]
    private let annotations: [Annotation]

    private struct Validation: Sendable {
        let expression: PolicyExpression
        let messageExpression: PolicyExpression?
        let source: String
        let message: String
        let reason: String
    }

    private struct Annotation: Sendable {
        let key: String
        let expression: PolicyExpression
    }

    /// What one validation finds wrong.
    struct Finding: Sendable, Equatable {
        /// The validation's place.
        let index: Int
        let message: String
        let reason: String
    }

    /// What the policy says of a request with one parameter.
    struct Outcome: Sendable, Equatable {
        var findings: [Finding] = []
        var annotations: [(key: String, value: String)] = []
        /// Annotations that could not be computed refuse the request whatever the binding's actions are.
        var annotationFailures: [String] = []

        static func == (left: Outcome, right: Outcome) -> Bool {
            left.findings == right.findings && left.annotationFailures == right.annotationFailures
                && left.annotations.elementsEqual(right.annotations) { $0 == $1 }
        }
    }

    init(_ object: APIObject) throws(SelectorError) {
        let spec = object["spec"] ?? .null
        let environments = PolicyEnvironments(hasParams: AdmissionPolicy.paramKind(spec) != nil)
        policy = try AdmissionPolicy(object, in: environments)
        let full = environments.full(policy.variables.type)
        let plain = environments.withoutAuthorizer(policy.variables.type)
        validations = (spec["validations"]?.array ?? []).map { validation in
            let source = validation["expression"]?.string ?? ""
            let message = validation["messageExpression"]?.string ?? ""
            return Validation(
                expression: PolicyExpression(source, in: full, [.bool]),
                messageExpression: message.isEmpty ? nil : PolicyExpression(message, in: plain, [.string]),
                source: source, message: validation["message"]?.string ?? "",
                reason: validation["reason"]?.string ?? "")
        }
        annotations = (spec["auditAnnotations"]?.array ?? []).map {
            Annotation(
                key: $0["key"]?.string ?? "",
                expression: PolicyExpression(
                    SchemaRule.trimmed($0["valueExpression"]?.string ?? ""), in: full, [.string, .null]))
        }
    }

    // MARK: Evaluating

    func evaluate(_ values: CELActivation) -> Outcome {
        switch policy.meetsConditions(values) {
        case .matched: break
        case .notMatched: return Outcome()
        case .error(let message): return failure(message)
        }
        var values = values
        values["variables"] = policy.variables.value(values)
        var outcome = Outcome()
        do throws(PolicyExpression.Failure) {
            outcome.findings = try findings(values)
            try annotate(&outcome, values)
        } catch { return failure(PolicyActivation.outOfBudget) }
        return outcome
    }

    /// A failure refuses the request unless the policy ignores failures.
    private func failure(_ message: String, _ index: Int = 0) -> Outcome {
        var outcome = Outcome()
        if !policy.ignoresFailures {
            outcome.findings = [Finding(index: index, message: message, reason: "")]
        }
        return outcome
    }

    private func findings(_ values: CELActivation) throws(PolicyExpression.Failure) -> [Finding] {
        var budget = CELCost.runtimeBudget
        var findings: [Finding] = []
        for (index, validation) in validations.enumerated() {
            do throws(PolicyExpression.Failure) {
                if case .bool(true) = try validation.expression.run(values, &budget) { continue }
            } catch {
                guard case .failed(let message) = error else { throw error }
                findings += failure(message, index).findings
                continue
            }
            findings.append(
                Finding(
                    index: index, message: try message(of: validation, values, &budget),
                    reason: validation.reason.isEmpty ? "Invalid" : validation.reason))
        }
        return findings
    }

    private func message(
        of validation: Validation, _ values: CELActivation, _ budget: inout UInt64
    ) throws(PolicyExpression.Failure) -> String {
        if let expression = validation.messageExpression {
            do throws(PolicyExpression.Failure) {
                let text = SchemaRule.trimmed(try expression.run(values, &budget).string ?? "")
                if !text.isEmpty, text.utf8.count <= CELCost.maximumMessageSize, !text.contains("\n") {
                    return text
                }
            } catch {
                if case .outOfBudget = error { throw error }
            }
        }
        let message = SchemaRule.trimmed(validation.message)
        return message.isEmpty ? "failed expression: \(SchemaRule.trimmed(validation.source))" : message
    }

    private func annotate(
        _ outcome: inout Outcome, _ values: CELActivation
    ) throws(PolicyExpression.Failure) {
        var budget = CELCost.runtimeBudget
        for annotation in annotations {
            do throws(PolicyExpression.Failure) {
                let text = SchemaRule.trimmed(try annotation.expression.run(values, &budget).string ?? "")
                if !text.isEmpty { outcome.annotations.append((annotation.key, text)) }
            } catch {
                guard case .failed(let message) = error else { throw error }
                if !policy.ignoresFailures { outcome.annotationFailures.append(message) }
            }
        }
    }
}
