internal import EdgeBase
internal import EdgeNetlink

/// The conditions and actions that the proxy's rules are put together from. Each is a run of expressions that
/// the `nft` tool shows as one; a tracer of tests understands no others.
enum Match {
    /// `ip saddr`
    static let sourceAddress = NFTExpression.payload(.network, offset: 12, length: 4, to: 0)

    /// `ip daddr . meta l4proto . th dport`, from register 0 on.
    static let destination: [NFTExpression] = [
        .payload(.network, offset: 16, length: 4, to: 0), .meta(.transportProtocol, to: 1),
        .payload(.transport, offset: 2, length: 2, to: 2),
    ]

    /// `meta l4proto . th dport`
    static let port: [NFTExpression] = [
        .meta(.transportProtocol, to: 0), .payload(.transport, offset: 2, length: 2, to: 1),
    ]

    static func transport(_ transport: TransportProtocol) -> [NFTExpression] {
        [.meta(.transportProtocol, to: 0), .compare(0, .equal, [transport.rawValue])]
    }

    static func source(_ comparison: NFTExpression.Comparison, _ network: CIDR) -> [NFTExpression] {
        address(12, comparison, network)
    }

    static func destination(_ comparison: NFTExpression.Comparison, _ network: CIDR) -> [NFTExpression] {
        address(16, comparison, network)
    }

    private static func address(
        _ offset: UInt32, _ comparison: NFTExpression.Comparison, _ network: CIDR
    ) -> [NFTExpression] {
        let load = NFTExpression.payload(.network, offset: offset, length: 4, to: 0)
        let compare = NFTExpression.compare(0, comparison, network.firstAddress.bytes)
        if network.prefixLength == 32 { return [load, compare] }
        let mask = IPv4Address(network.prefixLength == 0 ? 0 : .max << UInt32(32 - network.prefixLength))
        return [load, .bitwise(0, mask: mask.bytes, xor: [0, 0, 0, 0]), compare]
    }

    /// `fib saddr type local`, `fib daddr type local`: RTN_LOCAL is 2.
    static func isLocal(_ side: NFTExpression.AddressSide) -> [NFTExpression] {
        [.addressType(side, to: 0), .compare(0, .equal, .hostOrder(2))]
    }

    /// An address of this host, but none of the loopback: from there packets cannot leave.
    static let reachesHost: [NFTExpression] =
        isLocal(.destination) + [
            .payload(.network, offset: 16, length: 1, to: 0), .compare(0, .notEqual, [127]),
        ]

    /// `ct state`: 1 is invalid, 8 is new.
    static func state(_ bit: UInt32) -> [NFTExpression] {
        [
            .conntrack(.state, direction: nil, to: 0), .bitwise(0, mask: .hostOrder(bit), xor: .hostOrder(0)),
            .compare(0, .notEqual, .hostOrder(0)),
        ]
    }
    static let isInvalid = state(1)
    static let isNew = state(8)

    static func isMarked(_ bit: UInt32) -> [NFTExpression] {
        [
            .meta(.mark, to: 0), .bitwise(0, mask: .hostOrder(bit), xor: .hostOrder(0)),
            .compare(0, .notEqual, .hostOrder(0)),
        ]
    }

    static func setMark(_ bit: UInt32) -> [NFTExpression] {
        [
            .meta(.mark, to: 0), .bitwise(0, mask: .hostOrder(~bit), xor: .hostOrder(bit)),
            .setMeta(.mark, from: 0),
        ]
    }

    static func clearMark(_ bit: UInt32) -> [NFTExpression] {
        [
            .meta(.mark, to: 0), .bitwise(0, mask: .hostOrder(~bit), xor: .hostOrder(0)),
            .setMeta(.mark, from: 0),
        ]
    }

    static let leavesHost: [NFTExpression] = [
        .meta(.outputInterfaceName, to: 0),
        .compare(0, .notEqual, Array("lo".utf8) + [UInt8](repeating: 0, count: 14)),
    ]

    /// `dnat ip to` the address in register 0 and the port in register 1.
    static let translate = NFTExpression.translate(.destination, family: .ipv4, address: 0, port: 1)
}
