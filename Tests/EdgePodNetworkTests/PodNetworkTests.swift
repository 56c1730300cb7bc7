import EdgeBase
import EdgeNetlink
import NetTestSupport
import Testing

@testable import EdgePodNetwork

/// With the kernel's own bridges and tunnels; each host is a network namespace.
@Suite struct PodNetworkTests {
    private func network(
        _ node: String = "a", _ cidr: String = "10.42.0.0/24", on host: TestNamespace, address: String? = nil,
        services: String? = "10.43.0.0/16", backend: PodNetworkConfiguration.Backend = .vxlan
    ) throws -> PodNetwork {
        try PodNetwork(
            PodNetworkConfiguration(
                nodeName: node, podCIDR: try #require(CIDR(cidr)),
                clusterCIDR: try #require(CIDR("10.42.0.0/16")), serviceCIDR: services.flatMap { CIDR($0) },
                nodeAddress: address.flatMap { IPAddress($0) }, backend: backend, namespace: host.namespace))
    }

    private func ping(_ target: String, from source: TestNamespace, size: Int = 56) throws -> Bool {
        try source.attempt("busybox ping -c 1 -W 1 -s \(size) \(target)").status == 0
    }

    @Test(arguments: ["0", "1"])
    func podsReachEachOtherAndTheHost(_ bridgeNetfilter: String) async throws {
        let host = try TestNamespace()
        let (web, client) = (try TestNamespace(), try TestNamespace())
        try NetworkParameters(in: host.namespace).set([
            (name: "bridge/bridge-nf-call-iptables", value: bridgeNetfilter)
        ])
        let network = try network(on: host)
        try await network.ensure()
        let first = try await network.attach("web", to: web.namespace)
        let second = try await network.attach("client", to: client.namespace)
        #expect(first.address.description == "10.42.0.2")
        #expect(first.gateway.description == "10.42.0.1")
        #expect(first.hostInterface == network.names.pod("web"))
        #expect(second.address.description == "10.42.0.3")
        #expect(try ping("10.42.0.2", from: client))
        #expect(try ping("10.42.0.3", from: web, size: 4000))
        #expect(try ping("10.42.0.1", from: web))
        #expect(try ping("10.42.0.2", from: host))
        #expect(try host.shell("cat /proc/sys/net/ipv4/ip_forward") == "1\n")
        let shown = try web.shell("ip -4 -o addr show eth0; ip route")
        #expect(shown.contains("10.42.0.2/32"))
        #expect(shown.contains("default via 10.42.0.1 dev eth0"))

        #expect(try await network.detach("web"))
        #expect(try await !network.detach("web"))
        #expect(try !ping("10.42.0.2", from: client))
        try await network.remove()
    }

    @Test func attachingAgainKeepsTheAddress() async throws {
        let host = try TestNamespace()
        let (one, two) = (try TestNamespace(), try TestNamespace())
        let network = try network(on: host)
        try await network.ensure()
        let first = try await network.attach("pod", to: one.namespace)
        let index = try one.shell("cat /sys/class/net/lo/ifindex; ip -o link show eth0")
        #expect(try await network.attach("pod", to: one.namespace) == first)
        #expect(try one.shell("cat /sys/class/net/lo/ifindex; ip -o link show eth0") == index)
        // A new sandbox of the same pod.
        #expect(try await network.attach("pod", to: two.namespace) == first)
        #expect(try ping("10.42.0.1", from: two))
        #expect(try await network.attachments() == [first])
    }

    @Test func stateSurvivesTheProcess() async throws {
        let host = try TestNamespace()
        let pods = try (0..<3).map { _ in try TestNamespace() }
        let before = try network(on: host)
        try await before.ensure()
        for (index, pod) in pods.enumerated() { _ = try await before.attach("p\(index)", to: pod.namespace) }
        try await before.detach("p1")

        let after = try network(on: host)
        try await after.ensure()
        #expect(try await after.attachments().map(\.address.description) == ["10.42.0.2", "10.42.0.4"])
        #expect(try ping("10.42.0.2", from: pods[2]))
        // Neither an address in use nor the one that was freed just now.
        let new = try await after.attach("p3", to: pods[1].namespace)
        #expect(new.address.description == "10.42.0.5")
    }

