import EdgeBase
import EdgeNetlink
import NetTestSupport
import Testing

/// What is written over netlink is what the `nft` tool shows.
@Suite struct NFTablesKernelTests {
    let table = NFTTable(.ipv4, "edge")
    let test: TestNamespace
    let client: NFTablesClient

    init() throws {
        test = try TestNamespace()
        client = try NFTablesClient(in: test.namespace)
    }

    /// `nft list table`, without indentation and empty lines, elements on one line and sorted.
    private func listing() throws -> [String] {
        let lines = try test.shell("nft -j list ruleset > /dev/null; nft list table ip edge")
            .split(separator: "\n").map { line in line.drop { "\t ".contains($0) } }
            .filter { !$0.isEmpty }
        var joined: [String] = []
        for line in lines {
            if let last = joined.last, last.hasSuffix(",") {
                joined[joined.count - 1] = last + " " + line
            } else {
                joined.append(String(line))
            }
        }
        return joined.map { line in
            guard line.hasPrefix("elements = { ") else { return line }
            let elements = line.dropFirst(13).dropLast(2).split(separator: ", ").sorted()
            return "elements = { " + elements.joined(separator: ", ") + " }"
        }
    }

    /// Chains `target` and `rules`, the latter with one rule.
    private func commit(_ rule: [NFTExpression], hook: NFTHook? = nil) throws {
        var batch = NFTBatch()
        batch.add(table)
        batch.add(NFTChain("target"), to: table)
        batch.add(NFTChain("rules", hook: hook), to: table)
        batch.append(NFTRule(rule), to: "rules", of: table)
        try client.commit(batch)
    }

    @Test func tableChainsSetsAndElements() throws {
        var batch = NFTBatch()
        batch.add(table)
        batch.add(NFTChain("c"), to: table)
        batch.add(
            NFTChain("pre", hook: NFTHook(.nat, .prerouting, priority: -100)), to: table)
        batch.add(
            NFTChain("fwd", hook: NFTHook(.filter, .forward, priority: 5, policy: .drop)), to: table)
        batch.add(
            NFTSet("services", key: [.ipv4Address, .ipProtocol, .port], value: .verdict), to: table)
        let key = NFTKey([10, 43, 0, 1], [6], .port(443))
        batch.add(
            [
                NFTElement(key, .verdict(.goto("c"))),
                NFTElement(NFTKey([10, 43, 0, 10], [17], .port(53)), .verdict(.drop)),
            ], to: "services", of: table)
        batch.add(
            NFTSet("ports", key: [.ipProtocol, .port], value: .data([.ipv4Address, .port])), to: table)
        batch.add(
            [NFTElement(NFTKey([6], .port(80)), .data(NFTKey([10, 42, 0, 2], .port(8080))))],
            to: "ports", of: table)
        batch.add(NFTSet("ranges", key: [.ipv4Address], isInterval: true), to: table)
        let networks = [CIDR("10.0.0.0/8"), CIDR("192.168.4.0/22"), CIDR("255.0.0.0/8")].compactMap { $0 }
        batch.add(networks.flatMap(NFTElement.range), to: "ranges", of: table)
        batch.add(
            NFTSet("pairs", key: [.ipv4Address, .port], isInterval: true), to: table)
        batch.add(
            [
                NFTElement(
                    NFTKey([10, 0, 0, 0], .port(1)), keyEnd: NFTKey([10, 255, 255, 255], .port(9)))
            ], to: "pairs", of: table)
        batch.add(
            NFTSet("clients", key: [.ipv4Address], isDynamic: true, timeout: 10800, size: 1000), to: table)
        try client.commit(batch)

        let lines = try listing()
        #expect(
            lines == [
                "table ip edge {",
                "map services {", "type ipv4_addr . inet_proto . inet_service : verdict",
                "elements = { 10.43.0.1 . tcp . 443 : goto c, 10.43.0.10 . udp . 53 : drop }", "}",
                "map ports {", "type inet_proto . inet_service : ipv4_addr . inet_service",
                "elements = { tcp . 80 : 10.42.0.2 . 8080 }", "}",
                "set ranges {", "type ipv4_addr", "flags interval",
                "elements = { 10.0.0.0/8, 192.168.4.0/22, 255.0.0.0/8 }", "}",
                "set pairs {", "type ipv4_addr . inet_service", "flags interval",
                "elements = { 10.0.0.0/8 . 1-9 }", "}",
                "set clients {", "type ipv4_addr", "size 1000", "flags dynamic,timeout", "timeout 3h", "}",
                "chain c {", "}",
                "chain pre {", "type nat hook prerouting priority dstnat; policy accept;", "}",
                "chain fwd {", "type filter hook forward priority filter + 5; policy drop;", "}",
                "}",
            ])

