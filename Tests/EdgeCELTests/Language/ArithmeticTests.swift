import Testing

@Suite struct ArithmeticTests {
    private let cel = CELTesting()

    @Test(arguments: [
        "1 + 2 * 3 == 7", "(1 + 2) * 3 == 9", "7 / 2 == 3", "-7 / 2 == -3", "7 % -3 == 1", "-7 % 3 == -1",
        "2u + 3u == 5u", "7.0 / 2.0 == 3.5", "1.0 / 0.0 > 1e300", "-(5) == -5", "--5 == 5", "0x1F == 31",
        "0xFFu == 255u",
        "9223372036854775807 > 0", "-9223372036854775808 < 0", "dyn(1) == 1.0", "dyn(1u) == 1",
        "dyn(1u) == 1.0", "1 < 2u", "2u > 1.5",
        "-1 < 0u", "dyn(1) != 1.5", "9223372036854775807 <= 9223372036854775808.0", "0.0 == -0.0",
        "!(0.0/0.0 == 0.0/0.0)", "!(0.0/0.0 < 1.0)",
        "'a' + 'b' == 'ab'", "b'a' + b'b' == b'ab'", "[1] + [2, 3] == [1, 2, 3]", "1e3 == 1000.0",
        "1.5e-2 == 0.015",
        "duration('1h') + duration('30m') == duration('1h30m')", "-duration('1s') == duration('-1s')",
        "timestamp('2024-01-01T00:00:00Z') + duration('24h') == timestamp('2024-01-02T00:00:00Z')",
        "timestamp('2024-01-02T00:00:00Z') - timestamp('2024-01-01T00:00:00Z') == duration('24h')",
    ])
    func holds(source: String) throws { #expect(try cel.isTrue(source)) }

    @Test(arguments: [
        ("1 / 0", "division by zero"), ("1u / 0u", "division by zero"), ("1 % 0", "modulus by zero"),
        ("9223372036854775807 + 1", "integer overflow"), ("-9223372036854775808 - 1", "integer overflow"),
        ("-(-9223372036854775808)", "integer overflow"), ("-9223372036854775808 / -1", "integer overflow"),
        ("9223372036854775807 * 2", "integer overflow"), ("0u - 1u", "unsigned integer overflow"),
        ("18446744073709551615u + 1u", "unsigned integer overflow"),
        ("duration('2562047h') + duration('2562047h')", "duration overflow"),
        ("timestamp('9999-12-31T23:59:59Z') + duration('1s')", "timestamp overflow"),
        ("timestamp('0001-01-01T00:00:00Z') - duration('1ns')", "timestamp overflow"),
        ("dyn(1) + dyn('a')", "no such overload"), ("dyn(1) + dyn(1u)", "no such overload"),
    ])
    func fails(source: String, message: String) { #expect(cel.error(source) == message) }
}
