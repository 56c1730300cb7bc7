import EdgeJSON
import Testing

@testable import EdgeAPI

@Suite struct SchemaValidatorTests {
    struct Case: CustomTestStringConvertible {
        let property: JSONValue
        let value: JSONValue
        let messages: [String]

        init(_ property: JSONValue, _ value: JSONValue, _ messages: String...) {
            self.property = property
            self.value = value
            self.messages = messages
        }

        var testDescription: String { "\(property) \(value)" }
    }

    /// What Kubernetes says about `spec.x`.
    static let cases = [
        Case(["type": "integer"], 3),
        Case(["type": "integer"], 3.0),
        Case(
            ["type": "integer"], "three",
            "spec.x: Invalid value: \"string\": spec.x in body must be of type integer: \"string\""),
        Case(
            ["type": "string"], 1,
            "spec.x: Invalid value: \"integer\": spec.x in body must be of type string: \"integer\""),
        Case(
            ["type": "string"], .null,
            "spec.x: Invalid value: \"null\": spec.x in body must be of type string: \"null\""),
        Case(["type": "string", "nullable": true], .null),
        Case(["type": "number"], 1),
        Case(["x-kubernetes-int-or-string": true], "50%"),
        Case(["x-kubernetes-int-or-string": true], 5),
        Case(
            ["x-kubernetes-int-or-string": true], true,
            "spec.x: Invalid value: \"boolean\": spec.x in body must be of type integer,string: \"boolean\""),
        Case(
            ["type": "integer", "minimum": 1, "maximum": 10], 11,
            "spec.x: Invalid value: 11: spec.x in body should be less than or equal to 10"),
        Case(
            ["type": "integer", "minimum": 1], 0,
            "spec.x: Invalid value: 0: spec.x in body should be greater than or equal to 1"),
        Case(
            ["type": "number", "minimum": 0.5, "exclusiveMinimum": true], 0.5,
            "spec.x: Invalid value: 0.5: spec.x in body should be greater than 0.5"),
        Case(
            ["type": "integer", "multipleOf": 5], 7,
            "spec.x: Invalid value: 7: spec.x in body should be a multiple of 5"),
        Case(
            ["type": "string", "minLength": 1], "",
            "spec.x: Invalid value: \"\": spec.x in body should be at least 1 chars long"),
        Case(
            ["type": "string", "maxLength": 3], "abcd", "spec.x: Too long: may not be more than 3 bytes"),
        Case(
            ["type": "string", "enum": ["a", "b"]], "c",
            "spec.x: Unsupported value: \"c\": supported values: \"a\", \"b\""),
        Case(
            ["type": "array", "items": ["type": "string"], "maxItems": 1], ["a", "b"],
            "spec.x: Too many: 2: must have at most 1 item"),
        Case(
            ["type": "array", "items": ["type": "string"], "minItems": 1], [],
            "spec.x: Invalid value: 0: spec.x in body should have at least 1 items"),
        Case(
            ["type": "array", "items": ["type": "string"]], ["a", 1],
            "spec.x[1]: Invalid value: \"integer\": spec.x[1] in body must be of type string: \"integer\""),
        Case(
            ["type": "object", "required": ["a"], "properties": ["a": ["type": "string"]]], [:],
            "spec.x.a: Required value"),
        Case(
            ["type": "object", "minProperties": 1], [:],
            "spec.x: Invalid value: 0: spec.x in body should have at least 1 properties"),
        Case(
            ["type": "string", "format": "ipv4"], "1.2.3",
            "spec.x: Invalid value: \"1.2.3\": spec.x in body must be of type ipv4: \"1.2.3\""),
        Case(
            ["type": "object", "oneOf": [["required": ["a"]], ["required": ["b"]]]], ["a": 1, "b": 1],
            "<nil>: Invalid value: \"\": \"spec.x\" must validate one and only one schema (oneOf). Found 2 valid alternatives"
        ),
        Case(
            ["type": "object", "not": ["required": ["a"]]], ["a": 1],
            "<nil>: Invalid value: \"\": \"spec.x\" must not validate the schema (not)"),
        Case(
            ["type": "integer", "anyOf": [["minimum": 10], ["maximum": 5]]], 7,
            "<nil>: Invalid value: \"\": \"spec.x\" must validate at least one schema (anyOf)",
            "spec.x: Invalid value: 7: spec.x in body should be greater than or equal to 10"),
    ]

