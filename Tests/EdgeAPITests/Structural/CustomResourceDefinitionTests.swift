import EdgeJSON
import Testing

@testable import EdgeAPI

@Suite struct CustomResourceDefinitionTests {
    static func definition(_ schema: JSONValue, change: (inout APIObject) -> Void = { _ in }) -> APIObject {
        var object = APIObject(
            apiVersion: "apiextensions.k8s.io/v1", kind: "CustomResourceDefinition",
            name: "crontabs.stable.example.com")
        object["spec"] = [
            "group": "stable.example.com", "scope": "Namespaced",
            "names": [
                "plural": "crontabs", "singular": "crontab", "kind": "CronTab", "listKind": "CronTabList",
            ],
            "conversion": ["strategy": "None"],
            "versions": [
                ["name": "v1", "served": true, "storage": true, "schema": ["openAPIV3Schema": schema]]
            ],
        ]
        object["status"] = ["storedVersions": ["v1"]]
        change(&object)
        return object
    }

    static func errors(_ object: APIObject) -> [String] {
        ObjectValidator.validateCreate(
            object, group: "apiextensions.k8s.io", kind: "CustomResourceDefinition", isNamespaced: false
        ).map(\.description)
    }

    @Test func acceptsTheTextbookExample() {
        let schema: JSONValue = [
            "type": "object",
            "properties": [
                "spec": [
                    "type": "object",
                    "properties": [
                        "cronSpec": ["type": "string"], "image": ["type": "string"],
                        "replicas": ["type": "integer", "default": 1],
                        "port": [
                            "x-kubernetes-int-or-string": true,
                            "anyOf": [["type": "integer"], ["type": "string"]],
                        ],
                    ],
                ]
            ],
        ]
        #expect(Self.errors(Self.definition(schema)) == [])
    }

    /// A property `x` and what is wrong with it; `P` stands for its path.
    static let schemas: [(JSONValue, [String])] = [
        ([:], ["P.type: Required value: must not be empty for specified object fields"]),
        (["type": "array"], ["P.items: Required value: must be specified"]),
        (
            ["type": "array", "items": [:]],
            ["P.items.type: Required value: must not be empty for specified array items"]
        ),
        (
            ["type": "object", "anyOf": [["type": "object"]]],
            ["P.anyOf[0].type: Forbidden: must be empty to be structural"]
        ),
        (
            ["type": "string", "oneOf": [["default": "x"]]],
            ["P.oneOf[0].default: Forbidden: must be undefined to be structural"]
        ),
        (
            ["type": "strin"],
            [
                "P.type: Unsupported value: \"strin\": supported values: \"array\", \"boolean\", \"integer\", \"number\", \"object\", \"string\""
            ]
        ),
        (
            ["type": "array", "items": ["type": "string"], "uniqueItems": true],
            [
                "P.uniqueItems: Forbidden: uniqueItems cannot be set to true since the runtime complexity becomes quadratic"
            ]
        ),
        (
            ["type": "object", "properties": ["a": ["type": "string"]], "additionalProperties": false],
            ["P.additionalProperties: Forbidden: additionalProperties and properties are mutual exclusive"]
        ),
        (
            [
                "type": "array", "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["k"],
                "items": ["type": "object", "properties": ["k": ["type": "string"]]],
            ],
            [
                "P.items.properties[k].default: Required value: this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property"
            ]
        ),
        (
            ["type": "integer", "default": "one"],
            [
                "P.default: Invalid value: \"string\":  in body must be of type integer: \"string\""
            ]
        ),
        (
            ["type": "object", "properties": ["a": ["type": "string"]], "default": ["b": 1]],
            ["P.default: Invalid value: {\"b\":1}: must not have unknown fields"]
        ),
        (["$ref": "#/x", "type": "string"], ["P.$ref: Forbidden: $ref is not supported"]),
    ]

    @Test(arguments: schemas) func refusesWhatIsNotStructural(_ property: JSONValue, _ messages: [String]) {
        let schema: JSONValue = [
            "type": "object",
            "properties": ["spec": ["type": "object", "properties": ["x": property]]],
        ]
        let path = "spec.validation.openAPIV3Schema.properties[spec].properties[x]"
        let expected = messages.map { path + $0.dropFirst() }
        #expect(Self.errors(Self.definition(schema)) == expected)
    }

    @Test func pathsNameTheVersionWhereVersionsDiffer() {
        let object = Self.definition(["type": "object"]) { object in
            object[path: "spec", "versions"] = [
                [
                    "name": "v1", "served": true, "storage": true,
                    "schema": ["openAPIV3Schema": ["type": "object"]],
                ],
                [
                    "name": "v2", "served": true, "storage": false,
                    "schema": ["openAPIV3Schema": ["type": "object", "properties": ["x": [:]]]],
                ],
            ]
        }
        #expect(
            Self.errors(object) == [
                "spec.versions[1].schema.openAPIV3Schema.properties[x].type: Required value: must not be empty for specified object fields"
            ])
    }

    static let specs: [(String, @Sendable (inout APIObject) -> Void, String)] = [
        (
            "name", { $0.metadata["name"] = "other.stable.example.com" },
            "metadata.name: Invalid value: \"other.stable.example.com\": must be spec.names.plural+\".\"+spec.group"
        ),
        (
            "scope", { $0[path: "spec", "scope"] = "Galaxy" },
            "spec.scope: Unsupported value: \"Galaxy\": supported values: \"Cluster\", \"Namespaced\""
        ),
        (
            "unknown fields", { $0[path: "spec", "preserveUnknownFields"] = true },
            "spec.preserveUnknownFields: Invalid value: true: cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead"
        ),
        (
            "webhook", { $0[path: "spec", "conversion"] = ["strategy": "Webhook"] },
            "spec.conversion.webhookClientConfig: Required value: required when strategy is set to Webhook"
        ),
        (
            "kinds", { $0[path: "spec", "names", "listKind"] = "CronTab" },
            "spec.names.listKind: Invalid value: \"CronTab\": kind and listKind may not be the same"
        ),
    ]

    @Test(arguments: specs) func checksTheSpec(
        _ name: String, _ change: @Sendable (inout APIObject) -> Void, _ message: String
    ) {
        #expect(Self.errors(Self.definition(["type": "object"], change: change)).contains(message))
    }

    @Test func groupsOfKubernetesNeedApproval() {
        var object = Self.definition(["type": "object"]) { object in
            object[path: "spec", "group"] = "x.k8s.io"
            object.metadata["name"] = "crontabs.x.k8s.io"
        }
        #expect(Self.errors(object).count == 1)
        object[annotation: "api-approved.kubernetes.io"] = "https://github.com/kubernetes/enhancements/pull/1"
        #expect(Self.errors(object) == [])
    }

    @Test(arguments: [
        (".spec.replicas", "3"), (".metadata.labels['app\\.io/name']", "\"n\""),
        (".status.conditions[?(@.type==\"Ready\")].status", "\"True\""), (".spec.list[1]", "\"b\""),
        (".spec.list[*]", "\"a\""), (".spec.none", "nil"),
    ]) func pathsFindTheirValues(_ path: String, _ text: String) throws {
        let value: JSONValue = [
            "metadata": ["labels": ["app.io/name": "n"]], "spec": ["replicas": 3, "list": ["a", "b"]],
            "status": [
                "conditions": [["type": "A", "status": "False"], ["type": "Ready", "status": "True"]]
            ],
        ]
        let found = try #require(SimpleJSONPath(path)).first(in: value)
        #expect((found?.description ?? "nil") == text)
    }
}
