import EdgeCEL
import EdgeJSON
import Testing

@Suite struct CollectionTests {
    private let cel = CELTesting(
        variables: ["doc": .any], values: ["doc": ["a": ["b": 5, "n": nil], "list": [1, 2, 3], "x-y": "z"]])

    @Test(arguments: [
        "size([1, 2]) == 2", "'\u{1F600}\u{e9}'.size() == 2", "size(b'\\xff\\x00') == 2",
        "{'a': 1}.size() == 1", "[1, 2, 3][1] == 2",
        "[1, 2, 3][dyn(1.0)] == 2", "{'a': 1}['a'] == 1", "{1: 'x'}[1] == 'x'", "{1: 'x'}[dyn(1u)] == 'x'",
        "{true: 1}[true] == 1", "{'a': {'b': 2}}.a.b == 2", "{'a': 1, 'a': 2} == {'a': 2}", "2 in [1, 2]",
        "!(3 in [1, 2])", "'a' in {'a': 1}",
        "!('b' in {'a': 1})", "has({'a': 1}.a)", "!has({'a': 1}.b)", "has(doc.a.b)", "!has(doc.a.c)",
        "has(doc.a.n)",
        "doc.a.b == 5", "doc['x-y'] == 'z'", "doc.list[2] == 3", "doc.list.all(x, x > 0)",
        "doc.a == {'b': 5, 'n': null}",
        "[1, 2, 3].map(x, x * 2) == [2, 4, 6]", "[1, 2, 3].map(x, x > 1, x * 2) == [4, 6]",
        "[1, 2, 3].filter(x, x > 1) == [2, 3]", "[1, 2, 3].exists(x, x == 2)",
        "[1, 2, 2].exists_one(x, x == 1)",
        "![1, 2, 2].existsOne(x, x == 2)", "[].all(x, false)", "![].exists(x, true)",
        "{'a': 1, 'b': 2}.all(k, k in ['a', 'b'])",
        "[[1, 2], [3]].all(l, l.exists(x, x > 1))", "[1, 2].map(x, [x].map(y, x + y)) == [[2], [4]]",
        "[3, 4].all(i, v, v - i == 3)", "{'a': 1}.exists(k, v, k == 'a' && v == 1)",
        "[1, 1].existsOne(i, v, i == 0)",
        "[5, 6].transformList(i, v, i + v) == [5, 7]", "[5, 6].transformList(i, v, v > 5, i) == [1]",
        "{'a': 1}.transformMap(k, v, v + 1) == {'a': 2}",
        "{'a': 1, 'b': 2}.transformMap(k, v, v > 1, k) == {'b': 'b'}",
        "{'a': 'b'}.transformMapEntry(k, v, {v: k}) == {'b': 'a'}",
        "[7].transformMapEntry(i, v, {v: i}) == {7: 0}",
        "cel.bind(x, 5, x + x) == 10", "cel.bind(x, 1 / 0, true)", "cel.bind(x, [1, 2], x.exists(y, y in x))",
        "{?'a': optional.of(1), ?'b': optional.none()} == {'a': 1}",
        "[?optional.of(1), ?optional.none(), 3] == [1, 3]",
    ])
    func holds(source: String) throws { #expect(try cel.isTrue(source)) }

    @Test(arguments: [
        ("[1][5]", "index out of bounds: 5"), ("[1][-1]", "index out of bounds: -1"),
        ("{'a': 1}['b']", "no such key: b"),
        ("{'a': 1}.b", "no such key: b"), ("doc.nope.more", "no such key: nope"),
        ("dyn('a').b", "no such key: b"), ("dyn(5)[0]", "no such key: 0"),
        ("[1, 2].map(x, 1 / (x - 1))", "division by zero"),
        ("{'a': 'x', 'b': 'x'}.transformMapEntry(k, v, {v: k})", "insert failed: key x already exists"),
        ("dyn(5).all(x, true)", "got 'int', expected iterable type"),
        ("[1][dyn('a')]", "unsupported index type 'string' in list"),
        ("cel.bind(x, 1 / 0, x + 1)", "division by zero"),
    ])
    func fails(source: String, message: String) { #expect(cel.error(source) == message) }

    @Test(arguments: [
        "optional.of(1).hasValue()", "!optional.none().hasValue()", "optional.of(5).value() == 5",
        "optional.ofNonZeroValue('') == optional.none()", "optional.ofNonZeroValue([1]).hasValue()",
        "optional.none().orValue(3) == 3", "optional.of(1).or(optional.of(2)).value() == 1",
        "optional.none().or(optional.of(2)).value() == 2", "{'a': {'b': 1}}.?a.?b == optional.of(1)",
        "{'a': {}}.?a.b == optional.none()", "{'a': 1}.?b.orValue(7) == 7", "[1, 2][?0] == optional.of(1)",
        "[1, 2][?5].orValue(9) == 9", "{'k': 1}[?'k'].optMap(x, x + 1) == optional.of(2)",
        "{'k': 1}[?'z'].optMap(x, x + 1) == optional.none()", "doc.?a.optFlatMap(v, v.?b).orValue(0) == 5",
        "doc.?a.?b.hasValue() && !doc.?nope.?b.hasValue()", "has(doc.?a.b)", "[1, 2].first().value() == 1",
        "[].last() == optional.none()",
        "optional.none().or(optional.none()).orValue(1 / 1) == 1", "optional.of(1).orValue(1 / 0) == 1",
    ])
    func optionals(source: String) throws { #expect(try cel.isTrue(source)) }
}
