import EdgeBase
import EdgeNetlink
import Testing

@testable import EdgeProxy

/// Where packets go: from a pod of this node (10.42.0.9), a pod of another (10.42.1.9), this host
/// (192.168.0.1) and a client outside (172.16.0.9).
@Suite struct RulesetTracingTests {
    private static let two = ["10.42.0.2:8080", "10.42.1.2:8080"]

    private func nodePort(_ policy: TrafficPolicy, _ endpoints: [String]) -> ProxyFixture {
        var fixture = ProxyFixture()
        fixture.service(endpoints: endpoints) { service in
            service.nodePort = 30080
            service.externalIPs = [.v4(ProxyFixture.address("172.16.0.80"))]
            service.loadBalancerIPs = [.v4(ProxyFixture.address("172.16.0.90"))]
            service.externalTrafficPolicy = policy
        }
        return fixture
    }

    @Test(arguments: [
        ("10.42.0.9", "10.43.0.1:80", ["10.42.0.2:8080", "10.42.1.2:8080"]),
        ("10.42.0.1", "10.43.0.1:80", ["10.42.0.2:8080", "10.42.1.2:8080"]),
        ("192.168.0.1", "10.43.0.1:80", ["masqueraded 10.42.0.2:8080", "masqueraded 10.42.1.2:8080"]),
        ("172.16.0.9", "10.43.0.1:80", ["masqueraded 10.42.0.2:8080", "masqueraded 10.42.1.2:8080"]),
        // A pod that reaches itself.
        ("10.42.0.2", "10.43.0.1:80", ["10.42.1.2:8080", "masqueraded 10.42.0.2:8080"]),
        // No port of a Service, no Service.
        ("10.42.0.9", "10.43.0.1:81", ["rejected"]),
        ("192.168.0.1", "10.43.0.1:81", ["rejected"]),
        ("10.42.0.9", "10.43.9.9:80", ["rejected"]),
        // Not a matter of Services.
        ("10.42.0.9", "10.42.1.7:80", ["10.42.1.7:80"]),
        ("10.42.0.9", "9.9.9.9:80", ["masqueraded 9.9.9.9:80"]),
        ("10.42.0.9", "192.168.0.1:22", ["192.168.0.1:22"]),
        ("10.42.0.9", "192.168.0.2:22", ["masqueraded 192.168.0.2:22"]),
        ("192.168.0.1", "9.9.9.9:80", ["9.9.9.9:80"]),
        ("10.42.0.9", "224.0.0.251:5353", ["224.0.0.251:5353"]),
    ])
    func clusterIP(_ source: String, _ destination: String, _ expected: [String]) throws {
        var fixture = ProxyFixture()
        fixture.service(endpoints: Self.two)
        #expect(try fixture.trace(source, destination) == expected)
    }

    @Test func otherProtocolsOfThePortAreNotTheService() throws {
        var fixture = ProxyFixture()
        fixture.service(endpoints: Self.two)
        #expect(try fixture.trace("10.42.0.9", "10.43.0.1:80", transport: .udp) == ["rejected"])
    }

