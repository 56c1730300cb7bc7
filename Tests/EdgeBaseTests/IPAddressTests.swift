import EdgeBase
import Testing

@Suite struct IPAddressTests {
    @Test(arguments: [
        ("0.0.0.0", true), ("10.42.0.1", true), ("255.255.255.255", true), ("256.1.1.1", false),
        ("1.2.3", false), ("1.2.3.4.5", false), ("01.2.3.4", false), ("1.2.3.-4", false), ("", false),
        ("1.2.3.4 ", false),
    ])
    func readsIPv4AsKubernetesDoes(text: String, isValid: Bool) {
        #expect((IPv4Address(text) != nil) == isValid)
        if isValid { #expect(IPv4Address(text)?.description == text) }
    }

    /// RFC 5952 section 4 and 5.
    @Test(arguments: [
        ("::", "::"), ("::1", "::1"), ("fe80::1", "fe80::1"), ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"),
        ("2001:DB8::0001", "2001:db8::1"), ("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"), ("1::", "1::"),
        ("2001:0:0:1:0:0:0:1", "2001:0:0:1::1"), ("1:0:3:4:5:6:7:8", "1:0:3:4:5:6:7:8"),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.1"),
    ])
    func writesIPv6InCanonicalForm(text: String, canonical: String) {
        #expect(IPv6Address(text)?.description == canonical)
    }

    @Test(arguments: [
        ":", ":::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", "12345::", "g::", "::1.2.3", "1.2.3.4::",
    ])
    func refusesBrokenIPv6(text: String) {
        #expect(IPv6Address(text) == nil)
    }

    @Test func bytesGoThereAndBack() {
        for text in ["10.1.2.3", "2001:db8::ff"] {
            let address = IPAddress(text)
            #expect(address.flatMap { IPAddress(bytes: $0.bytes) } == address)
        }
        #expect(IPAddress(bytes: [1, 2, 3]) == nil)
    }
}

@Suite struct CIDRTests {
    @Test(arguments: [
        ("10.42.0.0/16", "10.42.255.255", true), ("10.42.0.0/16", "10.43.0.0", false),
        ("0.0.0.0/0", "8.8.8.8", true),
        ("10.42.0.0/16", "::1", false), ("fd00::/8", "fd12::1", true), ("fd00::/8", "fe00::", false),
    ])
    func contains(network: String, address: String, expected: Bool) throws {
        let network = try #require(CIDR(network))
        #expect(network.contains(try #require(IPAddress(address))) == expected)
    }

    @Test(arguments: ["10.0.0.0/33", "10.0.0.0", "10.0.0.0/+8", "10.0.0.0/08", "10.0.0.0/", "/8", "10.0.0/8"])
    func refusesBrokenText(text: String) {
        #expect(CIDR(text) == nil)
    }

    @Test func dividesIntoSubnets() throws {
        let cluster = try #require(CIDR("10.42.0.0/16"))
        #expect(cluster.subnet(prefixLength: 24, at: 0)?.description == "10.42.0.0/24")
        #expect(cluster.subnet(prefixLength: 24, at: 255)?.description == "10.42.255.0/24")
        #expect(cluster.subnet(prefixLength: 24, at: 256) == nil)
        let wide = try #require(CIDR("fd00:42::/56"))
        #expect(wide.subnet(prefixLength: 64, at: 3)?.description == "fd00:42:0:3::/64")
    }

    @Test func findsAddressesByOffset() throws {
        let network = try #require(CIDR("10.43.0.7/24"))
        #expect(network.network.description == "10.43.0.0/24")
        #expect(network.address(at: 10)?.description == "10.43.0.10")
        #expect(network.address(at: 256) == nil)
        #expect(network.offset(of: try #require(IPAddress("10.43.0.10"))) == 10)
        #expect(network.offset(of: try #require(IPAddress("10.44.0.10"))) == nil)
    }
}
