import EdgeJSON
import Testing

@testable import EdgeKubectl

@Suite struct JSONPathTests {
    private static let list: JSONValue = [
        "kind": "List",
        "items": [
            [
                "kind": "None",
                "metadata": [
                    "name": "127.0.0.1", "labels": ["kubernetes.io/hostname": "127.0.0.1", "a.b": "x"],
                ],
                "status": [
                    "capacity": ["cpu": "4"],
                    "addresses": [["type": "LegacyHostIP", "address": "127.0.0.1"]],
                ],
            ],
            [
                "kind": "None", "metadata": ["name": "127.0.0.2"],
                "status": [
                    "capacity": ["cpu": "8"],
                    "addresses": [
                        ["type": "LegacyHostIP", "address": "127.0.0.2"],
                        ["type": "another", "address": "127.0.0.3"],
                    ],
                ],
            ],
        ],
        "users": [
            ["name": "myself", "user": [:]],
            ["name": "e2e", "user": ["username": "admin", "password": "secret"]],
        ],
        "count": 3, "flag": true,
    ]

    @Test(arguments: [
        ("kind is {.kind}", "kind is List"), ("{.items[*].metadata.name}", "127.0.0.1 127.0.0.2"),
        ("{.items[0].metadata.name}", "127.0.0.1"), ("{.items[-1].metadata.name}", "127.0.0.2"),
        ("{.items[0:1].metadata.name}", "127.0.0.1"), ("{.items[::2].metadata.name}", "127.0.0.1"),
        (
            "{.items[*]['metadata.name', 'status.capacity']}",
            "127.0.0.1 127.0.0.2 {\"cpu\":\"4\"} {\"cpu\":\"8\"}"
        ),
        ("{.users[?(@.name==\"e2e\")].user.password}", "secret"),
        ("{.users[?(@.user.password)].name}", "e2e"),
        ("{.items[?(@.status.capacity.cpu>\"4\")].metadata.name}", "127.0.0.2"),
        (
            "{range .items[*]}[{.metadata.name}, {.status.capacity.cpu}] {end}",
            "[127.0.0.1, 4] [127.0.0.2, 8] "
        ),
        (
            "{range .items[*]}{.metadata.name}{\"\\t\"}{range .status.addresses[*]}{.type},{end}{\"\\n\"}{end}",
            "127.0.0.1\tLegacyHostIP,\n127.0.0.2\tLegacyHostIP,another,\n"
        ),
        ("{..name}", "127.0.0.1 127.0.0.2 myself e2e"), ("{.count}", "3"), ("{.flag}", "true"),
        ("{.items[0].metadata.labels.kubernetes\\.io/hostname}", "127.0.0.1"),
        ("{.items[0].metadata.labels['kubernetes\\.io/hostname']}", "127.0.0.1"),
        ("{.missing}", ""), ("{.items[*].missing}", ""), ("{$.kind}", "List"),
        ("{.users[0]}", "{\"name\":\"myself\",\"user\":{}}"),
        ("{range .missing[*]}x{end}done", "done"), ("{'a'}{\"b\"}", "ab"), ("plain", "plain"),
    ])
    func evaluates(template: String, text: String) throws {
        #expect(try JSONPath(template).text(Self.list) == text)
    }

    @Test(arguments: [
        ("{.items[5]}", "array index out of bounds: index 5, length 2"),
        ("{.kind[0]}", "string is not array or slice"),
    ])
    func fails(template: String, message: String) throws {
        let path = try JSONPath(template)
        #expect(throws: JSONPathError(message)) { try path.text(Self.list) }
    }

    @Test func missingKeysAreErrorsWhenAsked() throws {
        let path = try JSONPath("{.missing}", allowsMissingKeys: false)
        #expect(throws: JSONPathError("missing is not found")) { try path.text(Self.list) }
    }

    @Test(arguments: [
        ("{.a", "unclosed action"), ("{[x]}", "invalid array index x"),
        ("{.a[?(@.b]}", "unterminated filter"),
        ("{foo}", "unrecognized identifier foo"), ("{\"a}", "unterminated quoted string"),
        ("{.a[1:2:3:4]}", "invalid array index 1:2:3:4"),
        ("{*}", "unrecognized character in action: U+002A '*'"),
    ])
    func refusesTemplates(template: String, message: String) {
        #expect(throws: JSONPathError(message)) { try JSONPath(template) }
    }

    @Test(arguments: [
        (".metadata.name", "{.metadata.name}"), ("metadata.name", "{.metadata.name}"),
        ("{.metadata.name}", "{.metadata.name}"), ("{metadata.name}", "{.metadata.name}"), ("$.a", "{.a}"),
    ])
    func bracesRelaxedForms(text: String, braced: String) throws {
        #expect(try JSONPath.braced(text) == braced)
    }
}
