import EdgeBase
import EdgeNetlink
import NetTestSupport
import Testing

@testable import EdgeProxy

/// The kernel takes every ruleset and every change, and the `nft` tool understands what is there.
@Suite struct RulesetKernelTests {
    private static func listing(_ host: TestNamespace) throws -> [String] {
        // Elements of one set are shown in no particular order.
        let text = try host.shell("nft list table ip edge").replacingLineBreaksAfterCommas()
        return text.split(separator: "\n").map { line in
            guard line.contains("elements = {") else { return String(line) }
            let parts = line.split { ",{}=".contains($0) }.map {
                $0.split(separator: " ").joined(separator: " ")
            }
            return parts.sorted().joined(separator: ",")
        }.sorted()
    }

    private static func everything() -> ProxyFixture {
        var fixture = ProxyFixture()
        fixture.service("web", endpoints: ["10.42.0.2:8080", "10.42.1.2:8080"]) { service in
            service.nodePort = 30080
            service.externalIPs = [.v4(ProxyFixture.address("172.16.0.80"))]
            service.loadBalancerIPs = [.v4(ProxyFixture.address("172.16.0.90"))]
            service.loadBalancerSourceRanges = [ProxyFixture.network("172.16.0.0/12")]
            service.externalTrafficPolicy = .local
        }
        fixture.service("dns", transport: .udp, endpoints: ["10.42.0.3:53"]) { $0.port = 53 }
        fixture.service("sticky", endpoints: ["10.42.0.4:80", "10.42.1.4:80", "10.42.1.5:80"]) { service in
            service.port = 81
            service.nodePort = 30081
            service.affinityTimeout = 10_800
        }
        fixture.service("nobody", endpoints: []) { service in
            service.port = 82
            service.nodePort = 30082
        }
        fixture.state.hostPorts = [
            HostPortEntry(
                hostPort: 8080, transport: .tcp, podIP: .v4(ProxyFixture.address("10.42.0.5")), podPort: 80),
            HostPortEntry(
                hostIP: .v4(ProxyFixture.address("192.168.0.1")), hostPort: 53, transport: .udp,
                podIP: .v4(ProxyFixture.address("10.42.0.6")), podPort: 53),
        ]
        return fixture
    }

