import EdgeCEL
import EdgeJSON
import Testing

/// Rules as CustomResourceDefinitions have them, against typed objects.
@Suite struct ValidationRuleTests {
    private static let schema = object(
        "selfType",
        [
            "minReplicas": .int, "replicas": .int, "maxReplicas": .int,
            "names": .list(of: .string(), kind: .set),
            "ports": .list(
                of: object("selfType.ports", ["name": .string(), "port": .int, "protocol": .string()]),
                kind: .map(keys: ["name", "protocol"])),
            "when": .timestamp, "day": .date, "every": .duration, "data": .bytes(), "size": .intOrString(),
            "ratio": .double,
            "labels": .map(of: .string()), "namespace": .string(), "x-y.z/w": .string(), "a__b": .int,
            "spec": object("selfType.spec", ["enabled": .bool]),
        ])

    private func cel(_ value: JSONValue, old: JSONValue = [:]) -> CELTesting {
        CELTesting(
            variables: ["self": Self.schema, "oldSelf": Self.schema],
            values: ["self": value, "oldSelf": old],
            libraries: CELLibrary.kubernetes, validatesLiterals: true)
    }

    private static let full: JSONValue = [
        "minReplicas": 1, "replicas": 2, "maxReplicas": 3, "names": ["a", "b"],
        "ports": [
            ["name": "web", "port": 80, "protocol": "TCP"], ["name": "dns", "port": 53, "protocol": "UDP"],
        ],
        "when": "2024-02-29T12:00:00Z", "day": "2024-02-29", "every": "1h30m", "data": "aGk=", "size": "50%",
        "ratio": 1,
        "labels": ["app": "web", "a/b": "c"], "namespace": "ns", "x-y.z/w": "odd", "a__b": 7,
        "spec": ["enabled": true],
    ]

    @Test(arguments: [
        "self.minReplicas <= self.replicas && self.replicas <= self.maxReplicas",
        "self.names.exists(n, n == 'a')", "self.names == ['b', 'a']",
        "self.names + ['b', 'c'] == ['a', 'b', 'c']", "self.ports.all(p, p.port > 0)",
        "self.ports.exists_one(p, p.name == 'web')",
        "self.ports == [self.ports[1], self.ports[0]]", "(self.ports + [self.ports[0]]).size() == 2",
        "self.when > timestamp('2024-01-01T00:00:00Z')",
        "self.when.getHours() == 12", "self.day.getDate() == 29", "self.every == duration('90m')",
        "self.data == b'hi'", "type(self.size) == string && self.size.matches(r'^\\d+%$')",
        "self.ratio == 1.0 && type(self.ratio) == double", "self.labels['app'] == 'web'",
        "'a/b' in self.labels", "self.labels.all(k, k.size() > 0)",
        "self.__namespace__ == 'ns'", "self.x__dash__y__dot__z__slash__w == 'odd'",
        "self.a__underscores__b == 7", "has(self.spec.enabled)", "self.spec.enabled",
        "!has(oldSelf.replicas) || self.replicas >= oldSelf.replicas",
        "self.labels.transformMap(k, v, v + '!')['app'] == 'web!'", "self.?spec.?enabled.orValue(false)",
        "dyn(self).replicas == 2", "self == self", "self != oldSelf", "type(self.spec) == type(self.spec)",
        "self.names.map(n, n.upperAscii()).join(',') == 'A,B'",
    ])
    func holds(source: String) throws { #expect(try cel(Self.full).isTrue(source)) }

    @Test func missingFieldsAreErrorsOrAbsent() throws {
        let cel = cel(["replicas": 5])
        #expect(cel.error("self.minReplicas > 0") == "no such key: minReplicas")
        #expect(try cel.isTrue("!has(self.minReplicas)"))
        #expect(try cel.isTrue("!has(self.minReplicas) || self.minReplicas > 0"))
        #expect(try cel.isTrue("self.?minReplicas.orValue(3) == 3"))
    }

    @Test func messageExpressionsGiveTexts() throws {
        let value = try cel(Self.full).evaluate("'replicas must be below ' + string(self.maxReplicas)")
        #expect(value.string == "replicas must be below 3")
    }

    @Test func optionalOldSelf() throws {
        let environment = CELEnvironment(variables: ["self": .int, "oldSelf": CELSchema(.optional(.int))])
        let program = try environment.compile(
            "oldSelf.orValue(0) <= self && oldSelf.optMap(o, o < 9).orValue(true)")
        #expect(program.references.contains("oldSelf"))
        for (old, expected) in [
            (CELValue.optional(nil), true), (.optional(.int(7)), false), (.optional(.int(3)), true),
        ] {
            #expect(try program.evaluate(CELActivation(["self": .int(5), "oldSelf": old])).bool == expected)
        }
    }

    @Test(arguments: [
        ("namespace", "__namespace__"), ("a-b", "a__dash__b"), ("a.b/c", "a__dot__b__slash__c"),
        ("a__b", "a__underscores__b"), ("plain_1", "plain_1"), ("int", "int"),
        ("_a", "_a"),
    ])
    func fieldNames(name: String, escaped: String) {
        #expect(CELFieldName.escaped(name) == escaped)
        #expect(CELFieldName.unescaped(escaped) == name)
    }

    @Test(arguments: ["", "1a", "a b", "\u{e9}", "a$"])
    func namesOutOfReach(name: String) { #expect(CELFieldName.escaped(name) == nil) }
}
