import EdgeBase
import Testing

@testable import EdgeDNS

@Suite struct ReverseNameTests {
    @Test(arguments: [
        ("10.42.0.5", "5.0.42.10.in-addr.arpa."),
        (
            "fd00:43::11",
            "1.1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.3.4.0.0.0.0.d.f.ip6.arpa."
        ),
    ])
    func namesAddresses(text: String, name: String) throws {
        let address = try address(text)
        let reverse = ReverseName.name(of: address)
        #expect(reverse.description == name)
        #expect(ReverseName.network(of: reverse) == CIDR(address, prefixLength: address.bitWidth))
    }

    @Test(arguments: [
        ("43.10.in-addr.arpa", "10.43.0.0/16"), ("10.in-addr.arpa", "10.0.0.0/8"),
        ("in-addr.arpa", "0.0.0.0/0"), ("d.f.ip6.arpa", "fd00::/8"),
        ("256.1.1.10.in-addr.arpa", nil), ("01.1.1.10.in-addr.arpa", nil), ("x.10.in-addr.arpa", nil),
        ("1.2.3.4.5.in-addr.arpa", nil), ("g.ip6.arpa", nil), ("10.1.2.3", nil), ("ff.ip6.arpa", nil),
    ])
    func readsNames(name: String, network: String?) throws {
        #expect(ReverseName.network(of: try wire(name))?.description == network)
    }

    @Test(arguments: [
        ("10.43.0.0/16", "43.10.in-addr.arpa."), ("10.32.0.0/12", "10.in-addr.arpa."),
        ("fd00:43::/32", "3.4.0.0.0.0.d.f.ip6.arpa."),
    ])
    func namesZones(network: String, zone: String) throws {
        let network = try #require(CIDR(network))
        #expect(ReverseName.zone(of: network).description == zone)
    }
}
