internal import EdgeAPI
internal import EdgeJSON

/// Makes whole OpenAPI documents.
struct OpenAPIBuilder {
    let schema: Schema
    let version: String
    let customKinds: [CustomKind]

    private var info: JSONValue { ["title": "Kubernetes", "version": .string(version)] }

    private func definitionName(_ kind: GroupVersionKind) -> String? {
        if let type = schema.kind(kind) { return OpenAPINames.definition(type.name) }
        for custom in customKinds
        where custom.resource.group == kind.group && custom.resource.version == kind.version {
            if custom.resource.kind == kind.kind { return custom.definition }
            if custom.resource.listKind == kind.kind { return custom.listDefinition }
        }
        return nil
    }

    // MARK: - Version 2, one document for the whole API

    /// `swagger` and `info`.
    var swaggerHead: JSONObject { ["swagger": "2.0", "info": info] }

    var swaggerParameters: JSONObject {
        JSONObject(uniqueMembers: OpenAPIParameter.shared.map { .init($0.name, $0.value(.v2)) })
    }

    func forEachSwaggerPath(_ body: (JSONObject.Member) -> Void) {
        let paths = OpenAPIPaths(flavor: .v2, definition: definitionName)
        for resource in schema.resources + customKinds.map(\.resource) {
            for path in paths.paths(of: resource) { body(path) }
        }
    }

    func forEachSwaggerDefinition(_ body: (JSONObject.Member) -> Void) {
        let schemas = OpenAPISchemas(schema: schema, flavor: .v2, descriptions: OpenAPIDescriptions())
        forEachDefinition(schemas.typeNames, schemas, body)
        forEachCustomDefinition(customKinds, .v2, body)
    }

    /// As JSON; `GnosticEncoder` makes the other form.
    func swagger() -> [UInt8] {
        var stream = JSONObjectStream()
        for member in swaggerHead { stream.member(member.key, member.value) }
        stream.open("paths")
        forEachSwaggerPath { stream.member($0.key, $0.value) }
        stream.close()
        stream.open("definitions")
        forEachSwaggerDefinition { stream.member($0.key, $0.value) }
        stream.close()
        stream.member("parameters", .object(swaggerParameters))
        stream.member("securityDefinitions", Self.securitySchemes)
        stream.member("security", [["BearerToken": []]])
        stream.close()
        return stream.bytes
    }

    private static let securitySchemes: JSONValue = [
        "BearerToken": [
            "type": "apiKey", "in": "header", "name": "authorization",
            "description": "Bearer Token authentication",
        ]
    ]

    private func forEachDefinition(
        _ types: [String], _ schemas: OpenAPISchemas, _ body: (JSONObject.Member) -> Void
    ) {
        for type in types {
            if let definition = schemas.definition(named: type) {
                body(.init(OpenAPINames.definition(type), definition))
            }
        }
    }

    private func forEachCustomDefinition(
        _ kinds: [CustomKind], _ flavor: OpenAPIFlavor, _ body: (JSONObject.Member) -> Void
    ) {
        for custom in kinds {
            body(.init(custom.definition, custom.definitionSchema(flavor)))
            body(.init(custom.listDefinition, custom.listSchema(flavor)))
        }
    }

    // MARK: - Version 3, a document for each group and version

    /// The groups and versions that have a document, as they stand in paths: `api/v1`, `apis/apps/v1`.
    var documentPaths: [String] {
        var seen: Set<String> = []
        return (schema.resources + customKinds.map(\.resource)).map(Self.path).filter {
            seen.insert($0).inserted
        }
    }

    static func path(_ resource: ResourceDefinition) -> String {
        resource.group.isEmpty ? "api/\(resource.version)" : "apis/\(resource.group)/\(resource.version)"
    }

    /// The OpenAPI 3.0 document of a group and version; nil where there is none.
    func document(path: String) -> [UInt8]? {
        let custom = customKinds.filter { Self.path($0.resource) == path }
        let resources = schema.resources.filter { Self.path($0) == path } + custom.map(\.resource)
        guard !resources.isEmpty else { return nil }
        let paths = OpenAPIPaths(flavor: .v3, definition: definitionName)
        let schemas = OpenAPISchemas(schema: schema, flavor: .v3, descriptions: OpenAPIDescriptions())
        var stream = JSONObjectStream()
        stream.member("openapi", "3.0.0")
        stream.member("info", info)
        stream.open("paths")
        for resource in resources {
            for path in paths.paths(of: resource) { stream.member(path.key, path.value) }
        }
        stream.close()
        stream.open("components")
        stream.open("schemas")
        forEachDefinition(schemas.closure(of: roots(of: resources)), schemas) {
            stream.member($0.key, $0.value)
        }
        forEachCustomDefinition(custom, .v3) { stream.member($0.key, $0.value) }
        stream.close()
        stream.member("securitySchemes", Self.securitySchemes)
        stream.close()
        stream.close()
        return stream.bytes
    }

    /// The types that the operations of resources name.
    private func roots(of resources: [ResourceDefinition]) -> [String] {
        var roots = [
            "meta.v1.Status", "meta.v1.DeleteOptions", "meta.v1.Patch", "meta.v1.WatchEvent",
            "meta.v1.ObjectMeta",
            "meta.v1.ListMeta",
        ]
        for resource in resources {
            let list = GroupVersionKind(
                group: resource.group, version: resource.version, kind: resource.listKind)
            let kinds = [resource.groupVersionKind, list] + resource.subresources.map(\.kind)
            roots += kinds.compactMap { schema.kind($0)?.name }
        }
        return roots
    }
}
