import Testing

@Suite struct StringLibraryTests {
    private let cel = CELTesting()

    @Test(arguments: [
        "'hello'.charAt(4) == 'o'", "'a'.charAt(1) == ''", "'tacocat'.indexOf('ac') == 1",
        "'tacocat'.indexOf('') == 0", "'tacocat'.indexOf('a', 3) == 5",
        "'x'.indexOf('y') == -1", "'tacocat'.lastIndexOf('ac') == 1", "'tacocat'.lastIndexOf('at', 5) == 5",
        "'tacocat'.lastIndexOf('at', 4) == -1",
        "'\u{3b1}\u{3b2}\u{3b3}'.indexOf('\u{3b3}') == 2", "['a', 'b'].join() == 'ab'",
        "['a', 'b'].join('-') == 'a-b'", "'TacoCat\u{c9}'.lowerAscii() == 'tacocat\u{c9}'",
        "'TacoCat'.upperAscii() == 'TACOCAT'", "'hello hello'.replace('he', 'we') == 'wello wello'",
        "'hello hello'.replace('he', 'we', 1) == 'wello hello'",
        "'ab'.replace('', '-') == '-a-b-'", "'aaa'.replace('a', 'b', 0) == 'aaa'",
        "'a,b,c'.split(',') == ['a', 'b', 'c']", "'a,b,c'.split(',', 2) == ['a', 'b,c']",
        "'ab'.split('') == ['a', 'b']", "'a'.split(',', 0) == []", "'tacocat'.substring(4) == 'cat'",
        "'tacocat'.substring(0, 4) == 'taco'",
        "' \\t a b\\n'.trim() == 'a b'", "strings.quote('a\"b\\n') == '\"a\\\\\"b\\\\n\"'",
        "'hello'.contains('ell')", "'hello'.startsWith('he')",
        "'hello'.endsWith('lo')", "''.contains('')", "'abc'.matches('^[a-c]+$')", "matches('abc', 'b')",
        "'abc 123'.find('[0-9]+') == '123'",
        "'abc'.find('x') == ''", "'1 2 3'.findAll('[0-9]') == ['1', '2', '3']",
        "'1 2 3'.findAll('[0-9]', 2) == ['1', '2']", "'a'.matches(dyn('a|b'))",
        "'%s %d %d %b %o %x %X'.format(['a', 1, 2u, 5, 8, 255, 255]) == 'a 1 2 101 10 ff FF'",
        "'%%'.format([]) == '%'",
        "'%.2f'.format([1.005]) == '1.00'", "'%.0f %.0f %.0f'.format([0.5, 1.5, 2.5]) == '0 2 2'",
        "'%f'.format([1234567.5]) == '1,234,567.500000'",
        "'%s'.format([[1, 'a', 1.5]]) == '[1, \"a\", 1.500000]'",
        "'%s'.format([{'b': 2, 'a': 1}]) == '{\"a\":1, \"b\":2}'",
        "'%s %s'.format([duration('1s'), true]) == '1s true'", "'%x'.format(['hi']) == '6869'",
        "'%s'.format([null]) == 'null'",
        "'%.3e'.format([1234.5]) == '1.234\u{202f}\u{d7}\u{202f}10\u{2070}\u{b3}'",
        "base64.encode(b'hello') == 'aGVsbG8='", "base64.decode('aGVsbG8') == b'hello'",
        "jsonpatch.escapeKey('a/b~c') == 'a~1b~0c'",
    ])
    func holds(source: String) throws { #expect(try cel.isTrue(source)) }

    @Test(arguments: [
        ("'a'.charAt(5)", "index out of range: 5"), ("'a'.substring(2)", "index out of range: 2"),
        ("'abc'.substring(2, 1)", "invalid substring range. start: 2, end: 1"),
        ("'a'.indexOf('b', -1)", "index out of range: -1"),
        ("'a'.matches('(')", "error parsing regexp: missing closing ): `(`"),
        ("'a'.find('[')", "Illegal regex: error parsing regexp: missing closing ]: `[`"),
        ("dyn([1]).join()", "join: invalid input: 1"),
        (
            "'%d'.format(['a'])",
            "error during formatting: decimal clause can only be used on integers, was given string"
        ),
        ("'%q'.format([1])", "could not parse formatting clause: unrecognized formatting clause \"q\""),
        ("'%s %s'.format([1])", "index 1 out of range"),
    ])
    func fails(source: String, message: String) { #expect(cel.error(source) == message) }
}
