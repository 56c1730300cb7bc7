import EdgeAPI
import EdgeJSON
import Testing

@testable import EdgeAPIServer

/// `x-kubernetes-validations`, the cases of Kubernetes' documentation among them.
@Suite struct SchemaRuleTests {
    private static func spec(_ properties: JSONValue, rules: JSONValue = []) -> JSONObject {
        [
            "type": "object",
            "properties": [
                "spec": ["type": "object", "properties": properties, "x-kubernetes-validations": rules]
            ],
        ]
    }

    private static let replicas = spec(
        [
            "minReplicas": ["type": "integer"], "replicas": ["type": "integer"],
            "maxReplicas": ["type": "integer"],
        ],
        rules: [
            [
                "rule": "self.minReplicas <= self.replicas && self.replicas <= self.maxReplicas",
                "messageExpression":
                    "'replicas must be in ' + string(self.minReplicas) + '..' + string(self.maxReplicas)",
                "fieldPath": ".replicas",
            ],
            [
                "rule": "!has(oldSelf.maxReplicas) || self.maxReplicas >= oldSelf.maxReplicas",
                "message": "grow",
            ],
        ])

    private func errors(_ schema: JSONObject, _ value: JSONValue, old: JSONValue? = nil) throws -> [String] {
        try #require(CELRuleEngine().rules(of: schema)).errors(in: value, old: old).map(\.description)
    }

    private func problems(_ schema: JSONObject) -> [String] {
        CELRuleEngine().problems(in: schema, FieldPath("schema"), unchanged: false).map(\.description)
    }

    private static func replicas(_ low: Int64, _ count: Int64, _ high: Int64) -> JSONValue {
        ["spec": ["minReplicas": .int(low), "replicas": .int(count), "maxReplicas": .int(high)]]
    }

