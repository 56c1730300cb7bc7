import EdgeAPI
import Testing

struct NamesTests {
    private static let long = String(repeating: "a", count: 64)
    private static let longer = String(repeating: "a", count: 254)

    @Test(arguments: ["a", "a-b", "0", "123-abc", String(repeating: "a", count: 63)])
    func acceptsLabels(_ name: String) { #expect(Names.label(name).isEmpty) }

    @Test(arguments: [
        (
            "Web",
            [
                "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and "
                    + "must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex "
                    + "used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"
            ]
        ),
        ("a.b", ["must not contain dots"]), (long, ["must be no more than 63 characters"]),
    ])
    func refusesLabels(_ name: String, _ messages: [String]) { #expect(Names.label(name) == messages) }

    @Test(arguments: ["a", "a.b", "web-1.example.com", "0.0"])
    func acceptsSubdomains(_ name: String) { #expect(Names.subdomain(name).isEmpty) }

    @Test(arguments: ["", "A", "a..b", "-a", "a-", "a_b", ".a", "a.", "ä"])
    func refusesSubdomains(_ name: String) {
        #expect(
            Names.subdomain(name) == [
                "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or "
                    + "'.', and must start and end with an alphanumeric character (e.g. 'example.com', regex "
                    + "used for validation is "
                    + "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
            ])
    }

    @Test func limitsLengths() {
        #expect(Names.subdomain(Self.longer) == ["must be no more than 253 characters"])
        #expect(Names.rfc1035Label(Self.long) == ["must be no more than 63 characters"])
        #expect(Names.labelValue(Self.long) == ["must be no more than 63 bytes"])
        #expect(Names.labelKey(Self.long) == ["name part must be no more than 63 bytes"])
    }

    @Test(arguments: ["web", "a1", "a-1"])
    func acceptsServiceNames(_ name: String) { #expect(Names.rfc1035Label(name).isEmpty) }

    @Test(arguments: ["1a", "", "a.b", "A"])
    func refusesServiceNames(_ name: String) { #expect(Names.rfc1035Label(name).count == 1) }

    @Test(arguments: ["app", "App_1.x", "example.com/app", "a/B"])
    func acceptsKeys(_ key: String) { #expect(Names.labelKey(key).isEmpty) }

    @Test(arguments: [("", 2), ("/a", 1), ("a/", 2), ("a/b/c", 1), ("-a", 1), ("A.com/x", 1), ("a b", 1)])
    func refusesKeys(_ key: String, _ count: Int) { #expect(Names.labelKey(key).count == count) }

    @Test(arguments: [
        ("", true), ("a", true), ("A_b-c.d", true), ("-a", false), ("a b", false), ("a/b", false),
    ])
    func labelValues(_ value: String, _ isValid: Bool) { #expect(Names.labelValue(value).isEmpty == isValid) }

    @Test(arguments: [
        ("http", true), ("a-1", true), ("", false), ("HTTP", false), ("80", false), ("a--b", false),
        ("-a", false), ("a-", false), ("sixteencharacters", false),
    ])
    func portNames(_ name: String, _ isValid: Bool) { #expect(Names.portName(name).isEmpty == isValid) }

    @Test(arguments: [
        ("key.name", true), ("KEY_1", true), ("..", false), ("..a", false), (".", false), (".a", true),
        ("a/b", false), ("", false),
    ])
    func configMapKeys(_ key: String, _ isValid: Bool) { #expect(Names.configMapKey(key).isEmpty == isValid) }

    @Test(arguments: [("A", true), ("1A", true), ("a b", true), ("a=b", false), ("", false), ("ä", false)])
    func environmentVariables(_ name: String, _ isValid: Bool) {
        #expect(Names.environmentVariable(name).isEmpty == isValid)
    }

    @Test func otherRules() {
        #expect(Names.port(0) == ["must be between 1 and 65535, inclusive"])
        #expect(Names.port(65535).isEmpty)
        #expect(Names.percent("25%").isEmpty && !Names.percent("%").isEmpty && !Names.percent("-1%").isEmpty)
        #expect(Names.pathSegment("system:node").isEmpty)
        #expect(Names.pathSegment("a/b") == ["may not contain '/'"])
        #expect(Names.pathSegment("..") == ["may not be '..'"])
        #expect(Names.wildcardSubdomain("*.a.com").isEmpty && !Names.wildcardSubdomain("*.*.com").isEmpty)
        #expect(Names.cIdentifier("_a1").isEmpty && !Names.cIdentifier("1a").isEmpty)
        #expect(Names.httpHeader("X-A").isEmpty && !Names.httpHeader("X_A").isEmpty)
    }

    /// A prefix may end with a dash, since something follows it.
    @Test func prefixes() {
        #expect(NameRule.subdomain.messages("web-", isPrefix: true).isEmpty)
        #expect(!NameRule.subdomain.messages("web-").isEmpty)
        #expect(!NameRule.label.messages("Web-", isPrefix: true).isEmpty)
    }
}
