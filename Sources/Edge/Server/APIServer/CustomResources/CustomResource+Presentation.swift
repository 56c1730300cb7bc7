internal import EdgeAPI
internal import EdgeBase
internal import EdgeJSON

extension CustomResource {
    /// A stored object as this version shows it. Objects that a webhook has to convert have been converted
    /// before they come here.
    func shown(_ object: EncodedObject) -> EncodedObject {
        if servesAsStored(object) { return object }
        let hasVersion = isOfThisVersion(object)
        if hasVersion, object.revision > family.cleanRevision { return object }
        if needsWebhook, !hasVersion { return object }
        guard let read = try? read(object) else { return object }
        return EncodedObject(key: object.key, revision: object.revision, bytes: read.value.encoded)
    }
}
