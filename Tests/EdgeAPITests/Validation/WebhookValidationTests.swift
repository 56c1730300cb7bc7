import EdgeAPI
import EdgeJSON
import Testing

struct WebhookValidationTests {
    private static let group = "admissionregistration.k8s.io"

    private static func configuration(_ changes: JSONObject) -> JSONValue {
        var webhook: JSONObject = [
            "name": "a.b.c", "sideEffects": "None", "admissionReviewVersions": ["v1"],
            "clientConfig": ["url": "https://x.example/y"],
            "rules": [
                ["operations": ["*"], "apiGroups": [""], "apiVersions": ["v1"], "resources": ["pods"]]
            ],
        ]
        for member in changes { webhook[member.key] = member.value == .null ? nil : member.value }
        return ["webhooks": [.object(webhook)]]
    }

    private static func rule(_ changes: JSONObject) -> JSONObject {
        var rule: JSONObject = [
            "operations": ["CREATE"], "apiGroups": [""], "apiVersions": ["v1"], "resources": ["pods"],
        ]
        for member in changes { rule[member.key] = member.value }
        return ["rules": [.object(rule)]]
    }

    @Test(
        arguments: [
            ([:], []),
            (["name": ""], ["name: Required value"]),
            (
                ["name": "a.b"],
                [
                    "name: Invalid value: \"a.b\": should be a domain with at least three segments separated by dots"
                ]
            ),
            (["sideEffects": nil], ["sideEffects: Required value: must specify one of None, NoneOnDryRun"]),
            (
                ["sideEffects": "Some"],
                ["sideEffects: Unsupported value: \"Some\": supported values: \"None\", \"NoneOnDryRun\""]
            ),
            (
                ["timeoutSeconds": 0],
                ["timeoutSeconds: Invalid value: 0: the timeout value must be between 1 and 30 seconds"]
            ),
            (
                ["failurePolicy": "Maybe"],
                ["failurePolicy: Unsupported value: \"Maybe\": supported values: \"Fail\", \"Ignore\""]
            ),
            (
                ["admissionReviewVersions": ["v2"]],
                [
                    "admissionReviewVersions: Invalid value: [\"v2\"]: must include at least one of v1, v1beta1"
                ]
            ),
            (
                ["clientConfig": ["url": "https://x", "service": ["name": "a", "namespace": "b"]]],
                ["clientConfig: Required value: exactly one of url or service is required"]
            ),
            (
                ["clientConfig": ["url": "https://u@x/y?q#f"]],
                [
                    "clientConfig.url: Invalid value: \"u\": user information is not permitted in the URL",
                    "clientConfig.url: Invalid value: \"f\": fragments are not permitted in the URL",
                    "clientConfig.url: Invalid value: \"q\": query parameters are not permitted in the URL",
                ]
            ),
            (
                ["clientConfig": ["service": ["name": "", "namespace": "b", "path": "x//"]]],
                [
                    "clientConfig.service.name: Required value: service name is required",
                    "clientConfig.service.path: Invalid value: \"x//\": must start with a '/'",
                    "clientConfig.service.path: Invalid value: \"x//\": segment[0] may not be empty",
                ]
            ),
            (
                rule(["operations": ["*", "CREATE"]]),
                [
                    "rules[0].operations: Invalid value: [\"*\",\"CREATE\"]: if '*' is present, must not specify other operations"
                ]
            ),
            (
                rule(["operations": ["READ"]]),
                [
                    "rules[0].operations[0]: Unsupported value: \"READ\": supported values: \"*\", \"CONNECT\", \"CREATE\", \"DELETE\", \"UPDATE\""
                ]
            ),
            (
                rule(["resources": ["a/*", "a/b"]]),
                [
                    "rules[0].resources[1]: Invalid value: \"a/b\": if 'a/*' is present, must not specify a/b"
                ]
            ),
            (
                rule(["resources": ["*", "a"]]),
                [
                    "rules[0].resources: Invalid value: [\"*\",\"a\"]: if '*' is present, must not specify other resources without subresources"
                ]
            ),
            (
                rule(["scope": "Everywhere"]),
                [
                    "rules[0].scope: Unsupported value: \"Everywhere\": supported values: \"*\", \"Cluster\", \"Namespaced\""
                ]
            ),
        ] as [(JSONObject, [String])])
    func webhooks(_ changes: JSONObject, _ expected: [String]) {
        for kind in ["ValidatingWebhookConfiguration", "MutatingWebhookConfiguration"] {
            #expect(
                problems(Self.group, kind, Self.configuration(changes), isNamespaced: false)
                    == expected.map { "webhooks[0].\($0)" })
        }
    }

    @Test func namesAreUniqueAndOlderMistakesMayStay() {
        let twice = Self.configuration([:])["webhooks"]?.array ?? []
        let config: JSONValue = ["webhooks": .array(twice + twice)]
        let kind = "MutatingWebhookConfiguration"
        #expect(
            problems(Self.group, kind, config, isNamespaced: false)
                == ["webhooks[1].name: Duplicate value: \"a.b.c\""])
        #expect(updateProblems(Self.group, kind, from: config, to: config, isNamespaced: false) == [])
        let effects = Self.configuration(["sideEffects": "Some"])
        #expect(updateProblems(Self.group, kind, from: effects, to: effects, isNamespaced: false) == [])
    }

    @Test(
        arguments: [
            ("v1.a.b", ["group": "a.b", "version": "v1"], []),
            ("v1.", ["version": "v1"], []),
            (
                "x", ["group": "a.b", "version": "v1"],
                ["metadata.name: Invalid value: \"x\": must be `spec.version+\".\"+spec.group`: \"v1.a.b\""]
            ),
            (
                "v1.a.b", ["group": "a.b", "version": "v1", "caBundle": "eA=="],
                ["spec.caBundle: Invalid value: \"eA==\": local APIServices may not have a caBundle"]
            ),
            (
                "v1.a.b",
                [
                    "group": "a.b", "version": "v1", "caBundle": "eA==", "insecureSkipTLSVerify": true,
                    "service": ["name": "s", "namespace": "n"],
                ],
                ["spec.insecureSkipTLSVerify: Invalid value: true: may not be true if caBundle is present"]
            ),
        ] as [(String, JSONObject, [String])])
    func apiServices(_ name: String, _ changes: JSONObject, _ expected: [String]) {
        var spec: JSONObject = ["groupPriorityMinimum": 10, "versionPriority": 10]
        for member in changes { spec[member.key] = member.value }
        let object: JSONValue = ["metadata": ["name": .string(name)], "spec": .object(spec)]
        #expect(problems("apiregistration.k8s.io", "APIService", object, isNamespaced: false) == expected)
    }
}