    @Test func rulesHoldOrSayWhyNot() throws {
        #expect(try errors(Self.replicas, Self.replicas(1, 2, 3)) == [])
        #expect(
            try errors(Self.replicas, Self.replicas(1, 4, 3)) == [
                "spec.replicas: Invalid value: \"object\": replicas must be in 1..3"
            ])
        #expect(
            try errors(Self.replicas, ["spec": ["replicas": 1]]) == [
                "spec: Invalid value: \"object\": no such key: minReplicas evaluating rule: self.minReplicas <= self.replicas && self.replicas <= self.maxReplicas"
            ])
    }

    @Test func transitionRulesNeedAnOldValue() throws {
        #expect(
            try errors(Self.replicas, Self.replicas(1, 1, 1), old: Self.replicas(1, 1, 2)) == [
                "spec: Invalid value: \"object\": grow"
            ])
        #expect(try errors(Self.replicas, Self.replicas(1, 1, 1), old: ["spec": .null]) == [])
    }

    @Test func whatWasWrongBeforeIsLetPass() throws {
        let broken = Self.replicas(1, 4, 3)
        #expect(try errors(Self.replicas, broken, old: broken) == [])
        var changed = broken
        changed["spec"]?["replicas"] = 5
        #expect(try errors(Self.replicas, changed, old: broken).count == 1)
    }

    @Test func optionalOldSelf() throws {
        let schema = Self.spec([
            "name": [
                "type": "string",
                "x-kubernetes-validations": [
                    [
                        "rule": "oldSelf.hasValue() || self.startsWith('new')", "optionalOldSelf": true,
                        "reason": "FieldValueForbidden", "message": "must begin with new",
                    ]
                ],
            ]
        ])
        #expect(problems(schema) == [])
        #expect(
            try errors(schema, ["spec": ["name": "x"]]) == ["spec.name: Forbidden: must begin with new"])
        #expect(try errors(schema, ["spec": ["name": "x"]], old: ["spec": ["name": "y"]]) == [])
    }

    @Test func elementsOfMapListsHaveCounterparts() throws {
        let schema = Self.spec([
            "ports": [
                "type": "array", "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["name"],
                "maxItems": 5,
                "items": [
                    "type": "object",
                    "properties": ["name": ["type": "string"], "port": ["type": "integer"]],
                    "x-kubernetes-validations": [["rule": "self.port == oldSelf.port", "message": "fixed"]],
                ],
            ]
        ])
        #expect(problems(schema) == [])
        let old: JSONValue = ["spec": ["ports": [["name": "a", "port": 1], ["name": "b", "port": 2]]]]
        let new: JSONValue = ["spec": ["ports": [["name": "b", "port": 3], ["name": "c", "port": 4]]]]
        #expect(try errors(schema, new, old: old) == ["spec.ports[0]: Invalid value: \"object\": fixed"])
    }

    @Test func mapsEmbeddedResourcesAndOddNames() throws {
        let schema: JSONObject = [
            "type": "object",
            "properties": [
                "data": [
                    "type": "object", "maxProperties": 3,
                    "additionalProperties": [
                        "type": "string", "maxLength": 10,
                        "x-kubernetes-validations": [["rule": "self != 'bad'"]],
                    ],
                ],
                "template": [
                    "type": "object", "x-kubernetes-embedded-resource": true,
                    "x-kubernetes-preserve-unknown-fields": true,
                    "x-kubernetes-validations": [["rule": "self.metadata.name.size() < 4"]],
                ],
                "port": [
                    "x-kubernetes-int-or-string": true,
                    "x-kubernetes-validations": [["rule": "type(self) == int ? self > 0 : self != ''"]],
                ],
                "a-b": ["type": "integer"],
            ],
            "x-kubernetes-validations": [
                ["rule": "self.a__dash__b == 1 && self.metadata.name != 'no' && self.kind == 'K'"]
            ],
        ]
        #expect(problems(schema) == [])
        let good: JSONValue = [
            "kind": "K", "metadata": ["name": "x"], "a-b": 1, "data": ["k": "v"], "port": "http",
            "template": ["metadata": ["name": "abc"]],
        ]
        #expect(try errors(schema, good) == [])
        let bad: JSONValue = [
            "kind": "K", "metadata": ["name": "no"], "a-b": 1, "data": ["k": "bad"], "port": 0,
            "template": ["metadata": ["name": "abcd"]],
        ]
        #expect(
            try errors(schema, bad) == [
                "<nil>: Invalid value: \"object\": failed rule: self.a__dash__b == 1 && self.metadata.name != 'no' && self.kind == 'K'",
                "data[k]: Invalid value: \"string\": failed rule: self != 'bad'",
                "port: Invalid value: \"\": failed rule: type(self) == int ? self > 0 : self != ''",
                "template: Invalid value: \"object\": failed rule: self.metadata.name.size() < 4",
            ])
    }

    // MARK: Definitions

    @Test(arguments: [
        ("self.spec.nope == 1", "compilation failed: ERROR: <input>:1:10: undefined field 'nope'"),
        ("self.spec.count + 1", "cel expression must evaluate to a bool"),
        ("self.spec.count == ", "compilation failed: ERROR: <input>:1:20: Syntax error"),
        ("self.spec.count + '1' == 2", "found no matching overload for '_+_' applied to '(int, string)'"),
        ("self.metadata.labels.size() > 0", "undefined field 'labels'"),
    ])
    func rulesThatDoNotCompile(rule: String, detail: String) {
        var schema = Self.spec(["count": ["type": "integer"]])
        schema["x-kubernetes-validations"] = [["rule": .string(rule)]]
        let found = problems(schema)
        #expect(found.count == 1)
        #expect(found.first?.hasPrefix("schema.x-kubernetes-validations[0].rule: Invalid value: ") == true)
        #expect(found.first?.contains(detail) == true, "\(found)")
    }

    @Test func messagesMustBeTexts() {
        let schema = Self.spec(
            ["n": ["type": "integer"]], rules: [["rule": "true", "messageExpression": "self.n"]])
        #expect(problems(schema).first?.contains("messageExpression must evaluate to a string") == true)
    }

    @Test func costIsLimited() {
        let schema = Self.spec([
            "list": [
                "type": "array",
                "items": ["type": "string", "x-kubernetes-validations": [["rule": "self.contains('x')"]]],
            ]
        ])
        let found = problems(schema)
        #expect(
            found.first
                == "schema.properties[spec].properties[list].items.x-kubernetes-validations[0].rule: Forbidden: estimated rule cost exceeds budget by factor of more than 100x (try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared)"
        )
        #expect(
            found.last?.hasPrefix("schema: Forbidden: x-kubernetes-validations estimated rule cost total")
                == true)
    }

    @Test func oldSelfOfUnknownElements() {
        let schema = Self.spec([
            "list": [
                "type": "array", "maxItems": 3,
                "items": ["type": "integer", "x-kubernetes-validations": [["rule": "self == oldSelf"]]],
            ]
        ])
        #expect(
            problems(schema) == [
                "schema.properties[spec].properties[list].items.x-kubernetes-validations[0].rule: Invalid value: \"self == oldSelf\": oldSelf cannot be used on the uncorrelatable portion of the schema within schema.properties[spec].properties[list]"
            ])
        let plain = Self.spec(["n": ["type": "integer"]], rules: [["rule": "true", "optionalOldSelf": true]])
        #expect(problems(plain).first?.hasSuffix("may not be set if oldSelf is not used in rule") == true)
    }

    @Test func defaultsMustSatisfyTheRules() {
        let schema = Self.spec([
            "n": ["type": "integer", "default": 0, "x-kubernetes-validations": [["rule": "self > 0"]]]
        ])
        #expect(
            problems(schema) == [
                "schema.properties[spec].properties[n].default: Invalid value: \"integer\": failed rule: self > 0"
            ])
    }

    @Test func evaluationIsBounded() throws {
        let schema = Self.spec(
            ["list": ["type": "array", "items": ["type": "integer"]]],
            rules: [["rule": "self.list.all(a, self.list.all(b, self.list.all(c, a + b + c > 0)))"]])
        let value: JSONValue = ["spec": ["list": .array(Array(repeating: 1, count: 1000))]]
        #expect(
            try errors(schema, value).first?.contains("no further validation rules will be run") == true)
    }
}
