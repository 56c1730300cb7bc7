import Testing

@Suite struct KubernetesLibraryTests {
    private let cel = CELTesting()

    @Test(arguments: [
        "[1, 2, 2].isSorted()", "!['b', 'a'].isSorted()", "[1, 3].sum() == 4", "[0.5, 0.5].sum() == 1.0",
        "[duration('1m'), duration('1s')].sum() == duration('1m1s')",
        "[3, 1, 2].min() == 1", "['a', 'c', 'b'].max() == 'c'", "[1, 2, 2].indexOf(2) == 1",
        "[1, 2, 2].lastIndexOf(2) == 2", "[1].indexOf(5) == -1",
        "[1, 2, 3, 4].slice(1, 3) == [2, 3]", "[[1], [2, 3]].flatten() == [1, 2, 3]",
        "[[1, [2]]].flatten(2) == [1, 2]", "[1, 2, 3].reverse() == [3, 2, 1]",
        "[1, 2, 1, 3].distinct() == [1, 2, 3]", "[[1], [1], [2]].distinct() == [[1], [2]]",
        "lists.range(3) == [0, 1, 2]", "[3, 1, 2].sort() == [1, 2, 3]",
        "[{'n': 2}, {'n': 1}].sortBy(e, e.n).map(e, e.n) == [1, 2]", "sets.contains([1, 2, 3], [2, 1])",
        "sets.equivalent([1, 2], [2, 1, 1])", "sets.intersects([1], [1, 2])", "!sets.intersects([1], [2])",
        "url('https://user@example.com:80/a%2Fb?k=v&k=w#f').getHost() == 'example.com:80'",
        "url('https://example.com:80/').getHostname() == 'example.com'",
        "url('https://[::1]:80/').getHostname() == '::1'", "url('https://[::1]:80/').getPort() == '80'",
        "url('https://example.com/').getPort() == ''",
        "url('https://example.com/a b/').getEscapedPath() == '/a%20b/'",
        "url('https://example.com/path?k1=a&k2=b&k2=c').getQuery() == {'k1': ['a'], 'k2': ['b', 'c']}",
        "url('/path').getScheme() == ''", "isURL('https://a:80/b')", "!isURL('../relative')",
        "!isURL('https://a:b/')", "url('https://a/').getScheme() == 'https'",
        "quantity('1500m').compareTo(quantity('1.5')) == 0", "quantity('1Gi').isGreaterThan(quantity('1G'))",
        "quantity('50k').add(quantity('20k')) == quantity('70k')",
        "quantity('50k').sub(20000) == quantity('30k')", "quantity('50000000G').isInteger()",
        "quantity('1Ki').asInteger() == 1024", "!quantity('1.5').isInteger()",
        "quantity('-1').sub(quantity('1')).isLessThan(quantity('0'))", "isQuantity('1.3Gi')",
        "!isQuantity('1,3Gi')", "sign(quantity('-5')) == -1", "quantity('1.5').asApproximateFloat() == 1.5",
        "ip('192.168.0.1').family() == 4", "ip('::1').isLoopback()", "ip('0.0.0.0').isUnspecified()",
        "ip('224.0.0.1').isLinkLocalMulticast()", "ip('fe80::1').isLinkLocalUnicast()",
        "ip('192.168.0.1').isGlobalUnicast()", "!isIP('256.0.0.1')", "!isIP('::ffff:1.2.3.4')",
        "ip.isCanonical('127.0.0.1')", "!ip.isCanonical('2001:DB8::1')",
        "string(ip('2001:DB8::1')) == '2001:db8::1'",
        "cidr('192.168.0.0/24').containsIP('192.168.0.7')",
        "cidr('192.168.0.0/24').containsIP(ip('192.168.0.7'))",
        "cidr('192.168.0.0/16').containsCIDR('192.168.10.0/24')",
        "!cidr('192.168.0.0/24').containsCIDR(cidr('192.168.0.0/23'))",
        "cidr('10.0.0.0/8').prefixLength() == 8", "cidr('192.168.1.5/24').masked() == cidr('192.168.1.0/24')",
        "cidr('192.168.1.5/24').ip() == ip('192.168.1.5')", "isCIDR('10.0.0.0/8')", "!isCIDR('10.0.0.0/33')",
        "string(cidr('10.0.0.0/8')) == '10.0.0.0/8'",
        "!format.dns1123Label().validate('my-label').hasValue()",
        "format.dns1123Label().validate('My.Label').hasValue()", "format.named('uuid').hasValue()",
        "!format.named('nope').hasValue()",
        "!format.uuid().validate('123e4567-e89b-12d3-a456-426614174000').hasValue()",
        "!format.date().validate('2024-02-29').hasValue()", "format.date().validate('2023-02-29').hasValue()",
        "!format.dns1123LabelPrefix().validate('web-').hasValue()", "format.byte().validate('%').hasValue()",
        "format.uri().validate('nope').hasValue()",
        "semver('1.2.3').isLessThan(semver('1.10.0'))",
        "semver('1.0.0-alpha').compareTo(semver('1.0.0')) == -1",
        "semver('1.0.0-alpha.1').isGreaterThan(semver('1.0.0-alpha'))",
        "semver('v01.2', true).minor() == 2", "isSemver('1.0.0')", "!isSemver('v1.0')",
        "isSemver('v1.0', true)", "semver('1.2.3').patch() == 3", "semver('1.0.0+a') == semver('1.0.0+b')",
        "type(ip('::1')) == net.IP", "quantity('1') != quantity('2')",
        "url('https://a/') == url('https://a/')",
    ])
    func holds(source: String) throws { #expect(try cel.isTrue(source)) }

    @Test(arguments: [
        ("[].min() == 1", "min called on empty list"),
        (
            "quantity('x')",
            "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
        ),
        ("quantity('1.5').asInteger()", "cannot convert value to integer"),
        ("url('')", "URL parse error during conversion from string: parse \"\": empty url"),
        (
            "url('relative')",
            "URL parse error during conversion from string: parse \"relative\": invalid URI for request"
        ),
        ("ip('::ffff:1.2.3.4')", "IPv4-mapped IPv6 address \"::ffff:1.2.3.4\" is not allowed"),
        ("semver('1')", "No Major.Minor.Patch elements found"),
        ("[1].slice(1, 0)", "cannot slice(1, 0), start index must be less than or equal to end index"),
        ("[1].slice(0, 5)", "cannot slice(0, 5), list is length 1"),
        ("[1].flatten(-1)", "level must be non-negative"),
        ("lists.range(100000000000)", "operation cancelled: actual cost limit exceeded"),
    ])
    func fails(source: String, message: String) {
        #expect(cel.error(source)?.contains(message) == true, "\(cel.error(source) ?? "no error")")
    }
}
