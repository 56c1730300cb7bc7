internal import EdgeAPI
internal import EdgeClient

extension APIResource {
    /// A resource of the built-in API, known without asking the server.
    static func builtIn(apiVersion: String, kind: String) throws(KubectlError) -> APIResource {
        guard let definition = Schema.shared.resource(for: .init(apiVersion: apiVersion, kind: kind)) else {
            throw KubectlError("no matches for kind \(goQuoted(kind)) in version \(goQuoted(apiVersion))")
        }
        return APIResource(definition)
    }

    init(_ definition: ResourceDefinition) {
        self.init(
            group: definition.group, version: definition.version, name: definition.resource,
            singularName: definition.singular, kind: definition.kind, isNamespaced: definition.isNamespaced,
            shortNames: definition.shortNames, categories: definition.categories,
            subresources: definition.subresources.map(\.name))
    }
}
