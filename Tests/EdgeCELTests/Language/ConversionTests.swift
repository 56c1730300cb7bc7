import Testing

@Suite struct ConversionTests {
    private let cel = CELTesting()

    @Test(arguments: [
        "int('42') == 42", "int(42u) == 42", "int(-1.9) == -1",
        "int(timestamp('1970-01-01T00:01:00Z')) == 60", "uint('7') == 7u",
        "uint(3.9) == 3u", "double('1.5') == 1.5", "double(2) == 2.0", "string(1.0) == '1'",
        "string(1.5) == '1.5'", "string(1e100) == '1e+100'",
        "string(0.00001) == '1e-05'", "string(true) == 'true'", "string(5u) == '5'",
        "string(b'abc') == 'abc'", "bytes('é') == b'é'",
        "bool('true')", "!bool('F')", "string(duration('1h30m')) == '5400s'",
        "string(duration('1.5s')) == '1.5s'",
        "string(timestamp('2024-02-29T12:00:00.5Z')) == '2024-02-29T12:00:00.5Z'",
        "string(timestamp('2024-01-01T00:00:00+02:00')) == '2024-01-01T00:00:00+02:00'",
        "timestamp('2024-01-01T00:00:00+02:00') == timestamp('2023-12-31T22:00:00Z')",
        "timestamp(0) == timestamp('1970-01-01T00:00:00Z')",
        "duration('100ms') == duration('0.1s')", "duration('-1h') < duration('0')", "dyn('a') == 'a'",
        "int(5) == 5",
        "timestamp('2024-02-29T23:04:05.678Z').getFullYear() == 2024",
        "timestamp('2024-02-29T23:04:05Z').getMonth() == 1",
        "timestamp('2024-02-29T23:04:05Z').getDate() == 29",
        "timestamp('2024-02-29T23:04:05Z').getDayOfMonth() == 28",
        "timestamp('2024-02-29T23:04:05Z').getDayOfWeek() == 4",
        "timestamp('2024-12-31T00:00:00Z').getDayOfYear() == 365",
        "timestamp('2024-02-29T23:04:05Z').getHours() == 23",
        "timestamp('2024-02-29T23:04:05Z').getHours('02:00') == 1",
        "timestamp('2024-02-29T23:04:05Z').getHours('-03:30') == 19",
        "timestamp('2024-02-29T23:04:05.678Z').getMilliseconds() == 678",
        "duration('90m').getHours() == 1", "duration('90m').getMinutes() == 90",
        "duration('1.5s').getMilliseconds() == 1500",
        "'\\u00e9\\n\\x41\\101' == 'é\\nAA'", "r'\\d' == '\\\\d'", "'''a\nb''' == 'a\\nb'",
        "b'\\xff'.size() == 1", "\"it's\" == 'it\\'s'",
    ])
    func holds(source: String) throws { #expect(try cel.isTrue(source)) }

    @Test(arguments: [
        ("int('x')", "strconv.ParseInt: parsing \"x\": invalid syntax"), ("int(1e19)", "integer overflow"),
        ("uint(-1)", "unsigned integer overflow"),
        ("double('x')", "strconv.ParseFloat: parsing \"x\": invalid syntax"),
        ("bool('yes')", "type conversion error from 'string' to 'bool'"),
        ("string(b'\\xff')", "invalid UTF-8 in bytes, cannot convert to string"),
        ("timestamp(253402300800)", "timestamp overflow"),
        ("timestamp('nope')", "type conversion error from 'string' to 'google.protobuf.Timestamp'"),
        ("duration('1x')", "type conversion error from 'string' to 'google.protobuf.Duration'"),
        ("timestamp(0).getHours('Mars/Base')", "unknown time zone Mars/Base"),
    ])
    func fails(source: String, message: String) { #expect(cel.error(source) == message) }
}
