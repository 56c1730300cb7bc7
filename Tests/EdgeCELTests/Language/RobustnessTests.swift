import EdgeCEL
import EdgeJSON
import Testing

/// Inputs that nobody would write: an error is fine, a crash or an endless run is not.
@Suite struct RobustnessTests {
    private struct Random: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ state >> 29
        }
    }

    private static let pieces = [
        "self", "x", "1", "0", "1u", "1.5", "'a'", "b'\\xff'", "null", "true", "(", ")", "[", "]", "{", "}",
        ".", ",", "?", ":", "&&", "||", "!", "-",
        "+", "*", "/", "%", "<", "==", "in", " ", "has(", ".all(x,", ".map(x,", ".filter(x,", ".exists(x,",
        ".size()", ".?a", "[?0]", "optional.of(",
        ".orValue(", ".optMap(x,", "9223372036854775807", "-9223372036854775808", "'\\u00e9'",
        ".matches('(a*)*')", ".format([", "duration('1h')", "timestamp(0)",
        ".sortBy(x,", "lists.range(", ".flatten(", ".transformMap(k,v,", "quantity('1')", "ip('::1')", "`a`",
        "\"", "'", "\\", "\n", "// c", "\u{1F600}", "0x", "1e", "..",
    ]

    @Test(arguments: 0..<20)
    func randomTexts(seed: Int) {
        var random = Random(state: UInt64(seed) &+ 99)
        let cel = CELTesting(variables: ["self": .any], values: ["self": ["a": [1, 2, ["b": nil]]]])
        for _ in 0..<150 {
            let source = (0..<Int.random(in: 1...24, using: &random)).map { _ in
                Self.pieces.randomElement(using: &random) ?? ""
            }.joined()
            _ = cel.error(source)
        }
    }

    /// Valid expressions with a part taken out or doubled.
    @Test(arguments: [
        "self.a.all(x, x > 1 && has(x.b)) ? [1, 2][0] : {'k': -1}['k']",
        "'a%s'.format([1]).substring(0, 1).split('')[0] + string(1.5)",
        "cel.bind(v, self.a, v.map(i, i).filter(j, true).exists_one(k, k == 1))",
        "timestamp('2024-01-01T00:00:00Z').getHours('+01:00') - duration('1m').getSeconds()",
        "self.?a[?0].optMap(x, x).orValue(1) in [1, 2, 3].sortBy(e, -e)",
        "Object{a: 1, ?b: optional.none()}.a == r'\\d'.size()",
    ])
    func mutatedTexts(source: String) {
        let cel = CELTesting(variables: ["self": .any], values: ["self": ["a": [1, 2]]])
        let scalars = Array(source.unicodeScalars)
        for index in scalars.indices {
            var removed = String.UnicodeScalarView(scalars)
            removed.remove(at: removed.index(removed.startIndex, offsetBy: index))
            _ = cel.error(String(removed))
            var doubled = String.UnicodeScalarView(scalars)
            doubled.insert(scalars[index], at: doubled.index(doubled.startIndex, offsetBy: index))
            _ = cel.error(String(doubled))
            _ = cel.error(String(String.UnicodeScalarView(scalars[..<index])))
        }
    }

    @Test func longChainsOfOptionalsStaySmall() throws {
        let source = "optional.of(1)" + String(repeating: ".optMap(x, x + 1)", count: 60) + ".value()"
        #expect(try CELTesting().evaluate(source).equals(.int(61)))
    }

    /// Lists grow in place: without that, this would take time quadratic in the list.
    @Test func mapsOverLongLists() throws {
        let cel = CELTesting(
            variables: ["self": .list(of: .int)], values: ["self": .array((0..<20_000).map { .int($0) })])
        let outcome = try cel.run("self.map(x, x + 1).filter(x, x % 2 == 0).size()", costLimit: .max)
        #expect(try outcome.result.get().equals(.int(10_000)))
    }

    @Test func deepNestingRuns() throws {
        let source =
            String(repeating: "[", count: 100) + "1" + String(repeating: "]", count: 100)
            + String(repeating: "[0]", count: 100)
        #expect(try CELTesting().evaluate(source).equals(.int(1)))
        let loops = (0..<40).reduce("true") { body, index in "[1].all(x\(index), \(body))" }
        #expect(try CELTesting().isTrue(loops))
    }
}
