import EdgeBase
import EdgeNetlink
import Testing

@testable import EdgeProxy

/// A node `a` with address 192.168.0.1 and pods in 10.42.0.0/24, and what tests say of it in short.
struct ProxyFixture {
    static let configuration = ProxyConfiguration(
        nodeName: "a", clusterCIDR: network("10.42.0.0/16"), serviceCIDR: network("10.43.0.0/16"))

    var state = ProxyState()

    static func network(_ text: String) -> CIDR {
        guard let network = CIDR(text) else { preconditionFailure("\(text) is no network") }
        return network
    }

    static func address(_ text: String) -> IPv4Address {
        IPv4Address(text) ?? .broadcast
    }

    static func target(_ text: String) -> ProxyTarget {
        let parts = text.split(separator: ":")
        return ProxyTarget(address(String(parts[0])), UInt16(parts[1]) ?? 0)
    }

    /// A Service on 10.43.0.1:80 with the endpoints given; those of 10.42.0.0/24 and 192.168.0.1 are local.
    mutating func service(
        _ name: String = "web", transport: TransportProtocol = .tcp, endpoints: [String],
        _ change: (inout ServiceEntry) -> Void = { _ in }
    ) {
        let portName = ServicePortName(
            service: ServiceName(namespace: "default", name: name), port: "", transport: transport)
        var entry = ServiceEntry(portName: portName, clusterIPs: [.v4(Self.address("10.43.0.1"))], port: 80)
        change(&entry)
        state.services.append(entry)
        state.endpoints[portName] = endpoints.map { text in
            let target = Self.target(text)
            let isLocal =
                Self.network("10.42.0.0/24").contains(.v4(target.address)) || text.hasPrefix("192.168.0.1:")
            return EndpointEntry(address: .v4(target.address), port: target.port, isLocal: isLocal)
        }
    }

    var ruleset: Ruleset { RulesetBuilder(configuration: Self.configuration).ruleset(state) }

    var tracer: PacketTracer {
        PacketTracer(
            ruleset,
            hostAddresses: [Self.address("192.168.0.1"), Self.address("10.42.0.1"), .loopback])
    }

    static func packet(
        _ source: String, _ destination: String, transport: TransportProtocol = .tcp
    ) -> PacketTracer.Packet {
        let target = target(destination)
        return PacketTracer.Packet(
            source: address(source), destination: target.address, transport: transport.rawValue,
            destinationPort: target.port)
    }

    /// Where a packet may end up, such as `10.42.0.2:8080`, `masqueraded 10.42.1.2:8080` or `rejected`.
    func trace(_ source: String, _ destination: String, transport: TransportProtocol = .tcp) throws
        -> [String]
    {
        var tracer = tracer
        return try tracer.outcomes(Self.packet(source, destination, transport: transport)).map(Self.text)
            .sorted()
    }

    static func text(_ outcome: PacketTracer.Outcome) -> String {
        switch outcome {
        case .sent(let target, let masqueraded): masqueraded ? "masqueraded \(target)" : "\(target)"
        case .rejected: "rejected"
        case .dropped: "dropped"
        }
    }
}