        #expect(try client.tables() == [table])
        #expect(try client.chains(of: table).sorted() == ["c", "fwd", "pre"])
        #expect(try client.sets(of: table).sorted() == ["clients", "pairs", "ports", "ranges", "services"])
        #expect(
            try client.elements(of: "services", in: table)?.contains(
                NFTElement(key, .verdict(.goto("c")))) == true)
        #expect(try client.elements(of: "none", in: table) == nil)

        var change = NFTBatch()
        change.delete([NFTElement(key)], from: "services", of: table)
        change.add([NFTElement(key, .verdict(.accept))], to: "services", of: table)
        change.deleteChain("c", of: table)
        try client.commit(change)
        #expect(
            try listing().contains(
                "elements = { 10.43.0.1 . tcp . 443 : accept, 10.43.0.10 . udp . 53 : drop }"))

        #expect(try client.deleteTable(table))
        #expect(try !client.deleteTable(table))
        #expect(try client.chains(of: table) == [])
        #expect(try test.shell("nft list ruleset") == "")
    }

    static let mark: NFTExpression = .meta(.mark, to: 0)
    static let nat = NFTHook(.nat, .postrouting, priority: 100)
    static let prerouting = NFTHook(.nat, .prerouting, priority: -100)
    static let source: NFTExpression = .payload(.network, offset: 12, length: 4, to: 0)
    static let tcp: [NFTExpression] = [.meta(.transportProtocol, to: 0), .compare(0, .equal, [6])]
    static let endpoints = NFTSetReference.anonymous(
        NFTSet("", key: [.integer], value: .data([.ipv4Address, .port])),
        [
            NFTElement(NFTKey(.hostOrder(0)), .data(NFTKey([10, 42, 0, 2], .port(80)))),
            NFTElement(NFTKey(.hostOrder(1)), .data(NFTKey([10, 42, 0, 3], .port(80)))),
        ])

    static let rules: [(expressions: [NFTExpression], hook: NFTHook?, shown: String)] = [
        ([source, .compare(0, .equal, [10, 0, 0, 1]), .verdict(.accept)], nil, "ip saddr 10.0.0.1 accept"),
        (
            [
                source, .bitwise(0, mask: [255, 240, 0, 0], xor: [0, 0, 0, 0]),
                .compare(0, .notEqual, [10, 32, 0, 0]), .verdict(.jump("target")),
            ], nil, "ip saddr != 10.32.0.0/12 jump target"
        ),
        (
            [
                mark, .bitwise(0, mask: .hostOrder(~0x4000), xor: .hostOrder(0x4000)),
                .setMeta(.mark, from: 0),
            ],
            nil, "meta mark set meta mark | 0x00004000"
        ),
        (
            [
                mark, .bitwise(0, mask: .hostOrder(0x4000), xor: .hostOrder(0)),
                .compare(0, .notEqual, .hostOrder(0)), .masquerade,
            ], nat,
            "meta mark & 0x00004000 != 0x00000000 masquerade fully-random"
        ),
        (
            [.addressType(.destination, to: 0), .compare(0, .equal, .hostOrder(2)), .verdict(.drop)],
            prerouting, "fib daddr type local drop"
        ),
        (
            tcp + [
                .number(.random, modulus: 2, to: 0), .lookup(endpoints, key: 0, .data(to: 0)),
                .translate(.destination, family: .ipv4, address: 0, port: 1),
            ], prerouting,
            "meta l4proto tcp dnat ip to numgen random mod 2 map { 0 : 10.42.0.2 . 80, 1 : 10.42.0.3 . 80 }"
        ),
        (
            tcp + [
                .immediate([10, 42, 0, 2], to: 0), .immediate(.port(80), to: 1),
                .translate(.destination, family: .ipv4, address: 0, port: 1),
            ], prerouting,
            "meta l4proto tcp dnat to 10.42.0.2:80"
        ),
        (
            [
                .immediate([10, 0, 0, 9], to: 0),
                .translate(.source, family: .ipv4, address: 0, port: nil),
            ], nat, "snat to 10.0.0.9"
        ),
        (
            [
                .number(.incremental, modulus: 2, to: 0),
                .lookup(
                    .anonymous(
                        NFTSet("", key: [.integer], value: .verdict),
                        [
                            NFTElement(NFTKey(.hostOrder(0)), .verdict(.goto("target"))),
                            NFTElement(NFTKey(.hostOrder(1)), .verdict(.drop)),
                        ]), key: 0, .verdict),
            ], nil, "numgen inc mod 2 vmap { 0 : goto target, 1 : drop }"
        ),
        (
            [
                source,
                .lookup(
                    .anonymous(
                        NFTSet("", key: [.ipv4Address]),
                        [NFTElement(NFTKey(bytes: [1, 2, 3, 4])), NFTElement(NFTKey(bytes: [5, 6, 7, 8]))]),
                    key: 0, .notMember), .verdict(.return),
            ], nil, "ip saddr != { 1.2.3.4, 5.6.7.8 } return"
        ),
        (
            [
                .conntrack(.state, direction: nil, to: 0),
                .bitwise(0, mask: .hostOrder(8), xor: .hostOrder(0)),
                .compare(0, .notEqual, .hostOrder(0)), .counter, .reject(.icmp(code: 3)),
            ],
            NFTHook(.filter, .forward, priority: 0), "ct state new counter packets 0 bytes 0 reject"
        ),
        (
            tcp + [.reject(.tcpReset)], NFTHook(.filter, .input, priority: 0),
            "reject with tcp reset"
        ),
        (
            [.conntrack(.destinationIP, direction: .original, to: 0), .compare(0, .equal, [10, 43, 0, 1])],
            nil, "ct original ip daddr 10.43.0.1"
        ),
        ([.immediate(.hostOrder(7), to: 0), .setConntrack(.mark, from: 0)], nil, "ct mark set 0x00000007"),
        (
            [.limit(packets: 5, perSeconds: 1, burst: 10), .log(prefix: "edge ")], nil,
            #"limit rate 5/second burst 10 packets log prefix "edge ""#
        ),
        ([.noTrack], NFTHook(.filter, .prerouting, priority: -300), "notrack"),
        (
            [
                .meta(.inputInterfaceName, to: 0),
                .compare(0, .equal, Array("br0".utf8) + [UInt8](repeating: 0, count: 13)), .verdict(.drop),
            ],
            nil, #"iifname "br0" drop"#
        ),
    ]

    @Test(arguments: rules.indices)
    func rulesAreShownByTheTool(_ index: Int) throws {
        let rule = Self.rules[index]
        try commit(rule.expressions, hook: rule.hook)
        let lines = try listing()
        #expect(lines.contains(rule.shown), "\(lines)")
        // What the tool shows, it takes again.
        try test.shell(
            "nft list table ip edge > /tmp/edge-nft-$$; nft -c -f /tmp/edge-nft-$$; s=$?; rm /tmp/edge-nft-$$; exit $s"
        )
    }

    @Test func dynamicSetsAreUpdatedByRules() throws {
        var batch = NFTBatch()
        batch.add(table)
        batch.add(NFTChain("c"), to: table)
        batch.add(
            NFTSet("clients", key: [.ipv4Address], isDynamic: true, timeout: 60, size: 100), to: table)
        let update: NFTExpression = .updateSet(
            .update, set: "clients", key: 0, data: nil, timeout: nil)
        batch.append(NFTRule([Self.source, update], comment: "keeps clients"), to: "c", of: table)
        batch.append(NFTRule([Self.source, .lookup(.named("clients"), key: 0, .member)]), to: "c", of: table)
        batch.add(
            [NFTElement(NFTKey(bytes: [1, 2, 3, 4]), expiration: 30_000)], to: "clients", of: table)
        try client.commit(batch)
        let lines = try listing()
        #expect(lines.contains(#"update @clients { ip saddr } comment "keeps clients""#))
        #expect(lines.contains("ip saddr @clients"))
        let left = try #require(try client.elements(of: "clients", in: table)?.first?.expiration)
        #expect((1...30_000).contains(left))
        #expect(try client.rules(of: table).map(\.comment) == ["keeps clients", nil])
    }

    @Test func batchHappensAsAWholeOrNotAtAll() throws {
        var good = NFTBatch()
        good.add(table)
        good.add(NFTChain("c"), to: table)
        try client.commit(good)
        let generation = try client.generation()

        var bad = NFTBatch()
        bad.add(NFTChain("d"), to: table)
        bad.append(NFTRule([.verdict(.jump("nowhere"))]), to: "c", of: table)
        let error = try #require(throws: NetlinkError.self) { try client.commit(bad) }
        #expect(error.description == "add rule c: no such file or directory")
        #expect(try client.chains(of: table) == ["c"])
        #expect(try client.generation() == generation)

        var late = NFTBatch()
        late.add(NFTChain("e"), to: table)
        try client.commit(late, ifGeneration: generation)
        #expect(throws: NetlinkError.self) { try client.commit(late, ifGeneration: generation) }
        #expect(try client.generation() > generation)
    }

    @Test func batchesOfThousandsOfElements() throws {
        var batch = NFTBatch()
        batch.add(table)
        batch.add(NFTChain("c"), to: table)
        batch.add(NFTSet("services", key: [.ipv4Address, .ipProtocol, .port], value: .verdict), to: table)
        let elements = (0..<20_000).map { number in
            NFTElement(
                NFTKey(
                    [10, 43, UInt8(number >> 8 & 0xff), UInt8(number & 0xff)], [6], .port(UInt16(number))),
                .verdict(.goto("c")))
        }
        batch.add(elements, to: "services", of: table)
        try client.commit(batch)
        #expect(try client.elements(of: "services", in: table)?.count == 20_000)
    }

    @Test(
        arguments: [
            ("10.0.0.0/8", [10, 0, 0, 0], [11, 0, 0, 0]), ("10.255.0.0/16", [10, 255, 0, 0], [11, 0, 0, 0]),
            ("1.2.3.4/32", [1, 2, 3, 4], [1, 2, 3, 5]), ("1.2.3.128/25", [1, 2, 3, 128], [1, 2, 4, 0]),
            ("255.0.0.0/8", [255, 0, 0, 0], nil), ("0.0.0.0/0", [0, 0, 0, 0], nil),
        ] as [(String, [UInt8], [UInt8]?)])
    func networksAsRanges(_ text: String, _ first: [UInt8], _ end: [UInt8]?) throws {
        let elements = NFTElement.range(of: try #require(CIDR(text)))
        #expect(elements.map(\.key.bytes) == [first] + (end.map { [$0] } ?? []))
        #expect(elements.map(\.isIntervalEnd) == [false] + (end == nil ? [] : [true]))
    }
}
