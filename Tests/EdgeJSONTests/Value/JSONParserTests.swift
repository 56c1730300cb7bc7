import EdgeJSON
import Testing

struct JSONParserTests {
    @Test(arguments: [
        ("null", JSONValue.null), (" [ ] ", .array([])), ("{}", .object([:])), ("-0", 0),
        ("9223372036854775807", .int(.max)),
        ("-9223372036854775808", .int(.min)), ("9223372036854775808", .double(9_223_372_036_854_775_808)),
        ("1.5e2", .double(150)), (#""\u00e9\ud83d\ude80\/""#, "é🚀/"), (#""\ud800x""#, "\u{fffd}x"),
        (#"{"a":1,"b":[true,false,null]}"#, ["a": 1, "b": [true, false, .null]] as JSONValue),
    ])
    func `reads values`(text: String, value: JSONValue) throws {
        #expect(try JSONValue(parsing: text) == value)
    }

    @Test(arguments: [
        "", "nul", "[1,]", "{\"a\"}", "{\"a\":}", "{a:1}", "01", "1.", "1e", "+1", ".5", "\"\u{1}\"", "\"abc",
        #""\x""#,
        #""\u12g4""#, "1 2", "[", "{", "1e999", "--1", "{\"a\":1,}",
    ])
    func `refuses what is no JSON`(text: String) {
        #expect(throws: JSONError.self) { try JSONValue(parsing: text) }
    }

    @Test func `limits nesting`() throws {
        let depth = JSONParser.maximumDepth
        func nested(_ count: Int) -> String {
            String(repeating: "[", count: count) + String(repeating: "]", count: count)
        }
        _ = try JSONValue(parsing: nested(depth))
        #expect(throws: JSONError.self) { try JSONValue(parsing: nested(depth + 1)) }
    }

    @Test func `reports repeated keys with their paths`() throws {
        let text = Array(#"{"a":{"b":1,"b":2},"c":[{"d":1,"d":2}],"a":3}"#.utf8)
        let result = try JSONParser.parse(text, recordingDuplicates: true)
        #expect(result.value == ["a": 3, "c": [["d": 2]]])
        #expect(result.duplicateKeys == ["a.b", "c[0].d", "a"])
    }
}
