import EdgeAPI
import EdgeJSON
import Testing

struct MetadataValidationTests {
    private func metadata(_ members: JSONValue) -> [String] {
        problems("", "ConfigMap", ["metadata": members])
    }

    @Test(
        arguments: [
            (["name": "a.b-c"], []),
            (
                ["name": "A"],
                [
                    "metadata.name: Invalid value: \"A\": a lowercase RFC 1123 subdomain must consist of lower "
                        + "case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric "
                        + "character (e.g. 'example.com', regex used for validation is "
                        + "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
                ]
            ),
            (
                ["name": "a", "labels": ["a": "-"]],
                [
                    "metadata.labels: Invalid value: \"-\": a valid label must be an empty string or consist of "
                        + "alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric "
                        + "character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is "
                        + "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"
                ]
            ),
            (["name": "a", "annotations": ["Example.com/A": "any\nthing"]], []),
            (
                ["name": "a", "finalizers": ["orphan", "foregroundDeletion"]],
                [
                    "metadata.finalizers: Invalid value: [\"orphan\",\"foregroundDeletion\"]: finalizer "
                        + "foregroundDeletion and orphan cannot be both set"
                ]
            ),
            (
                ["name": "a", "ownerReferences": [["apiVersion": "a/b/c", "kind": "K", "name": "n"]]],
                [
                    "metadata.ownerReferences[0].apiVersion: Invalid value: \"a/b/c\": must be <group>/<version> "
                        + "or <version>",
                    "metadata.ownerReferences[0].uid: Required value: must not be empty",
                ]
            ),
        ] as [(JSONValue, [String])])
    func create(_ members: JSONValue, _ expected: [String]) { #expect(metadata(members) == expected) }

    @Test func annotationsAreLimited() {
        let text = String(repeating: "x", count: 256 * 1024)
        #expect(
            metadata(["name": "a", "annotations": ["k": .string(text)]]) == [
                "metadata.annotations: Too long: may not be more than 262144 bytes"
            ])
    }

    @Test func onlyOneController() {
        let owner: JSONValue = [
            "apiVersion": "v1", "kind": "K", "name": "n", "uid": "u", "controller": true,
        ]
        let found = metadata(["name": "a", "ownerReferences": [owner, owner]])
        #expect(found.count == 1 && found[0].contains("Only one reference can have Controller set to true"))
    }

    @Test func namespaces() {
        #expect(
            problems("", "Node", ["metadata": ["namespace": "a"]], isNamespaced: false)
                == ["metadata.namespace: Forbidden: not allowed on this type"])
        #expect(
            problems("", "Namespace", ["metadata": ["name": "a.b"]], isNamespaced: false) == [
                "metadata.name: Invalid value: \"a.b\": must not contain dots"
            ])
        #expect(problems("rbac.authorization.k8s.io", "Role", ["metadata": ["name": "system:x"]]) == [])
    }

    @Test func update() {
        let old: JSONValue = [
            "metadata": ["name": "a", "deletionTimestamp": "2026-01-01T00:00:00Z", "finalizers": ["a/b"]]
        ]
        var new = old
        new[path: "metadata", "finalizers"] = ["a/b", "c/d"]
        #expect(
            updateProblems("", "ConfigMap", from: old, to: new) == [
                "metadata.finalizers: Forbidden: no new finalizers can be added if the object is being "
                    + "deleted, found new finalizers []string{\"c/d\"}"
            ])
        new = old
        new[path: "metadata", "finalizers"] = nil
        #expect(updateProblems("", "ConfigMap", from: old, to: new) == [])
        new[path: "metadata", "name"] = "b"
        #expect(
            updateProblems("", "ConfigMap", from: old, to: new)
                == ["metadata.name: Invalid value: \"b\": field is immutable"])
    }
}
