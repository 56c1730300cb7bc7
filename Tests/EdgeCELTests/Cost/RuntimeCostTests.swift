import EdgeCEL
import EdgeJSON
import Testing

@Suite struct RuntimeCostTests {
    private let cel = CELTesting(
        variables: ["self": .any, "text": .string(), "list": .list(of: .int)],
        values: ["self": ["a": ["b": "c"], "l": [1, 2, 3]], "text": "hello world", "list": [1, 2, 3]])

    /// What cel-go's tracker charges with Kubernetes' estimator, constants folded.
    @Test(arguments: [
        ("true", 0), ("self.a.b == 'c'", 4), ("has(self.a.b)", 2), ("has(self.a)", 1), ("self.l[0] == 1", 4),
        ("1 + 2", 1),
        ("[1, 2, 3]", 0), ("[1, self.a]", 12), ("{'a': 1}", 0), ("{'a': self.a}", 32),
        ("text.contains('hello')", 3),
        ("text.startsWith('he')", 3), ("text.matches('^hello')", 5), ("text + text", 5), ("text.size()", 2),
        ("text < 'b'", 2),
        ("list.all(x, x > 0)", 17), ("list.exists(x, x == 1)", 11), ("list.map(x, x * 2)", 44),
        ("list.filter(x, x > 1)", 34),
        ("1 in list", 4), ("1 in [1, 2]", 0), ("int('5') == 5", 1), ("list.sum()", 4),
        ("text.lowerAscii()", 3), ("text.split(' ')", 4),
        ("quantity('50k').add(20).sub(quantity('100k')).asInteger() > 0", 6),
        ("'abc 123 def 123'.find('123')", 2),
        ("'ABCDEFGHIJ abcdefghij'.lowerAscii() == 'abcdefghij ABCDEFGHIJ'.lowerAscii()", 9),
        ("ip('192.168.0.1').isLoopback()", 3),
        ("format.named('dns1123Label').value().validate('my-name')", 10), ("true ? self.a.b : 'x'", 2),
        ("true || text == 'x'", 0),
    ])
    func charges(source: String, cost: UInt64) throws {
        let outcome = try cel.run(source)
        #expect(throws: Never.self) { try outcome.result.get() }
        #expect(outcome.cost == cost)
    }

    @Test func stopsAtTheLimit() throws {
        let outcome = try cel.run("list.all(x, list.all(y, x + y > 0))", costLimit: 50)
        #expect(outcome.result.failure?.kind == .costLimit)
        #expect(outcome.result.failure?.message == "operation cancelled: actual cost limit exceeded")
        #expect(outcome.cost > 50)
    }

    /// `||` holds back errors, but not the end of the budget.
    @Test func runningOutIsNotAbsorbed() throws {
        let outcome = try cel.run("text.matches('^(hello world)+$') || true", costLimit: 2)
        #expect(outcome.result.failure?.kind == .costLimit)
        #expect(
            try cel.run("list.exists(x, text.contains('zzz'))", costLimit: 3).result.failure?.kind
                == .costLimit)
    }
}

extension Result where Failure == CELEvaluationError {
    fileprivate var failure: CELEvaluationError? {
        if case .failure(let error) = self { error } else { nil }
    }
}
