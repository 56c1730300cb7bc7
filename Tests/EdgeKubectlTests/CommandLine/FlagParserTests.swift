import Testing

@testable import EdgeKubectl

@Suite struct FlagParserTests {
    private static let specs: [FlagSpec] = [
        FlagSpec("namespace", "n", .string), FlagSpec("watch", "w", .bool), FlagSpec("stdin", "i", .bool),
        FlagSpec("tty", "t", .bool), FlagSpec("filename", "f", .strings),
        FlagSpec("from-literal", nil, .stringArray), FlagSpec("replicas", nil, .int),
        FlagSpec("timeout", nil, .duration),
        FlagSpec("dry-run", nil, .string, default: "none", bare: "unchanged"),
        .refused("kustomize", "k", .string, "not built"),
    ]

    struct Case: Sendable, CustomTestStringConvertible {
        let line: String
        let arguments: [String]
        let values: [String: [String]]
        var dashIndex: Int?
        var testDescription: String { line }
    }

    @Test(arguments: [
        Case(line: "get pods -n web", arguments: ["get", "pods"], values: ["namespace": ["web"]]),
        Case(line: "-nweb get", arguments: ["get"], values: ["namespace": ["web"]]),
        Case(line: "-n=web get", arguments: ["get"], values: ["namespace": ["web"]]),
        Case(line: "--namespace=a --namespace b", arguments: [], values: ["namespace": ["b"]]),
        Case(
            line: "-it pod -- sh -c x", arguments: ["pod", "sh", "-c", "x"],
            values: ["stdin": ["true"], "tty": ["true"]], dashIndex: 1),
        Case(line: "-f a,b -f c", arguments: [], values: ["filename": ["a,b", "c"]]),
        Case(line: "-f -", arguments: [], values: ["filename": ["-"]]),
        Case(line: "--watch=false x", arguments: ["x"], values: ["watch": ["false"]]),
        Case(line: "--dry-run x", arguments: ["x"], values: ["dry-run": ["unchanged"]]),
        Case(line: "--dry-run=client x", arguments: ["x"], values: ["dry-run": ["client"]]),
        Case(line: "- x", arguments: ["-", "x"], values: [:]),
    ])
    func parses(_ example: Case) throws {
        let result = try FlagParser.parse(example.line.split(separator: " ").map(String.init), Self.specs)
        #expect(result.arguments == example.arguments)
        #expect(result.flags.values == example.values)
        #expect(result.dashIndex == example.dashIndex)
    }

    @Test(arguments: [
        ("--foo", "unknown flag: --foo"), ("-z", "unknown shorthand flag: 'z' in -z"),
        ("-n", "flag needs an argument: 'n' in -n"), ("--namespace", "flag needs an argument: --namespace"),
        (
            "--replicas=x",
            "invalid argument \"x\" for \"--replicas\" flag: strconv.ParseInt: parsing \"x\": invalid syntax"
        ),
        (
            "--watch=3",
            "invalid argument \"3\" for \"-w, --watch\" flag: strconv.ParseBool: parsing \"3\": invalid syntax"
        ),
        ("-k .", "flag -k, --kustomize is not supported by this kubectl: not built"),
    ])
    func refuses(line: String, message: String) {
        let error = #expect(throws: KubectlError.self) {
            try FlagParser.parse(line.split(separator: " ").map(String.init), Self.specs)
        }
        #expect(error?.message == message)
    }

    @Test func listsSplitAtCommasOnlyWhereTheyShould() throws {
        let flags = try FlagParser.parse(["-f", "a,b", "--from-literal=k=a,b"], Self.specs).flags
        #expect(flags.strings("filename") == ["a", "b"])
        #expect(flags.strings("from-literal") == ["k=a,b"])
    }

    @Test(arguments: [
        ("10s", 10.0), ("1h30m", 5400), ("250ms", 0.25), ("0", 0), ("-5s", -5), ("1.5m", 90),
    ])
    func readsDurations(text: String, seconds: Double) {
        #expect(GoDuration.parse(text) == .milliseconds(Int(seconds * 1000)))
    }

    @Test(arguments: ["", "3", "x", "3q"]) func refusesDurations(text: String) {
        #expect(GoDuration.parse(text) == nil)
    }
}
