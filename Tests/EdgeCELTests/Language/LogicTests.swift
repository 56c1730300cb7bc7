import Testing

@Suite struct LogicTests {
    private let cel = CELTesting()

    /// One side can decide even where the other has no value.
    @Test(arguments: [
        "true || 1 / 0 == 1", "1 / 0 == 1 || true", "!(false && 1 / 0 == 1)", "!(1 / 0 == 1 && false)",
        "true ? true : 1 / 0 == 1", "false ? 1 / 0 == 1 : true", "[1, 2, 0].exists(x, 4 / x == 2)",
        "![0, 1, 2].all(x, 4 / x == 2)", "true && true && true", "false || false || true", "!false", "!!true",
        "dyn(1) == dyn(1.0)", "dyn('a') != dyn(1)", "null == null", "dyn(null) != dyn(false)", "false < true",
        "'a' < 'b' && 'B' < 'a'", "b'a' < b'b'", "dyn([1, 2]) == [1.0, 2.0]", "dyn({'a': 1}) == {'a': 1.0}",
        "{'a': 1} != {'b': 1}",
        "[[1]] != [[2]]", "'\u{1F431}' > '\u{FF5E}'", "type(1) == int", "type(type(1)) == type",
        "type([]) == list",
        "type({}) == map", "type(null) == null_type", "type(duration('1s')) == google.protobuf.Duration",
        "type(timestamp(0)) == google.protobuf.Timestamp", "'\u{e9}' != 'e\u{301}'",
    ])
    func holds(source: String) throws { #expect(try cel.isTrue(source)) }

    @Test(arguments: [
        ("false || 1 / 0 == 1", "division by zero"), ("true && 1 / 0 == 1", "division by zero"),
        ("1 / 0 == 1 || 1 % 0 == 1", "division by zero"), ("[0, 1].all(x, 1 / x == 1)", "division by zero"),
        ("[0, 1].exists(x, 1 / x == 2)", "division by zero"),
        ("[0, 1].exists_one(x, 1 / x == 1)", "division by zero"),
        ("dyn(1) ? true : false", "no such overload"), ("dyn('a') && true", "no such overload"),
    ])
    func fails(source: String, message: String) { #expect(cel.error(source) == message) }
}
