import EdgeCEL
import Testing

@Suite struct CompileErrorTests {
    private let cel = CELTesting(
        variables: [
            "self": object("root", ["spec": object("root.spec", ["replicas": .int, "name": .string()])]),
            "n": .int,
        ], libraries: CELLibrary.kubernetes, validatesLiterals: true)

    private func errors(_ source: String) -> String {
        do {
            _ = try cel.compile(source)
            return ""
        } catch { return "\(error)" }
    }

    /// Whole texts, as cel-go shows them.
    @Test(arguments: [
        ("x > 1", "ERROR: <input>:1:1: undeclared reference to 'x' (in container '')\n | x > 1\n | ^"),
        (
            "1 + 'a'",
            "ERROR: <input>:1:3: found no matching overload for '_+_' applied to '(int, string)'\n | 1 + 'a'\n | ..^"
        ),
        ("self.foo", "ERROR: <input>:1:5: undefined field 'foo'\n | self.foo\n | ....^"),
        ("n.x", "ERROR: <input>:1:2: type 'int' does not support field selection\n | n.x\n | .^"),
        (
            "self.spec.name.size() > 'a'",
            "ERROR: <input>:1:23: found no matching overload for '_>_' applied to '(int, string)'\n | self.spec.name.size() > 'a'\n | ......................^"
        ),
        ("f(1)", "ERROR: <input>:1:2: undeclared reference to 'f' (in container '')\n | f(1)\n | .^"),
        (
            "n.foo()",
            "ERROR: <input>:1:6: undeclared reference to 'foo' (in container '')\n | n.foo()\n | .....^"
        ),
        (
            "'\u{e9}' + 1",
            "ERROR: <input>:1:5: found no matching overload for '_+_' applied to '(string, int)'\n | '\u{e9}' + 1\n | .\u{ff0e}..^"
        ),
        (
            "true &&\n  nope",
            "ERROR: <input>:2:3: undeclared reference to 'nope' (in container '')\n |   nope\n | ..^"
        ),
        (
            "x || y",
            "ERROR: <input>:1:1: undeclared reference to 'x' (in container '')\n | x || y\n | ^\nERROR: <input>:1:6: undeclared reference to 'y' (in container '')\n | x || y\n | .....^"
        ),
        (
            "1 +",
            "ERROR: <input>:1:4: Syntax error: mismatched input '<EOF>' expecting {'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}\n | 1 +\n | ...^"
        ),
    ])
    func shows(source: String, text: String) { #expect(errors(source) == text) }

    @Test(arguments: [
        ("1 && true", "expected type 'bool' but found 'int'"),
        ("n ? 1 : 2", "found no matching overload for '_?_:_' applied to '(int, int, int)'"),
        (
            "n.all(x, true)",
            "expression of type 'int' cannot be range of a comprehension (must be list, map, or dynamic)"
        ),
        ("[1].all(x, x)", "expected type 'bool' but found 'int'"),
        ("[1].map(1, 2)", "argument must be a simple name"),
        ("has(n)", "invalid argument to has() macro"),
        ("[1, 'a'].size()", "expected type 'int' but found 'string'"),
        ("{'a': 1, 'b': 'x'}", "expected type 'int' but found 'string'"),
        ("duration('1x')", "invalid duration argument"), ("timestamp('x')", "invalid timestamp argument"),
        ("'a'.matches('(')", "invalid matches argument"),
        ("namespace == 'a'", "reserved identifier: namespace"),
        ("9223372036854775808", "invalid int literal"),
        ("[1][?0] + 1", "found no matching overload for '_+_' applied to '(optional_type(int), int)'"),
        ("'unclosed", "Syntax error: token recognition error at: ''unclosed'"),
        ("n $ 1", "Syntax error: token recognition error at: '$'"),
        ("(1", "Syntax error: mismatched input '<EOF>' expecting ')'"),
        ("1 2", "Syntax error: extraneous input '2' expecting <EOF>"),
        (
            "self.spec.replicas.matches('x')",
            "found no matching overload for 'matches' applied to 'int.(string)'"
        ),
        ("[1].all(x, x, true)", "duplicate variable name: x"),
        ("cel.bind(x, 1, x)", "undeclared reference to 'cel'"),
        ("'%d %d'.format([1])", "index 1 out of range"),
        ("Nope{a: 1}", "undeclared reference to 'Nope' (in container '')"),
        ("self.spec == 1", "found no matching overload for '_==_' applied to '(root.spec, int)'"),
    ])
    func contains(source: String, part: String) {
        #expect(errors(source).contains(part), "\(errors(source))")
    }

    @Test func nestingAndSizeAreBounded() {
        let deep = String(repeating: "(", count: 251) + "1" + String(repeating: ")", count: 251)
        #expect(errors(deep) == "ERROR: <input>:-1:0: expression recursion limit exceeded: 250")
        #expect(
            errors(Array(repeating: "1", count: 400).joined(separator: " + ")).contains("recursion limit"))
        #expect(
            errors("1" + String(repeating: " ", count: 100_000)).contains(
                "expression code point size exceeds limit: size: 100001, limit 100000"))
        // `&&` and `||` are balanced: long chains are flat.
        #expect(errors(Array(repeating: "n > 0", count: 2000).joined(separator: " && ")) == "")
        let nested = String(repeating: "(", count: 240) + "n" + String(repeating: ")", count: 240) + " > 0"
        #expect(errors(nested) == "")
    }

    @Test(arguments: [
        ("n + 1", "int"), ("[1, 2]", "list(int)"), ("{'a': [1.0]}", "map(string, list(double))"),
        ("self.spec", "root.spec"), ("[].map(x, x)", "list(dyn)"),
        ("self.?spec.?name", "optional_type(string)"), ("n > 0 ? 'a' : 'b'", "string"),
        ("type(n)", "type(int)"), ("null", "null"), ("[[]]", "list(list(dyn))"),
        ("[1].exists(x, x > 0)", "bool"), ("{'a': 1}.map(k, k)", "list(string)"),
        ("timestamp('2024-01-01T00:00:00Z') - duration('1s')", "timestamp"),
        ("quantity('1')", "kubernetes.Quantity"), ("optional.none().orValue(1)", "int"), ("int", "type(int)"),
    ])
    func types(source: String, type: String) throws {
        #expect(try cel.compile(source).resultType.description == type)
    }

    @Test func referencesAreTheVariablesInUse() throws {
        #expect(try cel.compile("self.spec.replicas > n").references == ["self", "n"])
        #expect(try cel.compile("[1].all(n, n > 0)").references == [])
    }
}
