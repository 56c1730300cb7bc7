import EdgeBase
import Testing

@Suite struct TextTests {
    @Test(arguments: [
        ("web-1", true), ("a", true), ("", false), ("-a", false), ("a-", false), ("A", false), ("a.b", false),
        (String(repeating: "x", count: 63), true), (String(repeating: "x", count: 64), false),
    ])
    func labels(name: String, isValid: Bool) {
        #expect(DNSName.isLabel(name) == isValid)
    }

    @Test(arguments: [("a.b-c.d", true), ("a..b", false), (".a", false), ("a.", false), ("a.-b", false)])
    func subdomains(name: String, isValid: Bool) {
        #expect(DNSName.isSubdomain(name) == isValid)
    }

    @Test func serviceNamesBeginWithALetter() {
        #expect(DNSName.isRFC1035Label("web1"))
        #expect(!DNSName.isRFC1035Label("1web"))
    }

    /// RFC 4648 section 10, without padding.
    @Test(arguments: [
        ("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"), ("fooba", "Zm9vYmE"),
    ])
    func base64URL(plain: String, encoded: String) {
        #expect(Base64URL.encode(plain.utf8) == encoded)
        #expect(Base64URL.decode(encoded) == Array(plain.utf8))
    }

    @Test(arguments: ["Z", "Zh", "Zg=", "Z+", "Zm9v Zg"])
    func base64URLRefusesWhatItWouldNotWrite(text: String) {
        #expect(Base64URL.decode(text) == nil)
    }
}
