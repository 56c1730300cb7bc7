import EdgeBase
import EdgeNetlink
import Testing

@testable import EdgePodNetwork

@Suite struct OverlayPlanTests {
    private func configuration(
        _ backend: PodNetworkConfiguration.Backend = .vxlan
    ) throws -> PodNetworkConfiguration {
        PodNetworkConfiguration(
            nodeName: "a", podCIDR: try #require(CIDR("10.42.0.0/24")),
            clusterCIDR: try #require(CIDR("10.42.0.0/16")), nodeAddress: IPAddress("192.168.0.1"),
            backend: backend)
    }

    private func peer(_ name: String, _ cidr: String, _ address: String) throws -> PeerNode {
        PeerNode(
            name: name, podCIDR: try #require(CIDR(cidr)), address: try #require(IPAddress(address)))
    }

    @Test func vxlanPeerHasARouteANeighbourAndAForwardingEntry() throws {
        let (entries, refused) = OverlayPlan.desired(
            try configuration(),
            peers: [
                try peer("a", "10.42.0.0/24", "192.168.0.1"), try peer("b", "10.42.1.0/24", "192.168.0.2"),
            ], tunnel: 9)
        let first = try #require(IPAddress("10.42.1.0"))
        let mac = try #require(MACAddress("0a:58:0a:2a:01:00"))
        #expect(refused.isEmpty)
        #expect(
            entries.routes == [
                Route(to: try #require(CIDR("10.42.1.0/24")), via: first, interface: 9, onLink: true)
            ])
        #expect(entries.neighbours == [Neighbour(interface: 9, address: first, linkAddress: mac)])
        #expect(
            entries.forwarding == [
                ForwardingEntry(
                    interface: 9, linkAddress: mac, destination: try #require(IPAddress("192.168.0.2")))
            ])
    }

    @Test func hostGatewayNeedsRoutesOnly() throws {
        let (entries, _) = OverlayPlan.desired(
            try configuration(.hostGateway), peers: [try peer("b", "10.42.1.0/24", "192.168.0.2")],
            tunnel: nil)
        #expect(
            entries.routes == [
                Route(to: try #require(CIDR("10.42.1.0/24")), via: IPAddress("192.168.0.2"))
            ])
        #expect(entries.neighbours.isEmpty && entries.forwarding.isEmpty)
    }

    @Test(arguments: [
        ("10.42.0.128/25", "192.168.0.2", "pod CIDR 10.42.0.128/25 overlaps 10.42.0.0/24"),
        ("10.9.0.0/24", "192.168.0.2", "pod CIDR 10.9.0.0/24 is not within cluster CIDR 10.42.0.0/16"),
        ("10.42.3.0/24", "192.168.0.1", "address 192.168.0.1 is this node's"),
        ("fd00::/64", "192.168.0.2", "only IPv4 is supported"),
    ])
    func unusablePeersAreRefusedWithTheCause(_ cidr: String, _ address: String, _ cause: String) throws {
        let (entries, refused) = OverlayPlan.desired(
            try configuration(),
            peers: [try peer("b", cidr, address), try peer("c", "10.42.7.0/24", "192.168.0.7")], tunnel: 9)
        #expect(refused.map(\.cause) == [cause])
        #expect(entries.routes.count == 1)
    }

    @Test func ofTwoPeersWithOneNetworkTheFirstByNameHasIt() throws {
        let (entries, refused) = OverlayPlan.desired(
            try configuration(),
            peers: [
                try peer("c", "10.42.1.0/24", "192.168.0.3"), try peer("b", "10.42.1.0/24", "192.168.0.2"),
            ], tunnel: 9)
        #expect(refused.map(\.peer.name) == ["c"])
        #expect(entries.forwarding.map(\.destination) == [try #require(IPAddress("192.168.0.2"))])
    }

    @Test func onlyWhatDiffersIsChanged() throws {
        let configuration = try configuration()
        func entries(_ peers: PeerNode...) -> OverlayEntries {
            OverlayPlan.desired(configuration, peers: peers, tunnel: 9).entries
        }
        let b = try peer("b", "10.42.1.0/24", "192.168.0.2")
        let moved = try peer("b", "10.42.1.0/24", "192.168.0.22")
        let c = try peer("c", "10.42.2.0/24", "192.168.0.3")
        #expect(OverlayPlan.actions(from: entries(b, c), to: entries(c, b)) == [])
        #expect(OverlayPlan.actions(from: entries(b), to: entries(b, c)).count == 3)
        #expect(OverlayPlan.actions(from: entries(b, c), to: entries(b)).count == 3)
        let forwarding = try #require(entries(moved).forwarding.first)
        #expect(
            OverlayPlan.actions(from: entries(b), to: entries(moved)) == [.replaceForwarding(forwarding)])
        // A route of edge's to the same network by another way is replaced, never missing in between.
        var direct = OverlayEntries()
        direct.routes = [Route(to: b.podCIDR, via: b.address)]
        let actions = OverlayPlan.actions(from: direct, to: entries(b))
        #expect(actions.count == 3)
        #expect(
            !actions.contains { if case .deleteRoute = $0 { true } else { false } })
    }
}
