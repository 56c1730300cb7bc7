import EdgeAPI
import EdgeJSON
import Testing

struct FieldSelectorTests {
    @Test(arguments: [
        ("", ""), ("metadata.name=web", "metadata.name=web"), ("a==b", "a=b"), ("b!=1,a=2", "a=2,b!=1"),
        ("a=", "a="), ("a=x\\,y\\=z\\\\", "a=x\\,y\\=z\\\\"), (",a=b,", "a=b"),
    ])
    func parses(_ text: String, _ canonical: String) throws {
        #expect(try FieldSelector(parsing: text).description == canonical)
    }

    @Test(arguments: [
        ("web", "invalid selector: 'web'; can't understand 'web'"),
        ("a=b=c", "invalid field selector: unescaped character in value: 61"),
        ("a=\\x", "invalid field selector: invalid escape sequence: \\x"),
        ("a=b\\", "invalid field selector: invalid escape sequence: \\"),
    ])
    func refuses(_ text: String, _ message: String) {
        #expect(throws: SelectorError(message)) { try FieldSelector(parsing: text) }
    }

    private static let pod = APIObject(
        [
            "metadata": ["name": "web", "namespace": "prod"],
            "spec": ["nodeName": "pi", "restartPolicy": "Always"],
            "status": ["phase": "Running", "podIP": "10.42.0.5"],
        ] as JSONObject)

    @Test(arguments: [
        ("metadata.name=web", true), ("metadata.name=api", false), ("metadata.namespace=prod", true),
        ("spec.nodeName=pi", true), ("spec.nodeName!=pi", false), ("spec.nodeName=", false),
        ("status.phase=Running,spec.restartPolicy=Always", true), ("status.podIP=10.42.0.5", true),
        ("spec.hostNetwork=false", true), ("status.phase!=Failed,status.phase!=Succeeded", true),
        ("status.nominatedNodeName=", true),
    ])
    func matchesPods(_ text: String, _ expected: Bool) throws {
        let selector = try FieldSelector(parsing: text)
        try selector.check(resource: "pods")
        #expect(selector.matches(Self.pod, resource: "pods") == expected)
    }

    @Test func matchesEvents() throws {
        let event = APIObject(
            [
                "metadata": ["name": "e"], "involvedObject": ["kind": "Pod", "name": "web", "uid": "u"],
                "type": "Warning", "reason": "Failed", "source": ["component": "kubelet"],
            ] as JSONObject)
        let selector = try FieldSelector(
            parsing: "involvedObject.name=web,involvedObject.uid=u,type=Warning,source=kubelet")
        try selector.check(resource: "events")
        #expect(selector.matches(event, resource: "events"))
        #expect(selector.matches(event, resource: "events.events.k8s.io"))
    }

    @Test(arguments: [
        ("pods", "spec.image=x", "field label not supported: spec.image"),
        (
            "configmaps", "data=x",
            "\"data\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\""
        ),
    ])
    func refusesUnknownFields(_ resource: String, _ text: String, _ message: String) throws {
        let selector = try FieldSelector(parsing: text)
        #expect(throws: SelectorError(message)) { try selector.check(resource: resource) }
    }

    @Test func customFields() throws {
        let object = APIObject(["spec": ["color": "red", "size": 3]] as JSONObject)
        let selector = try FieldSelector(parsing: "spec.color=red,spec.size=3,spec.gone=")
        try selector.check(resource: "w.example.com", custom: ["spec.color", "spec.size", "spec.gone"])
        #expect(selector.matches(object, resource: "w.example.com"))
    }

    @Test func findsRequiredValue() throws {
        let selector = try FieldSelector(parsing: "metadata.name=a,status.phase!=Failed")
        #expect(selector.requiredValue(of: "metadata.name") == "a")
        #expect(selector.requiredValue(of: "status.phase") == nil)
    }
}
