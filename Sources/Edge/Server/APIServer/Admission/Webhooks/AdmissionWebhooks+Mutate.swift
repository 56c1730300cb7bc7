internal import EdgeAPI
internal import EdgeJSON

extension AdmissionWebhooks {
    /// Which webhooks are asked again because others changed the object after them.
    private struct Reinvocation {
        /// Those that may be asked again and have been since the last change.
        var candidates: Set<String> = []
        var wanted: Set<String> = []

        mutating func changed() {
            wanted.formUnion(candidates)
            candidates = []
        }
    }

    /// Asks the webhooks that are concerned one after the other; each sees what those before it changed.
    /// When one has changed something, the built-in plugins run again, and those webhooks which asked for it.
    func mutate(
        _ request: inout AdmissionRequest, _ context: RequestContext,
        again: (inout AdmissionRequest) async throws -> Void = { _ in }
    ) async throws {
        let webhooks = mutating.webhooks
        guard !webhooks.isEmpty else { return }
        var attributes = WebhookAttributes(request, context)
        var reinvocation = Reinvocation()
        let hasChanged = try await run(webhooks, &attributes, context, round: 0, &reinvocation)
        guard hasChanged else { return }
        request.object = attributes.object
        try await again(&request)
        if request.object != attributes.object { reinvocation.changed() }
        let once = reinvocation.wanted
        guard !once.isEmpty else { return }
        attributes.object = request.object
        _ = try await run(
            webhooks.filter { once.contains($0.id) }, &attributes, context, round: 1, &reinvocation)
        request.object = attributes.object
    }

    /// The same for what is no object of the registry: the object that a subresource takes.
    func mutate(_ attributes: inout WebhookAttributes, _ context: RequestContext) async throws {
        let webhooks = mutating.webhooks
        guard !webhooks.isEmpty else { return }
        var reinvocation = Reinvocation()
        _ = try await run(webhooks, &attributes, context, round: 0, &reinvocation)
    }

    /// Returns whether a webhook changed the object.
    private func run(
        _ webhooks: [AdmissionWebhook], _ attributes: inout WebhookAttributes, _ context: RequestContext,
        round: Int, _ reinvocation: inout Reinvocation
    ) async throws -> Bool {
        var hasChanged = false
        for (place, webhook) in webhooks.enumerated() {
            guard let version = try await invocation(webhook, attributes) else { continue }
            let mark = "round_\(round)_index_\(place)"
            let outcome = try await ask(webhook, attributes, in: version, context, isMutating: true)
            switch outcome {
            case .failed(let refusal): throw refusal
            case .ignored:
                context.annotations.add(
                    "failed-open.mutation.webhook.admission.k8s.io/\(mark)", webhook.name)
            case .allowed(let patch):
                let changed = try await apply(patch, of: webhook, to: &attributes, version)
                if changed {
                    hasChanged = true
                    reinvocation.changed()
                }
                note(webhook, changed, mark, context)
            }
            if webhook.isReinvoked { reinvocation.candidates.insert(webhook.id) }
        }
        return hasChanged
    }

    private func note(
        _ webhook: AdmissionWebhook, _ changed: Bool, _ mark: String, _ context: RequestContext
    ) {
        let value: JSONValue = [
            "configuration": .string(webhook.configuration), "webhook": .string(webhook.name),
            "mutated": .bool(changed),
        ]
        context.annotations.add(
            "mutation.webhook.admission.k8s.io/\(mark)", String(decoding: value.encoded, as: UTF8.self))
    }

    private func apply(
        _ patch: [UInt8]?, of webhook: AdmissionWebhook, to attributes: inout WebhookAttributes,
        _ version: ResourceDefinition
    ) async throws -> Bool {
        guard let patch else { return false }
        let operations: JSONPatch
        do {
            let value = try JSONValue(parsing: patch)
            if value == .array([]) { return false }
            operations = try JSONPatch(value)
        } catch {
            if webhook.ignoresFailures { return false }
            throw APIStatus.internalError(
                "failed calling webhook \(webhook.name.goQuoted): received undecodable patch in webhook response: \(error)"
            )
        }
        guard let object = attributes.object,
            let shown = try await objects.form(object, attributes, in: version)
        else {
            throw APIStatus.internalError(
                "admission webhook \(webhook.name.goQuoted) attempted to modify the object, which is not supported for this operation"
            )
        }
        let patched: JSONValue
        do { patched = try operations.apply(to: shown.value) } catch {
            throw APIStatus.internalError("\(error)")
        }
        let result: APIObject
        do {
            result = try await objects.restored(patched, attributes, from: version, before: object)
        } catch let status as APIStatus {
            throw APIStatus.internalError(status.message)
        }
        attributes.object = result
        return result != object
    }
}
