import EdgeJSON
import Testing

struct YAMLParseTests {
    @Test(arguments: [
        // Booleans and nulls of YAML 1.1.
        ("yes", "true"), ("Yes", "true"), ("on", "true"), ("y", "true"), ("TRUE", "true"),
        ("no", "false"), ("OFF", "false"), ("n", "false"), ("tRUE", #""tRUE""#),
        ("~", "null"), ("null", "null"), ("NULL", "null"), ("nUll", #""nUll""#),
        // Numbers.
        ("12", "12"), ("-7", "-7"), ("+7", "7"), ("1_000", "1000"), ("0755", "493"), ("0o17", "15"),
        ("0x1F", "31"), ("0b101", "5"), ("08", "8"), ("1.5", "1.5"), ("1e3", "1000"), (".5", "0.5"),
        ("1.", "1"),
        ("9223372036854775807", "9223372036854775807"), ("1.2.3", #""1.2.3""#), ("12:30", #""12:30""#),
        ("1e", #""1e""#), ("-", "[null]"),
        // Dates stay text.
        ("2026-01-02", #""2026-01-02""#), ("2026-01-02T03:04:05Z", #""2026-01-02T03:04:05Z""#),
        // Quoted stays text, tags decide.
        ("'yes'", #""yes""#), ("\"12\"", #""12""#), ("!!str 12", #""12""#), ("!!int '3'", "3"),
        ("!!float 3", "3"), ("!!binary aGk=", #""hi""#), ("! 12", #""12""#), ("!custom x", #""x""#),
        // Blocks.
        ("|\n  a\n  b\n", #""a\nb\n""#), ("|-\n  a\n  b\n", #""a\nb""#), (">\n  a\n  b\n", #""a b\n""#),
        ("|2\n    a\n", #""  a\n""#),
        // Collections and keys.
        ("a: 1\nb: [x, 'y']\nc: {d: e}", #"{"a":1,"b":["x","y"],"c":{"d":"e"}}"#),
        ("1: a\ntrue: b\n1.5: c", #"{"1":"a","true":"b","1.5":"c"}"#),
        ("a:\n- b\n- c: d\n  e: f", #"{"a":["b",{"c":"d","e":"f"}]}"#),
        ("a: # nothing", #"{"a":null}"#), (#"{"a": "é\n"}"#, #"{"a":"é\n"}"#),
    ])
    func `gives scalars and collections their types`(text: String, json: String) throws {
        #expect(try YAML.parse(text) == [JSONValue(parsing: json)])
    }

    @Test(arguments: [
        ("", []), ("# only a comment\n", []), ("---\n---\na: 1\n", ["null", #"{"a":1}"#]),
        ("a: 1\n---\nb: 2\n...\n", [#"{"a":1}"#, #"{"b":2}"#]), ("--- |\n a\n--- b", [#""a\n""#, #""b""#]),
    ])
    func `reads streams of documents`(text: String, documents: [String]) throws {
        #expect(try YAML.parse(text) == documents.map { try JSONValue(parsing: $0) })
    }

    @Test(arguments: [
        ("a: &x {b: 1}\nc: *x", #"{"a":{"b":1},"c":{"b":1}}"#),
        ("a: &x 1\nb: &x 2\nc: *x", #"{"a":1,"b":2,"c":2}"#),
        ("d: &d {a: 1, b: 2}\ne:\n  <<: *d\n  b: 3", #"{"d":{"a":1,"b":2},"e":{"b":3,"a":1}}"#),
        ("e:\n  b: 3\n  <<: [{b: 1, c: 1}, {c: 2, d: 2}]", #"{"e":{"b":3,"c":1,"d":2}}"#),
        ("'<<': {a: 1}", #"{"<<":{"a":1}}"#),
    ])
    func `follows aliases and merge keys`(text: String, json: String) throws {
        #expect(try YAML.parse(text) == [JSONValue(parsing: json)])
    }

    @Test(arguments: [
        ("a: b: c", "yaml: line 1: mapping values are not allowed in this context"),
        ("a: 1\nb: [", "yaml: line 3: did not find expected node content"),
        ("a:\n\tb: 1", "yaml: line 2: found character that cannot start any token"),
        ("a: *x", "yaml: line 1: unknown anchor 'x' referenced"),
        ("a: &x [*x]", "yaml: line 1: anchor 'x' value contains itself"),
        ("<<: 1", "yaml: line 1: map merge requires map or sequence of maps as the value"),
        ("a: .nan", "yaml: line 1: json: unsupported value: .nan"),
        ("x: 1\n? [a]\n: 1", "yaml: line 2: unsupported map key of type: sequence"),
        ("!!int x", "yaml: line 1: cannot decode `x` as a !!int"),
    ])
    func `says what is wrong and where`(text: String, message: String) {
        let error = #expect(throws: YAMLError.self) { try YAML.parse(text) }
        #expect(error?.description == message)
    }

    @Test func `reports keys that stand twice`() throws {
        let documents = try YAML.documents("a:\n  b: 1\n  b: 2\nc:\n- d: 1\n  d: 2\n".utf8)
        #expect(documents[0].value == ["a": ["b": 2], "c": [["d": 2]]])
        #expect(documents[0].duplicateKeys.map(\.path) == ["a.b", "c[0].d"])
        #expect(documents[0].duplicateKeys.first?.description == #"line 3: key "b" already set in map"#)
    }

    @Test func `finds a repeated key among many`() throws {
        let lines = (0..<5000).map { "key\($0): 1\n" }.joined() + "key17: 2\n"
        let document = try #require(try YAML.documents(lines.utf8).first)
        #expect(document.duplicateKeys.map(\.path) == ["key17"])
        #expect(document.value.object?.count == 5000)
    }

    @Test func `refuses an alias bomb`() {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1...9 {
            let aliases = (0..<10).map { _ in "*a\(level - 1)" }.joined(separator: ", ")
            text += "a\(level): &a\(level) [\(aliases)]\n"
        }
        let error = #expect(throws: YAMLError.self) { try YAML.parse(text) }
        #expect(error?.message == "document contains excessive aliasing")
    }

    @Test(arguments: ["[", "{a: ", "- "])
    func `refuses nesting that is too deep`(opening: String) {
        let text = String(repeating: opening, count: 2000)
        #expect(throws: YAMLError.self) { try YAML.parse(text) }
    }

    @Test func `survives bytes that are no text`() throws {
        let inputs: [[UInt8]] = [
            [0xff, 0xfe], [0x00], [0x61, 0x3a, 0x20, 0xc3], [0xef, 0xbb, 0xbf, 0x61],
            Array(repeating: 0x80, count: 99),
        ]
        for input in inputs { _ = try? YAML.parse(input) }
        #expect(try YAML.parse([0xef, 0xbb, 0xbf, 0x61]) == ["a"])
    }
}
