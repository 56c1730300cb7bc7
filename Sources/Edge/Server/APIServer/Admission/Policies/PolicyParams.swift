internal import EdgeAPI
internal import EdgeBase
internal import EdgeJSON
internal import EdgeStorage

/// Finds the parameters with which a policy is evaluated.
struct PolicyParams: Sendable {
    let store: ObjectStore
    let customResources: CustomResourceTable
    let converter: any CustomResourceConverter

    /// Why there are none.
    struct Failure: Error, CustomStringConvertible {
        let description: String

        init(_ description: String) { self.description = description }
    }

    /// The resource of a kind; nil for a kind that is not served.
    func resource(_ kind: GroupVersionKind) -> ResourceDefinition? {
        func isWanted(_ resource: ResourceDefinition) -> Bool { resource.groupVersionKind == kind }
        return ServedResources.all.first(where: isWanted) ?? customResources.served.first(where: isWanted)
    }

    /// One evaluation each; nil stands for one without parameter. Empty when none is found and that is no
    /// failure.
    func collect(
        _ kind: GroupVersionKind?, _ reference: PolicyBinding.ParamReference?, namespace: String
    ) async throws -> [APIObject?] {
        guard let kind, let reference else { return [nil] }
        guard let resource = resource(kind) else {
            throw Failure("paramKind kind `\(kind.apiVersion), Kind=\(kind.kind)` not known")
        }
        if !resource.isNamespaced, !reference.namespace.isEmpty {
            throw Failure("paramRef.namespace must not be provided for a cluster-scoped `paramKind`")
        }
        let place = resource.isNamespaced ? reference.namespace.isEmpty ? namespace : reference.namespace : ""
        if resource.isNamespaced, place.isEmpty {
            throw Failure(
                "cannot use namespaced paramRef in policy binding that matches cluster-scoped resources")
        }
        var found: [APIObject] = []
        if !reference.name.isEmpty {
            let key = ObjectKey(resource: resource.storageName, namespace: place, name: reference.name)
            if let stored = store.get(key) { found = [try await read(stored, resource)] }
        } else if let selector = reference.selector {
            for stored in store.list(resource.storageName, namespace: place).objects {
                let object = try await read(stored, resource)
                if selector.matches(object) { found.append(object) }
            }
        }
        if found.isEmpty, reference.deniesWithoutParams {
            throw Failure("no params found for policy binding with `Deny` parameterNotFoundAction")
        }
        return found
    }

    private func read(_ stored: EncodedObject, _ resource: ResourceDefinition) async throws -> APIObject {
        guard let custom = resource.custom else {
            let object = try APIObject(decoding: stored)
            return resource.isStorageVersion ? object : VersionConversion.shown(object, as: resource)
        }
        if !custom.needsWebhook || custom.isOfThisVersion(stored) { return try custom.read(stored) }
        let converted = try await converter.convert(
            [try custom.decoded(stored)], to: custom.apiVersion, custom.family)
        guard let first = converted.first else { throw Failure("nothing was converted") }
        return first
    }
}