    @Test(arguments: TransportProtocol.allCases)
    func everyProtocol(_ transport: TransportProtocol) throws {
        var fixture = ProxyFixture()
        fixture.service(transport: transport, endpoints: ["10.42.0.2:5353"])
        #expect(
            try fixture.trace("10.42.0.9", "10.43.0.1:80", transport: transport) == ["10.42.0.2:5353"])
    }

    @Test(arguments: ["192.168.0.1:30080", "172.16.0.80:80", "172.16.0.90:80"])
    func externalTrafficToTheCluster(_ destination: String) throws {
        let fixture = nodePort(.cluster, Self.two)
        let all = ["masqueraded 10.42.0.2:8080", "masqueraded 10.42.1.2:8080"]
        for source in ["172.16.0.9", "192.168.0.1", "10.42.0.9"] {
            #expect(try fixture.trace(source, destination) == all)
        }
    }

    @Test(arguments: ["192.168.0.1:30080", "172.16.0.80:80", "172.16.0.90:80"])
    func externalTrafficToThisNode(_ destination: String) throws {
        let fixture = nodePort(.local, Self.two)
        #expect(try fixture.trace("172.16.0.9", destination) == ["10.42.0.2:8080"])
        #expect(
            try fixture.trace("192.168.0.1", destination)
                == ["masqueraded 10.42.0.2:8080", "masqueraded 10.42.1.2:8080"])
        #expect(try fixture.trace("10.42.0.9", destination) == ["10.42.0.2:8080", "10.42.1.2:8080"])
    }

    @Test(arguments: ["192.168.0.1:30080", "172.16.0.80:80", "172.16.0.90:80"])
    func nobodyOnThisNode(_ destination: String) throws {
        let fixture = nodePort(.local, ["10.42.1.2:8080"])
        #expect(try fixture.trace("172.16.0.9", destination) == ["dropped"])
        #expect(try fixture.trace("192.168.0.1", destination) == ["masqueraded 10.42.1.2:8080"])
        #expect(try fixture.trace("10.42.0.9", "10.43.0.1:80") == ["10.42.1.2:8080"])
    }

    @Test(arguments: [TrafficPolicy.cluster, .local])
    func nobodyAnywhere(_ policy: TrafficPolicy) throws {
        let fixture = nodePort(policy, [])
        for destination in ["10.43.0.1:80", "192.168.0.1:30080", "172.16.0.80:80", "172.16.0.90:80"] {
            for source in ["172.16.0.9", "192.168.0.1", "10.42.0.9"] {
                #expect(try fixture.trace(source, destination) == ["rejected"])
            }
        }
    }

    @Test func loopbackIsNoNodePort() throws {
        let fixture = nodePort(.cluster, Self.two)
        #expect(try fixture.trace("127.0.0.1", "127.0.0.1:30080") == ["127.0.0.1:30080"])
    }

    @Test func internalPolicyLocal() throws {
        var fixture = ProxyFixture()
        fixture.service(endpoints: Self.two) { $0.internalTrafficPolicy = .local }
        #expect(try fixture.trace("10.42.0.9", "10.43.0.1:80") == ["10.42.0.2:8080"])
        var remote = ProxyFixture()
        remote.service(endpoints: ["10.42.1.2:8080"]) { $0.internalTrafficPolicy = .local }
        #expect(try remote.trace("10.42.0.9", "10.43.0.1:80") == ["dropped"])
    }

    @Test func hostNetworkEndpoints() throws {
        var fixture = ProxyFixture()
        fixture.service(endpoints: ["192.168.0.1:6443", "192.168.0.2:6443"])
        #expect(
            try fixture.trace("10.42.0.9", "10.43.0.1:80")
                == ["192.168.0.1:6443", "masqueraded 192.168.0.2:6443"])
        // The host's own packets, with the bridge's address as source.
        #expect(
            try fixture.trace("10.42.0.1", "10.43.0.1:80")
                == ["192.168.0.1:6443", "masqueraded 192.168.0.2:6443"])
    }

    @Test(arguments: [
        ("172.16.0.9", ["masqueraded 10.42.0.2:8080"]), ("172.17.0.9", ["dropped"]),
        ("198.51.100.7", ["masqueraded 10.42.0.2:8080"]),
    ])
    func loadBalancerSourceRanges(_ source: String, _ expected: [String]) throws {
        var fixture = ProxyFixture()
        fixture.service(endpoints: ["10.42.0.2:8080"]) { service in
            service.nodePort = 30080
            service.loadBalancerIPs = [.v4(ProxyFixture.address("172.16.0.90"))]
            service.loadBalancerSourceRanges = [
                ProxyFixture.network("172.16.0.0/24"), ProxyFixture.network("198.51.100.7/32"),
            ]
        }
        #expect(try fixture.trace(source, "172.16.0.90:80") == expected)
        #expect(try fixture.trace(source, "192.168.0.1:30080") == ["masqueraded 10.42.0.2:8080"])
    }

    @Test func endpointsThatTerminateServeWhenNobodyElseDoes() throws {
        var fixture = ProxyFixture()
        fixture.service(endpoints: Self.two)
        let name = fixture.state.services[0].portName
        fixture.state.endpoints[name]?[0].isReady = false
        #expect(try fixture.trace("10.42.0.9", "10.43.0.1:80") == ["10.42.1.2:8080"])
        fixture.state.endpoints[name]?[1].isReady = false
        #expect(try fixture.trace("10.42.0.9", "10.43.0.1:80") == ["rejected"])
        fixture.state.endpoints[name]?[0].isTerminating = true
        #expect(try fixture.trace("10.42.0.9", "10.43.0.1:80") == ["10.42.0.2:8080"])
        fixture.state.endpoints[name]?[0].isServing = false
        #expect(try fixture.trace("10.42.0.9", "10.43.0.1:80") == ["rejected"])
    }

    @Test func clientsStayWithTheirEndpoint() throws {
        var fixture = ProxyFixture()
        fixture.service(endpoints: Self.two) { service in
            service.affinityTimeout = 60
            service.nodePort = 30080
        }
        var tracer = fixture.tracer
        let packet = ProxyFixture.packet("10.42.0.9", "10.43.0.1:80")
        #expect(try tracer.outcomes(packet).count == 2)
        tracer = fixture.tracer
        let first = try tracer.outcome(packet, choice: 1)
        #expect(try tracer.outcomes(packet) == [first])
        // The same client by another way of the same Service.
        let nodePort = ProxyFixture.packet("10.42.0.9", "192.168.0.1:30080")
        #expect(try tracer.outcomes(nodePort).map(ProxyFixture.text) == ["masqueraded 10.42.1.2:8080"])
        // Another client has the choice.
        #expect(try tracer.outcomes(ProxyFixture.packet("10.42.0.8", "10.43.0.1:80")).count == 2)
    }

    @Test(arguments: [
        ("172.16.0.9", "192.168.0.1:8080", ["10.42.0.5:80"]),
        ("192.168.0.1", "192.168.0.1:8080", ["10.42.0.5:80"]),
        ("10.42.0.5", "192.168.0.1:8080", ["masqueraded 10.42.0.5:80"]),
        ("127.0.0.1", "127.0.0.1:8080", ["127.0.0.1:8080"]),
        ("172.16.0.9", "10.42.0.1:8443", ["10.42.0.1:8443"]),
        ("172.16.0.9", "192.168.0.1:8443", ["10.42.0.6:443"]),
    ])
    func hostPorts(_ source: String, _ destination: String, _ expected: [String]) throws {
        var fixture = ProxyFixture()
        fixture.state.hostPorts = [
            HostPortEntry(
                hostPort: 8080, transport: .tcp, podIP: .v4(ProxyFixture.address("10.42.0.5")), podPort: 80),
            HostPortEntry(
                hostIP: .v4(ProxyFixture.address("192.168.0.1")), hostPort: 8443, transport: .tcp,
                podIP: .v4(ProxyFixture.address("10.42.0.6")), podPort: 443),
        ]
        #expect(try fixture.trace(source, destination) == expected)
        #expect(try fixture.trace(source, destination, transport: .udp) == [destination])
    }

    @Test func strayPacketsOfPodsAreDropped() throws {
        var tracer = ProxyFixture().tracer
        var packet = ProxyFixture.packet("10.42.0.9", "172.16.0.9:80")
        packet.state = 1
        #expect(try tracer.outcomes(packet) == [.dropped])
        packet = ProxyFixture.packet("172.16.0.9", "172.17.0.9:80")
        packet.state = 1
        #expect(try tracer.outcomes(packet).map(ProxyFixture.text) == ["172.17.0.9:80"])
    }

    @Test func egressMayBeLeftToTheNetwork() throws {
        var configuration = ProxyFixture.configuration
        configuration.masqueradesEgress = false
        let ruleset = RulesetBuilder(configuration: configuration).ruleset(ProxyState())
        var tracer = PacketTracer(ruleset, hostAddresses: [])
        #expect(
            try tracer.outcomes(ProxyFixture.packet("10.42.0.9", "9.9.9.9:80")).map(ProxyFixture.text)
                == ["9.9.9.9:80"])
    }
}
