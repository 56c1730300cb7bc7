import EdgeBase
import Testing

@Suite struct RegularExpressionTests {
    /// Pattern, text, the leftmost match or nil.
    @Test(
        arguments: [
            ("", "abc", ""), ("b", "abc", "b"), ("a.c", "xabcx", "abc"), ("a.c", "a\nc", nil),
            ("(?s)a.c", "a\nc", "a\nc"),
            ("^abc$", "abc", "abc"), ("^abc$", "abcd", nil), ("a|ab", "ab", "a"), ("ab|a", "ab", "ab"),
            ("a*", "aaab", "aaa"), ("a*?", "aaab", ""), ("a+?b", "aaab", "aaab"), ("(?U)a+", "aaa", "a"),
            ("a{2}", "aaaa", "aa"), ("a{2,}", "aaaa", "aaaa"), ("a{1,3}", "aaaa", "aaa"),
            ("a{0,0}b", "ab", "b"),
            ("a{,2}", "xa{,2}", "a{,2}"), ("[a-c]+", "xxabcz", "abc"), ("[^a-c]+", "abxyc", "xy"),
            ("[]a]+", "]a", "]a"),
            ("[a-]+", "x-a-", "-a-"), ("[\\d-z]+", "1-z", "1-z"), ("\\d+", "ab12c", "12"),
            ("\\D+", "12ab3", "ab"),
            ("\\w+", "-foo_1-", "foo_1"), ("\\W+", "ab, c", ", "), ("\\s", "a\tb", "\t"),
            ("[[:alpha:]]+", "12ab3", "ab"),
            ("[[:^digit:]]+", "12ab3", "ab"), ("\\bfoo\\b", "a foo b", "foo"), ("\\bfoo\\b", "afoo", nil),
            ("\\Boo", "foo", "oo"), ("(?i)HeLLo", "say hello", "hello"), ("(?i)[a-z]+", "ABC", "ABC"),
            ("(?i:a)b", "Ab", "Ab"), ("(?i:a)b", "AB", nil), ("(?m)^b$", "a\nb\nc", "b"),
            ("^b$", "a\nb\nc", nil),
            ("\\Ab", "b", "b"), ("b\\z", "ab", "b"), ("(a)(?:b)(?P<name>c)(?<other>d)", "abcd", "abcd"),
            ("\\x41\\x{1F600}", "A\u{1F600}", "A\u{1F600}"), ("\\Qa.b\\E+", "a.bb", "a.bb"),
            ("\\101", "A", "A"),
            ("\\pL+", "1\u{e9}a2", "\u{e9}a"), ("\\p{Lu}", "aB", "B"), ("\\P{L}+", "a12b", "12"),
            ("\\p{^L}", "a1", "1"),
            ("\\p{Greek}+", "a\u{3b1}\u{3b2}", "\u{3b1}\u{3b2}"),
            ("\u{65e5}.", "x\u{65e5}\u{672c}", "\u{65e5}\u{672c}"),
            ("(|a)+", "aaa", ""), ("(a|b)*c", "ababc", "ababc"), ("x*", "", ""), ("\\.\\-\\_", "a.-_", ".-_"),
            ("(?i)\u{e9}", "\u{c9}", "\u{c9}"), ("a(?i)b", "aB", "aB"),
            ("[\\p{L}\\d]+", "-\u{e9}1-", "\u{e9}1"),
        ] as [(String, String, String?)])
    func matches(pattern: String, text: String, expected: String?) throws {
        let expression = try RegularExpression(pattern)
        #expect(expression.firstMatchText(in: text) == expected)
        #expect(expression.matches(text) == (expected != nil))
    }

    @Test(arguments: [
        ("a", "banana", ["a", "a", "a"]), ("a*", "baac", ["", "aa", ""]), ("", "ab", ["", "", ""]),
        ("^a", "aaa", ["a"]), ("\\d+", "1 22 333", ["1", "22", "333"]), ("x", "abc", []),
    ])
    func allMatches(pattern: String, text: String, expected: [String]) throws {
        #expect(try RegularExpression(pattern).allMatches(in: text) == expected)
    }

    @Test func allMatchesStopAtTheLimit() throws {
        let expression = try RegularExpression("a")
        #expect(expression.allMatches(in: "aaa", limit: 2) == ["a", "a"])
        #expect(expression.allMatches(in: "aaa", limit: 0) == [])
    }

    /// Go's words for what RE2 does not take.
    @Test(arguments: [
        ("(a", "missing closing ): `(a`"), ("a)", "unexpected ): `a)`"), ("[a", "missing closing ]: `[a`"),
        ("*a", "missing argument to repetition operator: `*`"),
        ("a**", "invalid nested repetition operator: `**`"),
        ("a{2}{3}", "invalid nested repetition operator: `{2}{3}`"),
        ("a\\", "trailing backslash at end of expression: ``"),
        ("\\1", "invalid escape sequence: `\\1`"), ("(a)\\2", "invalid escape sequence: `\\2`"),
        ("(?=a)", "invalid or unsupported Perl syntax: `(?=`"),
        ("(?!a)", "invalid or unsupported Perl syntax: `(?!`"),
        ("(?<=a)", "invalid or unsupported Perl syntax: `(?<=`"), ("\\y", "invalid escape sequence: `\\y`"),
        ("a{1001}", "invalid repeat count: `{1001}`"), ("a{3,2}", "invalid repeat count: `{3,2}`"),
        ("(a{100}){100}", "invalid repeat count: `{100}`"), ("[z-a]", "invalid character class range: `z-a`"),
        ("\\p{Nope}", "invalid character class range: `\\p{Nope}`"),
        ("[[:nope:]]", "invalid character class range: `[:nope:]`"),
        ("(?P<>a)", "invalid named capture: `(?P<>a)`"),
        ("(?z)", "invalid or unsupported Perl syntax: `(?z`"),
    ])
    func refuses(pattern: String, message: String) {
        #expect {
            _ = try RegularExpression(pattern)
        } throws: { "\($0)" == "error parsing regexp: " + message }
    }

    @Test func refusesDeepNesting() {
        let pattern = String(repeating: "(", count: 5000) + String(repeating: ")", count: 5000)
        #expect(throws: RegularExpressionError.self) { try RegularExpression(pattern) }
    }

    /// Patterns on which a backtracking matcher needs exponential time: these would not end.
    @Test(arguments: ["(a*)*b", "(a|aa)+$b", "(a|a)*b", "(.*)*x", "((a?){30}a{30})+b"])
    func takesLinearTime(pattern: String) throws {
        let expression = try RegularExpression(pattern)
        #expect(!expression.matches(String(repeating: "a", count: 5000)))
    }
}
