import EdgeJSON
import Testing

struct Base64Tests {
    /// RFC 4648 section 10.
    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
        ("foobar", "Zm9vYmFy"),
    ])
    func `encodes and decodes`(text: String, encoded: String) {
        #expect(Base64.encode(Array(text.utf8)) == encoded)
        #expect(Base64.decode(encoded) == Array(text.utf8))
        #expect(Base64.check(encoded) == .canonical)
    }

    @Test func `knows the whole alphabet`() {
        let bytes = (0...255).map { UInt8($0) }
        #expect(Base64.decode(Base64.encode(bytes)) == bytes)
        #expect(Base64.encode([0xfb, 0xff, 0xbf]) == "+/+/")
    }

    @Test(arguments: [
        ("Zg", 0), ("Zg=", 0), ("Zg==Zg==", 4), ("Z===", 1), ("Zm9v!", 4), ("Zm 9v", 2), ("====", 0),
        ("Zm9vYmFyYg", 8),
    ])
    func `says where a text is not base64`(text: String, offset: Int) {
        #expect(Base64.check(text) == .illegal(offset))
        #expect(Base64.decode(text) == nil)
    }

    @Test func `skips line breaks`() {
        #expect(Base64.check("Zm9v\r\nYmFy\n") == .hasLineBreaks)
        #expect(Base64.decode("Zm9v\r\nYmFy\n") == Array("foobar".utf8))
    }
}
