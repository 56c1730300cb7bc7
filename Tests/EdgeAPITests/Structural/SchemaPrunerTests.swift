import EdgeJSON
import Testing

@testable import EdgeAPI

@Suite struct SchemaPrunerTests {
    struct Case: CustomTestStringConvertible {
        let testDescription: String
        let schema: JSONValue
        let value: JSONValue
        let pruned: JSONValue
        let unknown: [String]
    }

    static let cases = [
        Case(
            testDescription: "unknown members go, metadata stays",
            schema: [
                "type": "object",
                "properties": ["spec": ["type": "object", "properties": ["a": ["type": "string"]]]],
            ],
            value: [
                "apiVersion": "v", "kind": "K", "metadata": ["x": 1], "spec": ["a": "1", "b": 2], "other": [],
            ],
            pruned: ["apiVersion": "v", "kind": "K", "metadata": ["x": 1], "spec": ["a": "1"]],
            unknown: ["other", "spec.b"]),
        Case(
            testDescription: "elements of lists are named by their index",
            schema: [
                "type": "object",
                "properties": [
                    "l": [
                        "type": "array",
                        "items": ["type": "object", "properties": ["a": ["type": "integer"]]],
                    ]
                ],
            ],
            value: ["l": [["a": 1], ["b": 1]]], pruned: ["l": [["a": 1], [:]]], unknown: ["l[1].b"]),
        Case(
            testDescription: "preserved members stay, known ones among them are pruned",
            schema: [
                "type": "object", "x-kubernetes-preserve-unknown-fields": true,
                "properties": ["p": ["type": "object", "properties": ["a": ["type": "integer"]]]],
            ],
            value: ["p": ["a": 1, "b": 2], "q": ["r": 1]], pruned: ["p": ["a": 1], "q": ["r": 1]],
            unknown: ["p.b"]),
        Case(
            testDescription: "additional properties are of their schema",
            schema: [
                "type": "object",
                "properties": [
                    "m": [
                        "type": "object",
                        "additionalProperties": ["type": "object", "properties": ["a": ["type": "string"]]],
                    ]
                ],
            ],
            value: ["m": ["x": ["a": "1", "b": 2]]], pruned: ["m": ["x": ["a": "1"]]], unknown: ["m.x.b"]),
        Case(
            testDescription: "an embedded object keeps its metadata",
            schema: [
                "type": "object",
                "properties": [
                    "e": [
                        "type": "object", "x-kubernetes-embedded-resource": true,
                        "properties": ["spec": ["type": "object"]],
                    ]
                ],
            ],
            value: [
                "e": ["apiVersion": "v1", "kind": "P", "metadata": ["name": "n"], "spec": ["x": 1], "y": 1]
            ],
            pruned: ["e": ["apiVersion": "v1", "kind": "P", "metadata": ["name": "n"], "spec": [:]]],
            unknown: ["e.spec.x", "e.y"]),
    ]

    @Test(arguments: cases) func prunes(_ test: Case) throws {
        let schema = StructuralSchema(try #require(test.schema.object))
        var object = try #require(test.value.object)
        var pruner = SchemaPruner()
        pruner.pruneRoot(&object, schema)
        #expect(.object(object) == test.pruned)
        #expect(pruner.unknownFields == test.unknown)
    }

    @Test func defaultsAreFilledInAtAllDepths() throws {
        let schema = StructuralSchema([
            "type": "object",
            "properties": [
                "spec": [
                    "type": "object", "default": [:],
                    "properties": [
                        "replicas": ["type": "integer", "default": 3],
                        "ports": [
                            "type": "array",
                            "items": [
                                "type": "object",
                                "properties": ["protocol": ["type": "string", "default": "TCP"]],
                            ],
                        ],
                        "note": ["type": "string"],
                        "maybe": ["type": "string", "nullable": true, "default": "x"],
                    ],
                ]
            ],
        ])
        var empty: JSONObject = [:]
        SchemaDefaulter.fill(&empty, schema)
        #expect(JSONValue.object(empty) == ["spec": ["maybe": "x", "replicas": 3]])
        var given: JSONObject = [
            "spec": ["replicas": .null, "ports": [[:], ["protocol": "UDP"]], "note": .null, "maybe": .null]
        ]
        SchemaDefaulter.fill(&given, schema)
        SchemaDefaulter.dropNulls(&given, schema)
        #expect(
            JSONValue.object(given)
                == [
                    "spec": [
                        "replicas": 3, "ports": [["protocol": "TCP"], ["protocol": "UDP"]], "maybe": .null,
                    ]
                ])
    }
}
