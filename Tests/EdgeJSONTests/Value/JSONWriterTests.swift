import EdgeJSON
import Testing

struct JSONWriterTests {
    @Test(arguments: [
        (1.0, "1"), (-2.0, "-2"), (0.5, "0.5"), (1e20, "100000000000000000000"), (1e21, "1e+21"),
        (1.5e-6, "0.0000015"), (1.5e-7, "1.5e-7"), (123456789.125, "123456789.125"),
        (1e16, "10000000000000000"),
        (-1e-9, "-1e-9"), (.infinity, "null"),
    ])
    func `writes floating-point numbers as Go does`(number: Double, text: String) {
        #expect(JSONValue.double(number).description == text)
    }

    @Test(arguments: [
        ("a\"b\\c", #""a\"b\\c""#), ("\n\t\r\u{8}\u{c}", #""\n\t\r\b\f""#),
        ("\u{1}\u{1f}", #""\u0001\u001f""#),
        ("é漢🚀/<>&", #""é漢🚀/<>&""#), ("", #""""#),
    ])
    func `escapes what must be escaped`(text: String, json: String) throws {
        #expect(JSONValue.string(text).description == json)
        #expect(try JSONValue(parsing: json) == .string(text))
    }
}
