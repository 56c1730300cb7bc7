import EdgeAPI
import EdgeCEL
import EdgeJSON
import Testing

@testable import EdgeAPIServer

@Suite struct AdmissionPolicyTests {
    private static func object(_ spec: JSONValue) throws -> APIObject {
        try #require(APIObject(["metadata": ["name": "demo.example.com"], "spec": spec]))
    }

    private static func validating(_ members: [String: JSONValue]) throws -> APIObject {
        var spec: JSONValue = [
            "failurePolicy": "Fail",
            "matchConstraints": [
                "matchPolicy": "Equivalent", "namespaceSelector": [:], "objectSelector": [:],
                "resourceRules": [
                    [
                        "apiGroups": ["apps"], "apiVersions": ["v1"], "operations": ["CREATE"],
                        "resources": ["deployments"], "scope": "*",
                    ]
                ],
            ],
        ]
        for (key, value) in members { spec[key] = value }
        return try object(spec)
    }

    private static func values(_ replicas: Int64, params: JSONValue = .null) -> CELActivation {
        CELActivation([
            "object": CELValue(json: ["spec": ["replicas": .int(replicas)]]), "oldObject": .null,
            "params": CELValue(json: params),
        ])
    }

    @Test func variablesMessagesAndAnnotations() throws {
        let object = try Self.validating([
            "paramKind": ["apiVersion": "v1", "kind": "ConfigMap"],
            "variables": [
                ["name": "limit", "expression": "int(params.data.limit)"],
                ["name": "isOver", "expression": "object.spec.replicas > variables.limit"],
            ],
            "validations": [
                [
                    "expression": "!variables.isOver", "reason": "Forbidden",
                    "messageExpression": "'at most ' + string(variables.limit)",
                ],
                ["expression": "object.spec.replicas != 7", "message": "not seven"],
                ["expression": "object.spec.replicas < 100"],
            ],
            "auditAnnotations": [
                ["key": "over", "valueExpression": "variables.isOver ? 'by some' : ''"]
            ],
        ])
        #expect(PolicyChecker.errors(inValidating: object).map(\.description) == [])
        let policy = try ValidatingPolicy(object)
        let params: JSONValue = ["data": ["limit": "5"]]
        #expect(policy.evaluate(Self.values(5, params: params)) == ValidatingPolicy.Outcome())
        let seven = policy.evaluate(Self.values(7, params: params))
        #expect(
            seven.findings == [
                .init(index: 0, message: "at most 5", reason: "Forbidden"),
                .init(index: 1, message: "not seven", reason: "Invalid"),
            ])
        #expect(seven.annotations.first?.key == "over" && seven.annotations.first?.value == "by some")
        #expect(
            policy.evaluate(Self.values(200, params: params)).findings.last?.message
                == "failed expression: object.spec.replicas < 100")
    }

    @Test(arguments: ["Fail", "Ignore"]) func failures(policy: String) throws {
        let compiled = try ValidatingPolicy(
            try Self.validating([
                "failurePolicy": .string(policy), "validations": [["expression": "object.nope == 1"]],
            ]))
        let messages = compiled.evaluate(Self.values(1)).findings.map(\.message)
        #expect(
            messages
                == (policy == "Fail"
                    ? ["expression 'object.nope == 1' resulted in error: no such key: nope"] : []))
    }

    @Test(arguments: [
        (
            "object.x +",
            "spec.validations[0].expression: Invalid value: \"object.x +\": compilation failed: ERROR"
        ),
        ("1", "spec.validations[0].expression: Invalid value: \"1\": must evaluate to bool but got int"),
        (" ", "spec.validations[0].expression: Required value: expression is not specified"),
        ("variables.b", "undefined field 'b'"),
    ])
    func whatDoesNotCompile(expression: String, message: String) throws {
        let object = try Self.validating([
            "variables": [["name": "a", "expression": "1"]],
            "validations": [["expression": .string(expression)]],
        ])
        let errors = PolicyChecker.errors(inValidating: object).map(\.description)
        #expect(errors.count == 1 && errors[0].contains(message), "\(errors)")
    }

    // MARK: Mutations

    private static func mutate(
        _ mutation: JSONValue, _ object: JSONValue, kind: GroupVersionKind
    ) throws -> JSONValue {
        let policy = try MutatingPolicy(try Self.object(["mutations": [mutation]]))
        let merge = PolicyMerge(type: Schema.shared.kind(kind))
        var values = CELActivation(["object": CELValue(json: object), "oldObject": .null])
        values["variables"] = policy.policy.variables.value(values)
        return try policy.mutated(object, try #require(policy.mutations.first), values, merge)
    }

    private static let pod = GroupVersionKind(group: "", version: "v1", kind: "Pod")
    private static let web: JSONValue = [
        "apiVersion": "v1", "kind": "Pod", "metadata": ["name": "web"],
        "spec": ["containers": [["name": "a", "image": "i"]]],
    ]

    private static func apply(_ expression: String) -> JSONValue {
        ["patchType": "ApplyConfiguration", "applyConfiguration": ["expression": .string(expression)]]
    }

    private static func patch(_ expression: String) -> JSONValue {
        ["patchType": "JSONPatch", "jsonPatch": ["expression": .string(expression)]]
    }

    @Test func configurationsAreMergedByTheSchema() throws {
        let mutated = try Self.mutate(
            Self.apply(
                "Object{spec: Object.spec{containers: [Object.spec.containers{name: 'b', image: 'j'}, Object.spec.containers{name: 'a', tty: true}]}}"
            ), Self.web, kind: Self.pod)
        #expect(
            mutated["spec"]?["containers"] == [
                ["name": "b", "image": "j"], ["name": "a", "image": "i", "tty": true],
            ])
        #expect(mutated["metadata"] == ["name": "web"])
    }

    @Test func patchesAreApplied() throws {
        let mutated = try Self.mutate(
            Self.patch(
                "[JSONPatch{op: 'test', path: '/metadata/name', value: 'web'}, JSONPatch{op: 'add', path: '/metadata/labels', value: {jsonpatch.escapeKey('x/y'): object.metadata.name}}]"
            ), Self.web, kind: Self.pod)
        #expect(mutated["metadata"]?["labels"] == ["x~1y": "web"])
        let untouched = try Self.mutate(
            Self.patch("[JSONPatch{op: 'test', path: '/metadata/name', value: 'other'}]"), Self.web,
            kind: Self.pod)
        #expect(untouched == Self.web)
    }

    @Test(arguments: [
        (apply("Object{spec: Object.other{}}"), "type mismatch: unexpected type name \"Object.other\""),
        (
            apply("Object{spec: Object.spec{containers: [Object.spec.containers{name: 'a', args: ['x']}]}}"),
            "may not mutate atomic arrays, maps or structs: .spec.containers[0].args"
        ),
        (patch("[JSONPatch{op: 'remove', path: '/nope'}]"), "JSONPath: "),
        (apply("1"), "compilation error: must evaluate to Object but got int"),
    ])
    func whatCannotBeMade(mutation: JSONValue, message: String) throws {
        do {
            _ = try Self.mutate(mutation, Self.web, kind: Self.pod)
            Issue.record("no failure")
        } catch { #expect("\(error)".contains(message), "\(error)") }
    }
}