    @Test func nftShowsWhatWasMeantAndTakesItAgain() throws {
        let host = try TestNamespace()
        let client = try NFTablesClient(in: host.namespace)
        try client.commit(Self.everything().ruleset.replacement())
        let shown = try host.shell("nft list table ip edge")
        for line in [
            "type nat hook prerouting priority dstnat; policy accept;",
            "ip daddr 10.43.0.0/16 ip saddr != 10.42.0.0/16 jump mark-for-masquerade",
            "ip daddr . meta l4proto . th dport vmap @service-ips",
            "fib daddr type local ip daddr != 127.0.0.0/8 meta l4proto . th dport vmap @service-nodeports",
            "numgen random mod 2 map { 0 : 10.42.0.2 . 8080, 1 : 10.42.1.2 . 8080 }",
            "meta l4proto udp dnat to 10.42.0.3:53", "goto endpoint-default/sticky/tcp/81/10.42.1.5/80",
            "update @affinity-default/sticky/tcp/81/10.42.0.4/80 { ip saddr timeout 3h }",
            "ip saddr . ip daddr @hairpin masquerade fully-random",
            "meta mark & 0x00004000 != 0x00000000 meta mark set meta mark & 0xffffbfff masquerade fully-random",
            "ct state new jump service-endpoints-check", "10.43.0.1 . tcp . 82 : goto refuse",
            "tcp . 8080 : 10.42.0.5 . 80", "192.168.0.1 . udp . 53 : 10.42.0.6 . 53",
        ] {
            #expect(shown.contains(line), "\(line)\n\(shown)")
        }
        try host.shell(
            """
            file=$(mktemp); nft list table ip edge > $file; nft delete table ip edge
            nft -f $file; status=$?; rm $file; exit $status
            """)
        #expect(
            try Self.listing(host).count
                == shown.replacingLineBreaksAfterCommas().split(separator: "\n").count)
    }

    /// Going from state to state by differences comes to the same as writing each state anew.
    @Test(arguments: [1, 2, 3] as [UInt64])
    func changesComeToTheSameAsAReplacement(_ seed: UInt64) throws {
        var random = SeededGenerator(state: seed)
        let (gradual, whole) = (try TestNamespace(), try TestNamespace())
        let client = try NFTablesClient(in: gradual.namespace)
        let other = try NFTablesClient(in: whole.namespace)
        var current = ProxyFixture().ruleset
        try client.commit(current.replacement())
        for _ in 0..<25 {
            let next = Self.randomFixture(&random).ruleset
            try client.commit(try #require(next.changes(from: current)))
            try other.commit(next.replacement())
            #expect(try Self.listing(gradual) == Self.listing(whole))
            current = next
        }
        let empty = ProxyFixture().ruleset
        try client.commit(try #require(empty.changes(from: current)))
        try other.commit(empty.replacement())
        #expect(try Self.listing(gradual) == Self.listing(whole))
    }

    private static func randomFixture(_ random: inout SeededGenerator) -> ProxyFixture {
        var fixture = ProxyFixture()
        let endpoints = (2..<7).flatMap { ["10.42.0.\($0):80", "10.42.1.\($0):80"] }
        for index in 1...8 where Bool.random(using: &random) {
            let count = Int.random(in: 0...4, using: &random)
            let chosen = Array(endpoints.shuffled(using: &random).prefix(count))
            fixture.service("s\(index)", transport: index % 2 == 0 ? .tcp : .udp, endpoints: chosen) {
                service in
                service.clusterIPs = [.v4(IPv4Address(10, 43, 0, UInt8(index)))]
                if Bool.random(using: &random) { service.nodePort = 30000 + UInt16(index) }
                if Bool.random(using: &random) {
                    service.loadBalancerIPs = [.v4(IPv4Address(172, 16, 0, UInt8(index)))]
                }
                if Bool.random(using: &random) {
                    service.loadBalancerSourceRanges = [ProxyFixture.network("172.16.0.0/16")]
                }
                if Bool.random(using: &random) {
                    service.affinityTimeout = Bool.random(using: &random) ? 60 : 3600
                }
                if Bool.random(using: &random) { service.externalTrafficPolicy = .local }
                if Bool.random(using: &random) { service.internalTrafficPolicy = .local }
            }
        }
        for port in 1...3 where Bool.random(using: &random) {
            fixture.state.hostPorts.append(
                HostPortEntry(
                    hostPort: UInt16(port), transport: .tcp,
                    podIP: .v4(IPv4Address(10, 42, 0, UInt8.random(in: 2...6, using: &random))), podPort: 80))
        }
        return fixture
    }

    @Test func whatDoesNotDifferIsLeftAlone() throws {
        var fixture = ProxyFixture()
        for index in 0..<100 {
            fixture.service("s\(index)", endpoints: ["10.42.0.2:80", "10.42.1.2:80"]) { service in
                service.clusterIPs = [.v4(IPv4Address(10, 43, 1, UInt8(index)))]
            }
        }
        let before = fixture.ruleset
        #expect(try #require(before.changes(from: before)).isEmpty)
        let name = fixture.state.services[7].portName
        fixture.state.endpoints[name]?[0].address = .v4(IPv4Address(10, 42, 0, 3))
        // One rule with its map, and an address in the hairpin set: flush, set, elements, rule, element.
        #expect(try #require(fixture.ruleset.changes(from: before)).count == 5)
    }

    @Test func anotherHookTakesAReplacement() {
        let before = ProxyFixture().ruleset
        var after = before
        after.chains["filter-input"]?.hook = NFTHook(.filter, .input, priority: 5)
        #expect(after.changes(from: before) == nil)
    }
}

/// A generator that yields the same numbers at every run.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return (state >> 33) ^ (state << 31)
    }
}

extension String {
    /// Long lists of elements on one line each.
    func replacingLineBreaksAfterCommas() -> String {
        var result = ""
        var afterComma = false
        for character in self {
            if character == "\n", afterComma { continue }
            if !(character == "\t" && afterComma) { result.append(character) }
            afterComma = character == "," || (afterComma && (character == "\t" || character == " "))
        }
        return result
    }
}