    @Test func garbageIsWhatNobodyWants() async throws {
        let host = try TestNamespace()
        let network = try network(on: host)
        try await network.ensure()
        let pods = try (0..<3).map { _ in try TestNamespace() }
        for (index, pod) in pods.enumerated() { _ = try await network.attach("p\(index)", to: pod.namespace) }
        // An attachment that was never finished.
        try host.shell("ip link add \(network.names.podPrefix)aaaaaaa type veth peer name x")
        let removed = try await network.collectGarbage(keeping: ["p1", "other"])
        #expect(removed == [network.names.podPrefix + "aaaaaaa", "p0", "p2"].sorted())
        #expect(try await network.attachments().map(\.id) == ["p1"])
        #expect(try await network.collectGarbage(keeping: ["p1"]) == [])
        // Interfaces of others stay.
        try host.shell("ip link add veth0 type veth peer name veth1")
        #expect(try await network.collectGarbage(keeping: []) == ["p1"])
        #expect(try host.shell("ip -o link show veth0").contains("veth0"))
    }

    @Test func addressesRunOutWithAClearError() async throws {
        let host = try TestNamespace()
        let network = try network("a", "10.42.0.0/29", on: host)
        try await network.ensure()
        var pods: [TestNamespace] = []
        for index in 0..<5 {
            pods.append(try TestNamespace())
            _ = try await network.attach("p\(index)", to: pods[index].namespace)
        }
        let late = try TestNamespace()
        await #expect {
            try await network.attach("late", to: late.namespace)
        } throws: { error in
            "\(error)" == "attach pod late: all 5 addresses of 10.42.0.0/29 are in use"
        }
        try await network.detach("p3")
        let address = try await network.attach("late", to: late.namespace).address
        #expect(address.description == "10.42.0.5")
    }

    @Test func failedAttachLeavesNothingBehind() async throws {
        let host = try TestNamespace()
        let pod = try TestNamespace()
        try pod.shell("ip link add eth0 type bridge")
        let network = try network(on: host)
        try await network.ensure()
        await #expect(throws: NetlinkError.self) { try await network.attach("p", to: pod.namespace) }
        #expect(try await network.attachments() == [])
        try pod.shell("ip link del eth0")
        _ = try await network.attach("p", to: pod.namespace)
    }

    @Test func nodesReachEachOthersPods() async throws {
        let (one, two) = (try TestNamespace(), try TestNamespace())
        try one.connect("eth1", "192.168.7.1/24", to: two, "eth1", "192.168.7.2/24")
        let first = try network("a", "10.42.0.0/24", on: one, address: "192.168.7.1")
        let second = try network("b", "10.42.1.0/24", on: two, address: "192.168.7.2")
        let peers = [
            PeerNode(
                name: "a", podCIDR: try #require(CIDR("10.42.0.0/24")),
                address: try #require(IPAddress("192.168.7.1"))),
            PeerNode(
                name: "b", podCIDR: try #require(CIDR("10.42.1.0/24")),
                address: try #require(IPAddress("192.168.7.2"))),
        ]
        for network in [first, second] {
            try await network.ensure()
            try await network.updatePeers(peers)
        }
        let (left, right) = (try TestNamespace(), try TestNamespace())
        let attachment = try await first.attach("left", to: left.namespace)
        #expect(attachment.mtu == 1450)
        _ = try await second.attach("right", to: right.namespace)
        #expect(try ping("10.42.1.2", from: left))
        #expect(try ping("10.42.0.2", from: right, size: 8000))
        #expect(try ping("10.42.1.2", from: one))
        // A second run finds nothing to do.
        let monitor = try NetlinkMonitor([.routes, .links, .addresses], in: one.namespace)
        try await first.ensure()
        try await first.updatePeers(peers)
        monitor.stop()
        for await event in monitor.events { Issue.record("\(event)") }

        try await first.updatePeers([])
        #expect(try !ping("10.42.1.2", from: left))
        #expect(try one.shell("bridge fdb show dev \(first.names.tunnel)") == "")
    }

    @Test func hostGatewayNodesReachEachOthersPods() async throws {
        let (one, two) = (try TestNamespace(), try TestNamespace())
        try one.connect("eth1", "192.168.7.1/24", to: two, "eth1", "192.168.7.2/24")
        let first = try network(
            "a", "10.42.0.0/24", on: one, address: "192.168.7.1", backend: .hostGateway)
        let second = try network(
            "b", "10.42.1.0/24", on: two, address: "192.168.7.2", backend: .hostGateway)
        try await first.ensure()
        try await second.ensure()
        let b = PeerNode(
            name: "b", podCIDR: try #require(CIDR("10.42.1.0/24")),
            address: try #require(IPAddress("192.168.7.2")))
        let a = PeerNode(
            name: "a", podCIDR: try #require(CIDR("10.42.0.0/24")),
            address: try #require(IPAddress("192.168.7.1")))
        try await first.updatePeers([a, b])
        try await second.updatePeers([a, b])
        let (left, right) = (try TestNamespace(), try TestNamespace())
        #expect(try await first.attach("left", to: left.namespace).mtu == 1500)
        _ = try await second.attach("right", to: right.namespace)
        #expect(try ping("10.42.1.2", from: left))
        try await first.updatePeers([])
        #expect(try !ping("10.42.1.2", from: left))
        try await first.remove()
        #expect(try one.shell("ip route").contains("192.168.7.0/24"))
    }

    @Test func removeTakesAwayExactlyWhatWasMade() async throws {
        let host = try TestNamespace()
        let other = try TestNamespace()
        try host.connect("eth1", "192.168.7.1/24", to: other, "eth1", "192.168.7.2/24")
        try host.shell("ip route add 10.50.0.0/16 via 192.168.7.2; ip link add docker0 type bridge")
        let before = try host.shell("ip -o link | cut -d: -f2 | sort; ip route; ip -4 -o addr")
        let neighbour = try network("b", "10.42.1.0/24", on: host, services: nil)
        try await neighbour.ensure()
        let network = try network(on: host, address: "192.168.7.1")
        try await network.ensure()
        try await network.updatePeers([
            PeerNode(
                name: "b", podCIDR: try #require(CIDR("10.42.5.0/24")),
                address: try #require(IPAddress("192.168.7.2")))
        ])
        let pod = try TestNamespace()
        _ = try await network.attach("p", to: pod.namespace)
        #expect(try host.shell("ip route").contains("10.43.0.0/16 dev \(network.names.bridge)"))
        try await network.remove()
        // The second edge on this host keeps its own.
        #expect(try host.shell("ip -o link").contains(neighbour.names.bridge))
        try PodNetwork.remove(await neighbour.configuration)
        #expect(try host.shell("ip -o link | cut -d: -f2 | sort; ip route; ip -4 -o addr") == before)
        try await network.remove()
    }

    @Test func whatOthersChangedIsCorrected() async throws {
        let host = try TestNamespace()
        let network = try network(on: host)
        try await network.ensure()
        let bridge = network.names.bridge
        try host.shell(
            """
            ip link set \(bridge) down; ip addr flush dev \(bridge); ip addr add 10.9.9.9/24 dev \(bridge)
            echo 0 > /proc/sys/net/ipv4/ip_forward
            """)
        try await network.ensure()
        let shown = try host.shell(
            "ip -4 -o addr show dev \(bridge); cat /proc/sys/net/ipv4/ip_forward; ip route")
        #expect(shown.contains("10.42.0.1/24") && !shown.contains("10.9.9.9") && shown.contains("\n1\n"))
        #expect(shown.contains("10.43.0.0/16"))
    }

    @Test func podsOfTheNodeAreServedWithoutATunnel() async throws {
        let host = try TestNamespace()
        let other = try TestNamespace()
        let network = try network(on: host, address: "192.168.7.1")
        await #expect {
            try await network.ensure()
        } throws: { error in
            "\(error)"
                == "create tunnel \(network.names.tunnel): no interface has the node's address 192.168.7.1"
        }
        let pod = try TestNamespace()
        _ = try await network.attach("p", to: pod.namespace)
        #expect(try ping("10.42.0.1", from: pod))
        // The address comes late, and changes.
        try host.connect("eth1", "192.168.7.1/24", to: other, "eth1", "192.168.7.2/24")
        try await network.ensure()
        #expect(try host.shell("ip -d link show \(network.names.tunnel)").contains("local 192.168.7.1"))
        try host.shell("ip addr flush dev eth1; ip addr add 192.168.7.8/24 dev eth1")
        try await network.setNodeAddress(IPAddress("192.168.7.8"))
        #expect(try host.shell("ip -d link show \(network.names.tunnel)").contains("local 192.168.7.8"))
        #expect(try ping("10.42.0.1", from: pod))
    }

    @Test(arguments: [
        ("10.42.0.0/24", "10.9.0.0/16", "pod CIDR 10.42.0.0/24 is not within cluster CIDR 10.9.0.0/16"),
        ("10.42.0.0/30", "10.42.0.0/16", "pod CIDR 10.42.0.0/30 must have a prefix from /8 to /29"),
        ("fd00::/64", "fd00::/48", "only IPv4 is supported"),
    ])
    func unusableConfigurationsAreRefused(_ pods: String, _ cluster: String, _ cause: String) throws {
        let configuration = PodNetworkConfiguration(
            nodeName: "a", podCIDR: try #require(CIDR(pods)), clusterCIDR: try #require(CIDR(cluster)))
        let error = try #require(throws: PodNetworkError.self) { try PodNetwork(configuration) }
        #expect(error.description == "configure pod network of a: \(cause)")
    }
}
