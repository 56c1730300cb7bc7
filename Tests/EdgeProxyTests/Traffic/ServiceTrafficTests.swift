import EdgeBase
import EdgeJSON
import EdgeNetlink
import EdgeProxy
import NetTestSupport
import Testing

/// Real connections through the kernel's rules.
@Suite struct ServiceTrafficTests {
    @Test func clusterIPNodePortAndHostPort() async throws {
        let cluster = try await ProxyTestCluster()
        let (near, far) = (try await cluster.a.pod("near"), try await cluster.b.pod("far"))
        let client = try await cluster.a.pod("client")
        let servers = [try near.namespace.server("near"), try far.namespace.server("far")]
        defer { withExtendedLifetime(servers) {} }
        try await cluster.service([(near.address, "a"), (far.address, "b")])

        // Endpoints see the pod that asks.
        let seen = "10.42.0.3"
        #expect(client.address == seen)
        #expect(try client.namespace.askRepeatedly("10.43.0.1:80") == ["near \(seen)", "far \(seen)"])
        // The host has no default route; its packets carry the gateway's address.
        #expect(
            try cluster.a.host.askRepeatedly("10.43.0.1:80") == ["near 10.42.0.1", "far 10.42.0.1"])
        // A pod that reaches itself sees the gateway, too.
        #expect(
            try near.namespace.askRepeatedly("10.43.0.1:80") == ["near 10.42.0.1", "far 10.42.0.2"])
        // From outside: masqueraded by the node, towards the other one with the tunnel's address.
        #expect(
            try cluster.outside.askRepeatedly("172.16.0.1:30080") == ["near 10.42.0.1", "far 10.42.0.0"])
        #expect(try client.namespace.askRepeatedly("192.168.7.1:30080").count == 2)
        #expect(try cluster.a.host.askRepeatedly("192.168.7.1:30080").count == 2)
        #expect(try client.namespace.ask("10.43.0.1:81") == "refused")
        #expect(try client.namespace.ask("10.43.0.99:80") == "refused")

        try await cluster.service(
            [(near.address, "a"), (far.address, "b")], ["externalTrafficPolicy": "Local"])
        #expect(try cluster.outside.askRepeatedly("172.16.0.1:30080") == ["near 172.16.0.9"])

        await cluster.a.proxy.setHostPorts(
            ofPod: "near",
            [
                HostPortEntry(
                    hostPort: 8081, transport: .tcp, podIP: try #require(IPAddress(near.address)),
                    podPort: 8080)
            ])
        try await cluster.a.proxy.sync()
        #expect(try cluster.outside.ask("172.16.0.1:8081") == "near 172.16.0.9")
        #expect(try near.namespace.ask("192.168.7.1:8081") == "near 10.42.0.1")
        #expect(try cluster.a.host.ask("172.16.0.1:8081").hasPrefix("near "))

        // Nobody serves any more.
        try await cluster.service([])
        for namespace in [client.namespace, cluster.a.host] {
            #expect(try namespace.ask("10.43.0.1:80") == "refused")
        }
        #expect(try cluster.outside.ask("172.16.0.1:30080") == "refused")
    }

    @Test(arguments: ["0", "1"])
    func hairpinWithAndWithoutBridgeNetfilter(_ bridgeNetfilter: String) async throws {
        let cluster = try await ProxyTestCluster()
        try NetworkParameters(in: cluster.a.host.namespace).set([
            (name: "bridge/bridge-nf-call-iptables", value: bridgeNetfilter)
        ])
        let (web, client) = (try await cluster.a.pod("web"), try await cluster.a.pod("client"))
        let server = try web.namespace.server("web")
        defer { withExtendedLifetime(server) {} }
        try await cluster.service([(web.address, "a")])
        #expect(try client.namespace.ask("10.43.0.1:80") == "web 10.42.0.3")
        #expect(try web.namespace.ask("10.43.0.1:80").hasPrefix("web "))
        #expect(try web.namespace.ask("192.168.7.1:30080").hasPrefix("web "))
        #expect(try cluster.a.host.ask("10.43.0.1:80") == "web 10.42.0.1")
    }

    @Test func endpointsOnTheHostItself() async throws {
        let cluster = try await ProxyTestCluster()
        let servers = [try cluster.a.host.server("a"), try cluster.b.host.server("b")]
        defer { withExtendedLifetime(servers) {} }
        try await cluster.service([("192.168.7.1", "a")])
        // Before there is any pod, when the bridge has no carrier, as when a cluster begins.
        #expect(try cluster.a.host.ask("10.43.0.1:80") == "a 10.42.0.1")
        #expect(try cluster.b.host.ask("10.43.0.1:80") == "a 192.168.7.2")
        let client = try await cluster.a.pod("client")
        #expect(try client.namespace.ask("10.43.0.1:80") == "a 10.42.0.2")
        try await cluster.service([("192.168.7.2", "b")])
        #expect(try client.namespace.ask("10.43.0.1:80") == "b 192.168.7.1")
        #expect(try cluster.a.host.ask("10.43.0.1:80") == "b 192.168.7.1")
    }

    @Test func podsReachTheWorldOutsideByTheNodesAddress() async throws {
        let cluster = try await ProxyTestCluster()
        let client = try await cluster.a.pod("client")
        let server = try cluster.outside.server("outside")
        defer { withExtendedLifetime(server) {} }
        #expect(try client.namespace.ask("172.16.0.9:8080") == "outside 172.16.0.1")
    }

    @Test func sessionAffinityOutlivesTheProxy() async throws {
        let cluster = try await ProxyTestCluster()
        let pods = [try await cluster.a.pod("one"), try await cluster.a.pod("two")]
        let client = try await cluster.a.pod("client")
        let servers = [try pods[0].namespace.server("one"), try pods[1].namespace.server("two")]
        defer { withExtendedLifetime(servers) {} }
        let spec: JSONValue = [
            "sessionAffinity": "ClientIP", "sessionAffinityConfig": ["clientIP": ["timeoutSeconds": 600]],
        ]
        try await cluster.service(pods.map { ($0.address, "a") }, spec)
        let first = try client.namespace.ask("10.43.0.1:80")
        #expect(try client.namespace.askRepeatedly("10.43.0.1:80") == [first])
        // A proxy that starts anew replaces the table and keeps the clients.
        let next = try ProxyTestCluster.Node("a", "10.42.0.0/24", "192.168.7.1", cluster.a.host)
        let service: JSONValue = [
            "metadata": ["name": "web", "namespace": "default"],
            "spec": [
                "clusterIP": "10.43.0.1", "ports": [["port": 80]], "sessionAffinity": "ClientIP",
            ],
        ]
        let slice: JSONValue = [
            "metadata": ["namespace": "default", "labels": ["kubernetes.io/service-name": "web"]],
            "addressType": "IPv4", "ports": [["port": 8080]],
            "endpoints": .array(pods.map { ["addresses": [.string($0.address)], "nodeName": "a"] }),
        ]
        await next.proxy.setService(ServiceName(namespace: "default", name: "web"), service)
        await next.proxy.setEndpointSlice(namespace: "default", name: "web-1", slice)
        await next.proxy.start()
        try await next.proxy.sync()
        #expect(try client.namespace.askRepeatedly("10.43.0.1:80") == [first])
    }

    @Test func datagramsLeaveAnEndpointThatHasGone() async throws {
        let cluster = try await ProxyTestCluster()
        let (old, new) = (try await cluster.a.pod("old"), try await cluster.b.pod("new"))
        let client = try await cluster.a.pod("client")
        let servers = [
            try old.namespace.server("old", transport: "UDP"),
            try new.namespace.server("new", transport: "UDP"),
        ]
        defer { withExtendedLifetime(servers) {} }
        try await cluster.service(transport: "UDP", [(old.address, "a")])
        #expect(try client.namespace.askByDatagram("10.43.0.1:80") == "old 10.42.0.3")
        try await cluster.service(transport: "UDP", [(new.address, "b")])
        #expect(try client.namespace.askByDatagram("10.43.0.1:80") == "new 10.42.0.3")
    }
}
