internal import EdgeAPI
internal import EdgeCEL
internal import EdgeJSON

extension AdmissionPolicies {
    private typealias Entry = PolicyTable<MutatingPolicy>.Entry

    /// Lets the policies change an object; `again` runs what came before them once more after a change, and
    /// then the policies that want it see the object again.
    func mutate(
        _ request: inout AdmissionRequest, _ context: RequestContext,
        again: (inout AdmissionRequest) throws -> Void
    ) async throws {
        let entries = mutating.entries
        guard !entries.isEmpty, request.object != nil else { return }
        guard try await run(entries, &request, context) else { return }
        try again(&request)
        try await remutate(&request, context)
    }

    /// A second look for those policies that ask for one.
    func remutate(_ request: inout AdmissionRequest, _ context: RequestContext) async throws {
        let entries = mutating.entries.filter(\.policy.isReinvoked)
        guard !entries.isEmpty, request.object != nil else { return }
        _ = try await run(entries, &request, context)
    }

    /// The same for what is no object of the registry: the object that a subresource takes.
    func mutate(_ attributes: inout WebhookAttributes, _ context: RequestContext) async throws {
        let entries = mutating.entries
        guard !entries.isEmpty, attributes.object != nil else { return }
        if try await run(entries, &attributes) {
            let again = entries.filter(\.policy.isReinvoked)
            if !again.isEmpty { _ = try await run(again, &attributes) }
        }
    }

    private func run(
        _ entries: [Entry], _ request: inout AdmissionRequest, _ context: RequestContext
    ) async throws -> Bool {
        var attributes = WebhookAttributes(request, context)
        let hasChanged = try await run(entries, &attributes)
        if hasChanged { request.object = attributes.object }
        return hasChanged
    }

    /// Returns whether a policy changed the object.
    private func run(_ entries: [Entry], _ attributes: inout WebhookAttributes) async throws -> Bool {
        guard !attributes.isExempt else { return false }
        let namespace = try namespace(of: attributes)
        let before = attributes.object
        var failures: [String] = []
        for entry in entries {
            let policy = entry.policy.policy
            guard let version = version(policy.match, attributes, namespace) else { continue }
            if let error = configurationError(policy) {
                if !policy.ignoresFailures {
                    failures.append("policy \(policy.name.goQuoted) denied request: \(error)")
                }
                continue
            }
            for binding in entry.bindings where self.version(binding.match, attributes, namespace) != nil {
                do {
                    try await run(entry.policy, binding, &attributes, version, namespace)
                } catch {
                    if policy.ignoresFailures { continue }
                    failures.append(
                        "policy '\(policy.name)' with binding '\(binding.name)' denied request: \(error)")
                }
            }
        }
        if let first = failures.first { throw Self.refusal(first, failures, attributes) }
        return attributes.object != before
    }

    private func run(
        _ policy: MutatingPolicy, _ binding: PolicyBinding, _ attributes: inout WebhookAttributes,
        _ version: ResourceDefinition, _ namespace: APIObject?
    ) async throws {
        let found: [APIObject?]
        do {
            found = try await params.collect(
                policy.policy.paramKind, binding.param, namespace: attributes.namespace)
        } catch { throw MutatingPolicy.Failure("failed to configure binding: \(error)") }
        let merge =
            attributes.subresource.isEmpty || attributes.kind(in: version) == version.groupVersionKind
            ? version.custom.map(PolicyMerge.init(custom:))
                ?? PolicyMerge(type: Schema.shared.kind(version.groupVersionKind))
            : PolicyMerge(type: Schema.shared.kind(attributes.kind(in: version)))
        for param in found {
            let shown = try await shown(attributes, in: version)
            var activation = PolicyActivation(shown, namespace: namespace)
            activation.values["params"] = PolicyActivation.value(param)
            switch policy.policy.meetsConditions(activation.values) {
            case .matched: break
            case .notMatched: continue
            case .error(let message): throw MutatingPolicy.Failure(message)
            }
            for mutation in policy.mutations {
                guard let object = attributes.object,
                    let current = try await objects.form(object, attributes, in: version)
                else { continue }
                // Each mutation sees what the one before has left, variables too.
                activation.values["object"] = PolicyActivation.value(current)
                activation.values["variables"] = policy.policy.variables.value(activation.values)
                let mutated = try policy.mutated(current.value, mutation, activation.values, merge)
                guard mutated != current.value else { continue }
                attributes.object = try await objects.restored(
                    mutated, attributes, from: version, before: object)
            }
        }
    }

    private static func refusal(
        _ first: String, _ failures: [String], _ attributes: WebhookAttributes
    ) -> APIStatus {
        let name = attributes.name.isEmpty ? attributes.object?.generateName ?? "" : attributes.name
        var status = APIStatus.forbidden(attributes.requested.qualifiedName, name, first)
        status.message = first
        status.details?.causes += failures.map { APIStatus.Cause(reason: "", message: $0, field: "") }
        return status
    }
}
