internal import EdgeAPI
internal import EdgeJSON

/// Brings objects into the version that a webhook wants to see, and what it made of them back.
struct WebhookObjects: Sendable {
    let converter: any CustomResourceConverter

    /// An object of the request in another version of its resource.
    func form(
        _ object: APIObject?, _ attributes: WebhookAttributes, in version: ResourceDefinition
    ) async throws -> APIObject? {
        guard let object else { return nil }
        let resource = attributes.resource
        if attributes.subresource == "scale" {
            return object.kind == "Scale" ? object : try Scale.view(of: object, resource)
        }
        guard object.kind == resource.kind, object.apiVersion != version.apiVersion else { return object }
        guard let custom = resource.custom else { return VersionConversion.shown(object, as: version) }
        return try await converted(object, to: version, custom.family)
    }

    /// What a webhook made of an object, in the version that the object had.
    func restored(
        _ patched: JSONValue, _ attributes: WebhookAttributes, from version: ResourceDefinition,
        before: APIObject
    ) async throws -> APIObject {
        guard let patched = APIObject(patched) else {
            throw APIStatus.internalError("the patch of an admission webhook leaves no object")
        }
        var context = RequestContext(user: attributes.user)
        context.fieldValidation = .ignore
        let kind = attributes.kind(in: version)
        let isPart = kind == version.groupVersionKind
        let decoder = isPart ? BodyDecoder(resource: version) : BodyDecoder(kind)
        let decoded = try decoder.canonical(patched, context)
        if attributes.subresource == "scale" {
            return try Self.scaled(before, by: decoded, attributes.resource)
        }
        guard isPart else { return decoded }
        var object = try await inOwnVersion(decoded, attributes.resource, from: version)
        Defaulter.apply(to: &object, resource: attributes.resource)
        var metadata = object.metadata
        for key in Self.fixed { metadata[key] = before.metadata[key] }
        object.metadata = Registry.ordered(metadata)
        return object.inCanonicalOrder
    }

    /// What a webhook cannot change: it would be another object then.
    private static let fixed = [
        "name", "generateName", "namespace", "uid", "resourceVersion", "generation", "creationTimestamp",
        "deletionTimestamp", "deletionGracePeriodSeconds", "managedFields",
    ]

    private func inOwnVersion(
        _ object: APIObject, _ resource: ResourceDefinition, from version: ResourceDefinition
    ) async throws -> APIObject {
        guard version.apiVersion != resource.apiVersion else { return object }
        if let custom = resource.custom { return try await converted(object, to: resource, custom.family) }
        return VersionConversion.stored(object, from: version)
    }

    private func converted(
        _ object: APIObject, to version: ResourceDefinition, _ family: CustomResourceFamily
    ) async throws -> APIObject {
        if case .webhook = family.conversion {
            let converted = try await converter.convert([object], to: version.apiVersion, family)
            guard let first = converted.first else {
                throw APIStatus.internalError("nothing was converted")
            }
            return first
        }
        var object = object
        object["apiVersion"] = .string(version.apiVersion)
        return object
    }

    private static func scaled(
        _ object: APIObject, by scale: APIObject, _ resource: ResourceDefinition
    ) throws -> APIObject {
        let replicas = scale[path: "spec", "replicas"]?.int ?? 0
        guard replicas >= 0 else {
            throw APIStatus.badRequest("spec.replicas must be a number that is not negative")
        }
        if let paths = resource.custom?.version.scale {
            return CustomScale.apply(replicas, to: object, paths)
        }
        var object = object
        object[path: "spec", "replicas"] = .int(replicas)
        return object
    }
}
