import EdgeAPI
import EdgeJSON
import Testing

struct LabelSelectorTests {
    @Test(arguments: [
        ("", ""), ("app=web", "app=web"), ("app==web", "app==web"), (" app = web ", "app=web"),
        ("b=2,a=1", "a=1,b=2"), ("app!=web", "app!=web"), ("app in (web,api)", "app in (api,web)"),
        ("app in (web, api),tier", "app in (api,web),tier"), ("app notin (web)", "app notin (web)"),
        ("gpu", "gpu"), ("!gpu", "!gpu"), ("app=", "app="), ("a=,b=1", "a=,b=1"), ("n>5", "n>5"),
        ("n<5", "n<5"), ("app in ()", "app in ()"), ("app in (,)", "app in ()"), ("in=in", "in=in"),
        ("x in (in,notin)", "x in (in,notin)"), ("example.com/a=b", "example.com/a=b"),
    ])
    func parses(_ text: String, _ canonical: String) throws {
        #expect(try LabelSelector(parsing: text).description == canonical)
    }

    @Test(arguments: [
        ("app=web)", "found ')', expected: ',' or 'end of string'"),
        ("app=web,", "found '', expected: identifier after ','"),
        (",app", "found ',', expected: !, identifier, or 'end of string'"),
        ("=web", "found '=', expected: !, identifier, or 'end of string'"),
        ("app web", "unable to parse requirement: found 'web', expected: in, notin, =, ==, !=, gt, lt"),
        ("app=(", "unable to parse requirement: found '(', expected: identifier"),
        ("app in web", "unable to parse requirement: found 'web' expected: '('"),
        ("app in (a", "unable to parse requirement: found '', expected: ',', ')' or identifier"),
        (
            "n>a",
            "unable to parse requirement: values[0]: Invalid value: \"a\": "
                + "for 'Gt', 'Lt' operators, the value must be an integer"
        ),
        (
            "a/b/c=1",
            "unable to parse requirement: <nil>: Invalid value: \"a/b/c\": a valid label key must consist of "
                + "alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric "
                + "character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is "
                + "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' "
                + "(e.g. 'example.com/MyName')"
        ),
    ])
    func refuses(_ text: String, _ message: String) {
        #expect(throws: SelectorError(message)) { try LabelSelector(parsing: text) }
    }

    @Test(arguments: [
        ("", true), ("app=web", true), ("app=api", false), ("app!=api", true), ("gone!=x", true),
        ("app in (web,api)", true), ("app in (api)", false), ("app notin (api)", true),
        ("gone notin (a)", true), ("gone in (a)", false), ("app", true), ("!app", false), ("!gone", true),
        ("n>4", true), ("n>5", false), ("n<6", true), ("app>4", false), ("gone>4", false),
        ("app=web,n=5", true), ("app=web,n=6", false),
    ])
    func matches(_ text: String, _ expected: Bool) throws {
        let labels = ["app": "web", "n": "5"]
        let selector = try LabelSelector(parsing: text)
        #expect(selector.matches(labels) == expected)
        var object = APIObject(apiVersion: "v1", kind: "Pod", name: "p")
        for (key, value) in labels { object[label: key] = value }
        #expect(selector.matches(object) == expected)
    }

    @Test func readsObjects() throws {
        let object: JSONValue = [
            "matchLabels": ["app": "web"],
            "matchExpressions": [
                ["key": "tier", "operator": "In", "values": ["b", "a"]], ["key": "x", "operator": "Exists"],
                ["key": "y", "operator": "DoesNotExist"], ["key": "z", "operator": "NotIn", "values": ["1"]],
            ],
        ]
        let selector = try LabelSelector(object: object)
        #expect(selector.description == "app=web,tier in (a,b),x,!y,z notin (1)")
        #expect(selector.matches(["app": "web", "tier": "a", "x": ""]))
        #expect(try LabelSelector(object: nil).matches([:]) == false)
        #expect(try LabelSelector(object: [:]).matches(["a": "b"]))
        #expect(throws: SelectorError("\"Is\" is not a valid label selector operator")) {
            try LabelSelector(object: ["matchExpressions": [["key": "a", "operator": "Is"]]])
        }
    }

    @Test func nothingAndEverything() {
        #expect(LabelSelector.everything.matchesEverything)
        #expect(!LabelSelector.nothing.matchesEverything)
        #expect(!LabelSelector.nothing.matches(APIObject(apiVersion: "v1", kind: "Pod", name: "p")))
        #expect(LabelSelector(labels: ["a": "b"]).description == "a=b")
    }
}
