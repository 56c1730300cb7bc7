internal import EdgeAPI

extension AdmissionWebhooks {
    /// Asks all webhooks that are concerned at once; the first refusal in their order counts.
    func validate(_ request: AdmissionRequest, _ context: RequestContext) async throws {
        let webhooks = validating.webhooks
        guard !webhooks.isEmpty else { return }
        try await validate(WebhookAttributes(request, context), webhooks, context)
    }

    func validate(
        _ attributes: WebhookAttributes, _ webhooks: [AdmissionWebhook], _ context: RequestContext
    ) async throws {
        var concerned: [(webhook: AdmissionWebhook, version: ResourceDefinition)] = []
        for webhook in webhooks {
            if let version = try await invocation(webhook, attributes) {
                concerned.append((webhook, version))
            }
        }
        guard !concerned.isEmpty else { return }
        if concerned.count == 1 {
            try await check(concerned[0].webhook, attributes, concerned[0].version, context, place: 0)?
                .raise()
            return
        }
        let refusals = try await withThrowingTaskGroup(of: (Int, APIStatus?).self) { group in
            for (place, (webhook, version)) in concerned.enumerated() {
                group.addTask {
                    (place, try await self.check(webhook, attributes, version, context, place: place))
                }
            }
            var refusals: [Int: APIStatus] = [:]
            for try await (place, refusal) in group { refusals[place] = refusal }
            return refusals
        }
        if let first = refusals.min(by: { $0.key < $1.key }) { throw first.value }
    }

    private func check(
        _ webhook: AdmissionWebhook, _ attributes: WebhookAttributes, _ version: ResourceDefinition,
        _ context: RequestContext, place: Int
    ) async throws -> APIStatus? {
        switch try await ask(webhook, attributes, in: version, context, isMutating: false) {
        case .allowed: return nil
        case .failed(let refusal): return refusal
        case .ignored:
            context.annotations.add(
                "failed-open.validating.webhook.admission.k8s.io/round_0_index_\(place)", webhook.name)
            return nil
        }
    }
}

extension APIStatus {
    fileprivate func raise() throws { throw self }
}
