import EdgeCEL
import Testing

/// Estimates decide which rules a CustomResourceDefinition may have, so the numbers are Kubernetes' own.
@Suite struct CostEstimateTests {
    private func estimate(_ source: String, _ variables: [String: CELSchema] = [:]) throws -> CELCostRange {
        try CELTesting(variables: variables).compile(source).estimatedCost
    }

    @Test(arguments: [
        ("[1, 2, 3, 4, 5].sum()", 15, 15), ("[uint(1), uint(2), uint(3), uint(4), uint(5)].max()", 20, 20),
        ("[1, 2, 3, 4, 5].indexOf(3)", 15, 15),
        ("'1234567890123'.indexOf('123')", 2, 2),
        ("'ABCDEFGHIJ abcdefghij'.lowerAscii()", 3, 3),
        ("'ABCDEFGHIJ abcdefghij'.lowerAscii() == 'abcdefghij ABCDEFGHIJ'.lowerAscii()", 7, 9),
        ("strings.quote('ABCDEFGHIJ abcdefghij') == strings.quote('ABCDEFGHIJ abcdefghij')", 7, 11),
        ("'abc 123 def 123'.replace('123', '456')", 3, 3), ("'abc 123 def 123'.split(' ')", 3, 3),
        ("'abc 123 def 123'.find('123')", 2, 2),

        ("quantity('50k').add(20).sub(quantity('100k')).asInteger() > 0", 6, 6),
        ("quantity('200M') == quantity('0.2G') && quantity('0.2G') == quantity('200M')", 3, 6),
        ("ip('192.168.0.1').family()", 3, 3), ("sets.contains([1], [1, 1])", 23, 23),
        ("format.named('dns1123Label').value().validate('my-name')", 34, 34),
        ("url('https:://kubernetes.io/').getHost()", 4, 4),
    ])
    func ofLiterals(source: String, minimum: UInt64, maximum: UInt64) throws {
        let estimate = try estimate(source)
        #expect(estimate.minimum == minimum && estimate.maximum == maximum, "\(estimate)")
    }

    /// The root schema as `self`, with no bounds and with one.
    @Test(
        arguments: [
            (
                "self.all(x, true)", CELSchema.list(of: .double), 4_718_591,
                CELSchema.list(of: .double, maximumItems: 10), 32
            ),
            (
                "self.all(x, true)", .list(of: .string()), 3_145_727, .list(of: .string(), maximumItems: 20),
                62
            ),
            ("self.all(x, true)", .list(of: .bool), 1_887_437, .list(of: .bool, maximumItems: 5), 17),
            ("self.all(x, true)", .map(of: .double), 1_348_169, .map(of: .double, maximumProperties: 10), 32),
            (
                "self.all(x, true)", .map(of: .string()), 1_179_647,
                .map(of: .string(), maximumProperties: 3), 11
            ),
            (
                "self.all(x, true)", .list(of: .intOrString()), 4_718_591,
                .list(of: .intOrString(), maximumItems: 10), 32
            ),
            ("self.contains('test')", .string(), 314_574, .string(maximumLength: 10), 5),
            ("self.startsWith('test')", .string(), 2, .string(maximumLength: 15), 2),
            ("size(self + 'hello') > size('hello')", .string(), 314_578, .string(maximumLength: 4), 7),
            ("self[1] == 0.0", .list(of: .double), 2, .list(of: .double, maximumItems: 5000), 2),
            (
                "self[1] == self[1]", .list(of: .string()), 314_577, .list(of: .string(), maximumItems: 8),
                314_577
            ),
            ("self.matches('x')", .string(), 314_574, .string(maximumLength: 50), 22),
            ("''.matches('(((((((((())))))))))[0-9]')", .string(), 7, .string(maximumLength: 10), 7),
            (
                "self.all(x, x.contains(self[x]))", .map(of: .string(maximumLength: 10)), 2_752_507,
                .map(of: .string(maximumLength: 10), maximumProperties: 10), 72
            ),
            (
                "self.all(x, x == 0.0)", .list(of: .double), 6_291_454, .list(of: .double, maximumItems: 10),
                42
            ),
            ("self[0] == 5", .list(of: .intOrString()), 3, .list(of: .intOrString(), maximumItems: 10), 3),
            ("self == b'x'", .bytes(), 2, .bytes(maximumLength: 0), 1),
        ] as [(String, CELSchema, UInt64, CELSchema, UInt64)])
    func ofSchemas(
        source: String, open: CELSchema, openCost: UInt64, bounded: CELSchema, boundedCost: UInt64
    ) throws {
        #expect(try estimate(source, ["self": open]).maximum == openCost)
        #expect(try estimate(source, ["self": bounded]).maximum == boundedCost)
    }

    /// The elements of a list are not looked at, so those of a literal list may be of any size.
    @Test(arguments: ["['x', 'y'].isSorted()", "['aa', 'bb'].join(' ')"])
    func textsOfUnknownSize(source: String) throws {
        #expect(try estimate(source).maximum > CELCost.estimatedRuleLimit)
    }

    @Test func nestedLoopsGrowBeyondTheLimit() throws {
        let cost = try estimate("self.all(x, self.all(y, true))", ["self": .list(of: .double)]).maximum
        #expect(cost > CELCost.estimatedRuleLimit)
        #expect(
            CELCost.excessMessage("estimated rule cost", cost: cost, limit: CELCost.estimatedRuleLimit)
                == "estimated rule cost exceeds budget by factor of more than 100x (try simplifying the rule, or "
                + "adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared)"
        )
        #expect(
            CELCost.excessMessage("x", cost: 25, limit: 10).hasPrefix("x exceeds budget by factor of 2.5x "))
        #expect(
            CELCost.excessMessage("x", cost: 11, limit: 10).hasPrefix(
                "x exceeds budget by factor of 1.100000x "))
    }

    @Test func sumsDoNotOverflow() throws {
        let loops = (0..<12).reduce("true") { body, index in "self.all(x\(index), \(body))" }
        #expect(try estimate(loops, ["self": .list(of: .double)]).maximum == .max)
    }
}