    private static func schema(_ property: JSONValue) -> StructuralSchema {
        StructuralSchema([
            "type": "object",
            "properties": ["spec": ["type": "object", "properties": ["x": property]]],
        ])
    }

    @Test(arguments: cases) func speaksAsKubernetes(_ test: Case) {
        let errors = SchemaValidator.errors(in: ["spec": ["x": test.value]], Self.schema(test.property))
        #expect(errors.map(\.description) == test.messages)
    }

    @Test func whatDidNotChangeIsLetPass() {
        let schema = Self.schema(["type": "integer", "maximum": 3])
        let old: JSONValue = ["spec": ["x": 9]]
        var new = old
        new["spec"]?["y"] = 1
        #expect(SchemaValidator.errors(in: new, schema, old: old).isEmpty)
        new["spec"]?["x"] = 10
        #expect(SchemaValidator.errors(in: new, schema, old: old).count == 1)
    }

    @Test func statusErrorsNameTheStatus() {
        let schema = StructuralSchema(["type": "object", "properties": ["n": ["type": "integer"]]])
        let errors = SchemaValidator.errors(in: ["n": "1"], schema, prefix: "status")
        #expect(
            errors.map(\.description) == [
                "status.n: Invalid value: \"string\": n in body must be of type integer: \"string\""
            ])
    }

    @Test func listsOfTypeSetAndMapHaveNoRepetitions() {
        let schema = StructuralSchema([
            "type": "object",
            "properties": [
                "s": ["type": "array", "x-kubernetes-list-type": "set", "items": ["type": "string"]],
                "m": [
                    "type": "array", "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["name"],
                    "items": ["type": "object", "properties": ["name": ["type": "string"]]],
                ],
            ],
        ])
        let errors = SchemaLists.errors(
            in: ["s": ["a", "b", "a", "a"], "m": [["name": "x"], ["name": "x", "v": 1]]], schema)
        #expect(
            errors.map(\.description) == [
                "s[2]: Duplicate value: \"a\"", "m[1]: Duplicate value: {\"name\":\"x\"}",
            ])
    }

    @Test(arguments: [
        ("date-time", "2026-07-22T14:05:07Z", true), ("date-time", "2026-07-22 14:05:07Z", false),
        ("date-time", "2026-07-22T14:05:07.123+02:00", true), ("date", "2024-02-29", true),
        ("date", "2023-02-29", false), ("duration", "1h30m", true), ("duration", "3 days", true),
        ("duration", "soon", false), ("uuid", "123E4567-e89b-12d3-a456-426614174000", true),
        ("uuid4", "123e4567-e89b-12d3-a456-426614174000", false), ("ipv4", "10.0.0.1", true),
        ("ipv6", "fe80::1", true), ("ipv6", "10.0.0.1", false), ("cidr", "10.0.0.0/8", true),
        ("cidr", "10.0.0.0/33", false), ("email", "a@b.example", true), ("email", "a@", false),
        ("hostname", "www.example.com", true), ("hostname", "-bad.example", false),
        ("uri", "https://example.com/x?y", true), ("uri", "no uri", false), ("uri", "/path", true),
        ("mac", "01:23:45:67:89:ab", true), ("mac", "01:23", false), ("byte", "aGk=", true),
        ("byte", "a", false), ("hexcolor", "#ff00AA", true), ("isbn", "978-0321751041", true),
        ("k8s-short-name", "my-name", true), ("k8s-short-name", "My", false),
        ("unheard-of", "anything", true),
    ]) func formats(_ format: String, _ text: String, _ isValid: Bool) {
        let schema = Self.schema(["type": "string", "format": .string(format)])
        let errors = SchemaValidator.errors(in: ["spec": ["x": .string(text)]], schema)
        #expect(errors.isEmpty == isValid)
    }
}
