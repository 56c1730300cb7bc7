internal import EdgeAPI
internal import EdgeBase
internal import EdgeJSON
internal import EdgeStorage

/// Objects of custom resources between the version that a request speaks and the one that is stored.
extension Registry {
    /// A stored object in the version of the resource.
    func decoded(_ object: EncodedObject, _ resource: ResourceDefinition) async throws -> APIObject {
        guard let custom = resource.custom else { return try APIObject(decoding: object) }
        if !custom.needsWebhook || custom.isOfThisVersion(object) { return try custom.read(object) }
        let converted = try await converter.convert(
            [try custom.decoded(object)], to: custom.apiVersion, custom.family)
        guard let first = converted.first else { throw APIStatus.internalError("nothing was converted") }
        return first
    }

    /// An object in the version in which it is stored.
    func storedForm(_ object: APIObject, _ resource: ResourceDefinition) async throws -> APIObject {
        guard let custom = resource.custom, !custom.isStorageVersion else { return object }
        guard custom.needsWebhook else { return custom.stored(object) }
        let converted = try await converter.convert([object], to: custom.storageAPIVersion, custom.family)
        guard let first = converted.first else { throw APIStatus.internalError("nothing was converted") }
        return first.inCanonicalOrder
    }

    /// What was stored in the version of the request, without asking a webhook again.
    func answer(
        _ stored: EncodedObject, for object: APIObject, _ resource: ResourceDefinition
    ) -> EncodedObject {
        guard let custom = resource.custom, custom.needsWebhook, !custom.isOfThisVersion(stored) else {
            return stored
        }
        var answer = object
        answer[path: "metadata", "resourceVersion"] = .string(String(stored.revision))
        answer.metadata = Self.ordered(answer.metadata)
        return EncodedObject(key: stored.key, revision: stored.revision, bytes: answer.value.encoded)
    }

    /// Stored objects in the version of the resource as far as a webhook is needed for it; one call for all.
    func converted(
        _ objects: [EncodedObject], _ resource: ResourceDefinition
    ) async throws -> [EncodedObject] {
        guard let custom = resource.custom, custom.needsWebhook else { return objects }
        let places = objects.indices.filter { !custom.isOfThisVersion(objects[$0]) }
        guard !places.isEmpty else { return objects }
        let results = try await converter.convert(
            try places.map { try custom.decoded(objects[$0]) }, to: custom.apiVersion, custom.family)
        guard results.count == places.count else { throw APIStatus.internalError("objects got lost") }
        var objects = objects
        for (place, result) in zip(places, results) {
            objects[place] = EncodedObject(
                key: objects[place].key, revision: objects[place].revision,
                bytes: result.inCanonicalOrder.value.encoded)
        }
        return objects
    }

    func converted(_ page: ListPage, _ resource: ResourceDefinition) async throws -> ListPage {
        ListPage(
            objects: try await converted(page.objects, resource), revision: page.revision, next: page.next,
            remaining: page.remaining)
    }
}

/// Converts objects by asking somebody.
protocol CustomResourceConverter: Sendable {
    /// As many objects as were given, in their order; failures are told as `APIStatus`.
    func convert(
        _ objects: [APIObject], to apiVersion: String, _ family: CustomResourceFamily
    ) async throws -> [APIObject]
}

/// Where there is no way to a webhook.
struct NoConverter: CustomResourceConverter {
    func convert(
        _ objects: [APIObject], to apiVersion: String, _ family: CustomResourceFamily
    ) async throws -> [APIObject] {
        throw APIStatus.internalError("conversion webhooks cannot be called by this server")
    }
}
