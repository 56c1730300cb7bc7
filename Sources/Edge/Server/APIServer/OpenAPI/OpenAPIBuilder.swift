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

    /// The Swagger 2.0 document of the whole API.
    func swagger() -> JSONObject {
        let schemas = OpenAPISchemas(schema: schema, flavor: .v2, descriptions: OpenAPIDescriptions())
        var definitions = schemas.all()
        for custom in customKinds {
            definitions[custom.definition] = custom.definitionSchema(.v2)
            definitions[custom.listDefinition] = custom.listSchema(.v2)
        }
        let paths = OpenAPIPaths(flavor: .v2, definition: definitionName)
        let parameters = OpenAPIParameter.shared.map { JSONObject.Member($0.name, $0.value(.v2)) }
        return [
            "swagger": "2.0", "info": info,
            "paths": .object(paths.paths(of: schema.resources + customKinds.map(\.resource))),
            "definitions": .object(definitions),
            "parameters": .object(JSONObject(uniqueMembers: parameters)),
            "securityDefinitions": [
                "BearerToken": [
                    "type": "apiKey", "in": "header", "name": "authorization",
                    "description": "Bearer Token authentication",
                ]
            ],
            "security": [["BearerToken": []]],
        ]
    }

    /// The groups and versions that have a document, as they stand in paths: `api/v1`, `apis/apps/v1`.
    var documentPaths: [String] {
        var seen: Set<String> = []
        return (schema.resources + customKinds.map(\.resource)).map(Self.path).filter { seen.insert($0).inserted }
    }

    private static func path(_ resource: ResourceDefinition) -> String {
        resource.group.isEmpty ? "api/\(resource.version)" : "apis/\(resource.group)/\(resource.version)"
    }

    /// The OpenAPI 3.0 document of a group and version; nil where there is none.
    func document(path: String) -> JSONObject? {
        let custom = customKinds.filter { Self.path($0.resource) == path }
        let resources = schema.resources.filter { Self.path($0) == path } + custom.map(\.resource)
        guard !resources.isEmpty else { return nil }
        let schemas = OpenAPISchemas(schema: schema, flavor: .v3, descriptions: OpenAPIDescriptions())
        var definitions = schemas.closure(of: roots(of: resources))
        for custom in custom {
            definitions[custom.definition] = custom.definitionSchema(.v3)
            definitions[custom.listDefinition] = custom.listSchema(.v3)
        }
        let paths = OpenAPIPaths(flavor: .v3, definition: definitionName)
        return [
            "openapi": "3.0.0", "info": info, "paths": .object(paths.paths(of: resources)),
            "components": [
                "schemas": .object(definitions),
                "securitySchemes": [
                    "BearerToken": [
                        "type": "apiKey", "in": "header", "name": "authorization",
                        "description": "Bearer Token authentication",
                    ]
                ],
            ],
        ]
    }

    /// The types that the operations of resources name.
    private func roots(of resources: [ResourceDefinition]) -> [String] {
        var roots = [
            "meta.v1.Status", "meta.v1.DeleteOptions", "meta.v1.Patch", "meta.v1.WatchEvent", "meta.v1.ObjectMeta",
            "meta.v1.ListMeta",
        ]
        for resource in resources {
            let list = GroupVersionKind(group: resource.group, version: resource.version, kind: resource.listKind)
            let kinds = [resource.groupVersionKind, list] + resource.subresources.map(\.kind)
            roots += kinds.compactMap { schema.kind($0)?.name }
        }
        return roots
    }
}
