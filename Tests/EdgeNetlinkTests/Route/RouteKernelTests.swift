import EdgeBase
import EdgeNetlink
import NetTestSupport
import Testing

/// Against the kernel, in namespaces of the test's own.
@Suite struct RouteKernelTests {
    @Test func bridgeAndVethIntoAnotherNamespace() throws {
        let host = try TestNamespace()
        let pod = try TestNamespace()
        let client = try RouteClient(in: host.namespace)
        let mac = try #require(MACAddress("0a:58:0a:2a:01:01"))
        try client.createBridge(named: "br0", mtu: 1450, address: mac)
        let bridge = try #require(try client.link(named: "br0"))
        #expect(bridge.kind == "bridge")
        #expect(bridge.mtu == 1450)
        #expect(bridge.address == mac)
        #expect(!bridge.isUp)

        try client.createVeth(
            named: "veth1", mtu: 1450, peerName: "eth0", peerNamespace: pod.namespace)
        let veth = try #require(try client.link(named: "veth1"))
        try client.change(
            veth.index, LinkChanges(isUp: true, master: bridge.index, alias: "default/web"))
        try client.setBridgePort(veth.index, BridgePortSettings(hairpin: true, isolated: false))
        let port = try #require(try client.link(index: veth.index))
        #expect(port.master == bridge.index)
        #expect(port.alias == "default/web")
        #expect(port.bridgePort == BridgePortSettings(hairpin: true, isolated: false))
        #expect(port.isUp)
        #expect(try host.shell("bridge -d link show dev veth1").contains("hairpin on"))

        let inside = try RouteClient(in: pod.namespace)
        #expect(try inside.links().map(\.name).sorted() == ["eth0", "lo"])
        #expect(try client.link(named: "eth0") == nil)

        #expect(try client.deleteLink(named: "veth1"))
        #expect(try !client.deleteLink(named: "veth1"))
        #expect(try inside.link(named: "eth0") == nil)
    }

    @Test func renameAndMove() throws {
        let host = try TestNamespace()
        let other = try TestNamespace()
        let client = try RouteClient(in: host.namespace)
        try client.createVeth(named: "d0", peerName: "d9", peerNamespace: nil)
        let link = try #require(try client.link(named: "d0"))
        try client.change(link.index, LinkChanges(name: "d1", mtu: 1300, namespace: other.namespace))
        let moved = try #require(try RouteClient(in: other.namespace).link(named: "d1"))
        #expect(moved.mtu == 1300)
        #expect(try client.link(named: "d0") == nil)
    }

    @Test func errorsCarryTheKernelsText() throws {
        let host = try TestNamespace()
        let client = try RouteClient(in: host.namespace)
        try client.createBridge(named: "d0")
        let error = try #require(throws: NetlinkError.self) { try client.createBridge(named: "d0") }
        #expect(error.description == "create bridge d0: file exists")
        let route = Route(
            to: try #require(CIDR("10.9.0.0/16")), via: IPAddress("10.200.0.1"), interface: 1)
        let refused = try #require(throws: NetlinkError.self) { try client.add(route) }
        #expect(refused.explanation?.isEmpty == false)
    }

    @Test func addressesAndRoutes() throws {
        let host = try TestNamespace()
        let client = try RouteClient(in: host.namespace)
        try client.createBridge(named: "d0")
        let index = try #require(try client.link(named: "d0")).index
        try client.change(index, LinkChanges(isUp: true))
        let cidr = try #require(CIDR("10.42.1.1/24"))
        try client.add(InterfaceAddress(interface: index, cidr: cidr))
        #expect(throws: NetlinkError.self) {
            try client.add(InterfaceAddress(interface: index, cidr: cidr))
        }
        try client.replace(InterfaceAddress(interface: index, cidr: cidr))
        #expect(try client.addresses(of: index).filter { $0.cidr.address.isIPv4 }.map(\.cidr) == [cidr])

        let network = try #require(CIDR("10.42.2.0/24"))
        let gateway = try #require(IPAddress("10.42.1.9"))
        let route = Route(to: network, via: gateway, interface: index, source: cidr.address)
        try client.replace(route)
        let listed = try client.routes(table: Route.mainTable).first { $0.destination == network }
        #expect(listed == route)
        #expect(try client.route(to: #require(IPAddress("10.42.2.7")))?.gateway == gateway)
        #expect(try client.route(to: #require(IPAddress("9.9.9.9"))) == nil)
        #expect(try client.delete(route))
        #expect(try !client.delete(route))
        #expect(try client.delete(InterfaceAddress(interface: index, cidr: cidr)))
        #expect(try !client.delete(InterfaceAddress(interface: index, cidr: cidr)))
    }

    @Test func vxlanWithItsEntries() throws {
        let host = try TestNamespace()
        let client = try RouteClient(in: host.namespace)
        try client.createBridge(named: "d0")
        let device = try #require(try client.link(named: "d0")).index
        let settings = VXLANSettings(id: 7, port: 8472, local: IPAddress("10.0.0.1"), device: device)
        try client.createVXLAN(named: "vx0", settings, mtu: 1450)
        let link = try #require(try client.link(named: "vx0"))
        #expect(link.vxlan == settings)
        try client.change(link.index, LinkChanges(isUp: true))

        let mac = try #require(MACAddress("0a:58:0a:2a:02:00"))
        let neighbour = Neighbour(
            interface: link.index, address: try #require(IPAddress("10.42.2.0")), linkAddress: mac)
        try client.replace(neighbour)
        #expect(try client.neighbours(of: link.index) == [neighbour])
        let entry = ForwardingEntry(
            interface: link.index, linkAddress: mac, destination: try #require(IPAddress("10.0.0.2")))
        try client.replace(entry)
        #expect(try client.forwardingEntries(of: link.index) == [entry])
        #expect(
            try host.shell("bridge fdb show dev vx0").contains(
                "0a:58:0a:2a:02:00 dst 10.0.0.2 self permanent"))
        #expect(try client.delete(entry))
        #expect(try !client.delete(entry))
        #expect(try client.delete(neighbour))
        #expect(try !client.delete(neighbour))
    }

    @Test func bridgeFloodEntriesAreAppended() throws {
        let host = try TestNamespace()
        let client = try RouteClient(in: host.namespace)
        try client.createVXLAN(named: "vx0", VXLANSettings(id: 1, port: 8472, local: nil, device: nil))
        let index = try #require(try client.link(named: "vx0")).index
        let zero = try #require(MACAddress("00:00:00:00:00:00"))
        for address in ["10.0.0.2", "10.0.0.3"] {
            try client.append(
                ForwardingEntry(
                    interface: index, linkAddress: zero, destination: try #require(IPAddress(address))))
        }
        #expect(try client.forwardingEntries(of: index).count == 2)
    }
}
