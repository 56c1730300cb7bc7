internal import EdgeAPI
internal import EdgeJSON

/// One version of a custom resource definition, as OpenAPI shows it.
struct CustomKind: Sendable {
    var resource: ResourceDefinition
    /// Changes with the schema.
    let fingerprint: String
    private let loadSchema: @Sendable () -> JSONObject

    /// The structural schema, `openAPIV3Schema`; read where it is stored when a document is made.
    var schema: JSONObject { loadSchema() }

    init(
        resource: ResourceDefinition, fingerprint: String, loadSchema: @escaping @Sendable () -> JSONObject
    ) {
        self.resource = resource
        self.fingerprint = fingerprint
        self.loadSchema = loadSchema
    }

    init(resource: ResourceDefinition, schema: JSONObject) {
        self.init(
            resource: resource, fingerprint: ContentHash.text(JSONValue.object(schema).encoded),
            loadSchema: { schema })
    }

    var definition: String {
        OpenAPINames.customDefinition(group: resource.group, version: resource.version, kind: resource.kind)
    }

    /// What the document has under `definition`: the schema with the members that every object has.
    func definitionSchema(_ flavor: OpenAPIFlavor) -> JSONValue {
        let schema = schema
        var object = flavor == .v2 ? Self.swagger(schema) : schema
        var properties = object["properties"]?.object ?? JSONObject()
        properties["apiVersion"] = ["type": "string"]
        properties["kind"] = ["type": "string"]
        let metadata = flavor.reference(OpenAPINames.definition("meta.v1.ObjectMeta"))
        properties["metadata"] = ["$ref": .string(metadata)]
        object["properties"] = .object(properties)
        object["type"] = "object"
        object["x-kubernetes-group-version-kind"] = [OpenAPISchemas.kind(resource.groupVersionKind)]
        return .object(object)
    }

    var listDefinition: String {
        OpenAPINames.customDefinition(
            group: resource.group, version: resource.version, kind: resource.listKind)
    }

    func listSchema(_ flavor: OpenAPIFlavor) -> JSONValue {
        let kind = GroupVersionKind(group: resource.group, version: resource.version, kind: resource.listKind)
        return [
            "type": "object", "required": ["items"],
            "properties": [
                "apiVersion": ["type": "string"], "kind": ["type": "string"],
                "metadata": ["$ref": .string(flavor.reference(OpenAPINames.definition("meta.v1.ListMeta")))],
                "items": ["type": "array", "items": ["$ref": .string(flavor.reference(definition))]],
            ],
            "x-kubernetes-group-version-kind": [OpenAPISchemas.kind(kind)],
        ]
    }

    /// What Swagger 2.0 can express of a schema: unions and nullable values become any value.
    private static func swagger(_ schema: JSONObject) -> JSONObject {
        var object = schema
        for key in [
            "oneOf", "anyOf", "allOf", "not", "nullable", "x-kubernetes-validations", "default", "example",
        ] {
            object[key] = nil
        }
        let isOpen = schema["x-kubernetes-preserve-unknown-fields"] == true
        if schema["nullable"] == true || isOpen || schema["x-kubernetes-int-or-string"] == true {
            for key in ["type", "properties", "items", "required"] { object[key] = nil }
            return object
        }
        for key in ["items", "additionalProperties"] {
            if case .object(let inner) = object[key] { object[key] = .object(swagger(inner)) }
        }
        if case .object(var properties) = object["properties"] {
            properties.updateValues { _, value in
                if case .object(let inner) = value { value = .object(swagger(inner)) }
            }
            object["properties"] = .object(properties)
        }
        return object
    }
}
