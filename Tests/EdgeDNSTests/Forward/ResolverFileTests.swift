import EdgeBase
import Testing

@testable import EdgeDNS

@Suite struct ResolverFileTests {
    @Test func readsServers() throws {
        let text = """
            # nameserver 192.0.2.1
            search lan
            nameserver 127.0.0.53
            nameserver\t192.0.2.2   # the router
            nameserver 10.43.0.10
            nameserver 2001:db8::1
            nameserver fe80::1%eth0
            nameserver 192.0.2.2
            nameserver
            options edns0
            """
        let file = ResolverFile(text, excluding: [try address("10.43.0.10")])
        #expect(file.servers.map(\.description) == ["127.0.0.53", "192.0.2.2", "2001:db8::1"])
    }
}
