import EdgeBase
import EdgeJSON
import Testing

@testable import EdgeProxy

@Suite struct ObjectDecodingTests {
    private func service(_ spec: JSONValue, status: JSONValue = [:], labels: JSONValue = [:])
        -> [ServiceEntry]
    {
        ServiceEntry.entries(ofService: [
            "metadata": ["name": "web", "namespace": "shop", "labels": labels], "spec": spec,
            "status": status,
        ])
    }

    @Test func portsOfAClusterIPService() throws {
        let entries = service([
            "clusterIP": "10.43.0.7", "clusterIPs": ["10.43.0.7", "fd00::7"],
            "ports": [
                ["name": "http", "port": 80, "targetPort": 8080],
                ["name": "dns", "port": 53, "protocol": "UDP", "nodePort": 30053],
            ],
        ])
        let name = ServiceName(namespace: "shop", name: "web")
        #expect(
            entries == [
                ServiceEntry(
                    portName: ServicePortName(service: name, port: "http", transport: .tcp),
                    clusterIPs: ["10.43.0.7", "fd00::7"].compactMap { IPAddress($0) }, port: 80),
                ServiceEntry(
                    portName: ServicePortName(service: name, port: "dns", transport: .udp),
                    clusterIPs: ["10.43.0.7", "fd00::7"].compactMap { IPAddress($0) }, port: 53),
            ])
        #expect(entries.map(\.identifier) == ["shop/web/tcp/80", "shop/web/udp/53"])
    }

    @Test func loadBalancer() throws {
        let entry = try #require(
            service(
                [
                    "type": "LoadBalancer", "clusterIP": "10.43.0.7", "externalTrafficPolicy": "Local",
                    "internalTrafficPolicy": "Local", "sessionAffinity": "ClientIP",
                    "sessionAffinityConfig": ["clientIP": ["timeoutSeconds": 60]],
                    "healthCheckNodePort": 32000, "externalIPs": ["172.16.0.1"],
                    "loadBalancerSourceRanges": ["10.0.0.0/8", " 192.168.0.0/16 "],
                    "ports": [["port": 443, "nodePort": 30443]],
                ],
                status: [
                    "loadBalancer": [
                        "ingress": [
                            ["ip": "172.16.0.9"], ["ip": "172.16.0.10", "ipMode": "Proxy"],
                            ["ip": "172.16.0.11", "ipMode": "VIP"], ["hostname": "lb.example.org"],
                        ]
                    ]
                ]
            ).first)
        #expect(entry.nodePort == 30443)
        #expect(entry.affinityTimeout == 60)
        #expect(entry.internalTrafficPolicy == .local)
        #expect(entry.externalTrafficPolicy == .local)
        #expect(entry.healthCheckNodePort == 32000)
        #expect(entry.externalIPs.map(\.description) == ["172.16.0.1"])
        #expect(entry.loadBalancerIPs.map(\.description) == ["172.16.0.9", "172.16.0.11"])
        #expect(entry.loadBalancerSourceRanges.map(\.description) == ["10.0.0.0/8", "192.168.0.0/16"])
    }

    @Test func affinityLastsThreeHoursByDefault() {
        let entries = service([
            "clusterIP": "10.43.0.7", "sessionAffinity": "ClientIP", "ports": [["port": 80]],
        ])
        #expect(entries.map(\.affinityTimeout) == [10_800])
    }

    @Test func unreadableSourceRangesLetNobodyIn() {
        let entries = service([
            "type": "LoadBalancer", "clusterIP": "10.43.0.7", "loadBalancerSourceRanges": ["nonsense"],
            "ports": [["port": 80]],
        ])
        #expect(entries.first?.loadBalancerSourceRanges.isEmpty == false)
    }

    @Test(
        arguments: [
            ["clusterIP": "None", "ports": [["port": 80]]],
            ["type": "ExternalName", "externalName": "example.org", "ports": [["port": 80]]],
            ["ports": [["port": 80]]],
            [
                "clusterIP": "10.43.0.7",
                "ports": [["port": 0], ["port": 70000], ["port": 80, "protocol": "ICMP"]],
            ],
            ["clusterIP": "10.43.0.7"],
        ] as [JSONValue])
    func whatTheProxyDoesNotServe(_ spec: JSONValue) {
        #expect(service(spec).isEmpty)
    }

    @Test func servicesOfAnotherProxy() {
        let spec: JSONValue = ["clusterIP": "10.43.0.7", "ports": [["port": 80]]]
        #expect(service(spec).count == 1)
        #expect(service(spec, labels: ["service.kubernetes.io/service-proxy-name": "mine"]).isEmpty)
    }

    private func slice(_ change: (inout JSONValue) -> Void = { _ in }) -> EndpointSliceEntry? {
        var object: JSONValue = [
            "metadata": [
                "name": "web-1", "namespace": "shop", "labels": ["kubernetes.io/service-name": "web"],
            ],
            "addressType": "IPv4",
            "endpoints": [
                ["addresses": ["10.42.0.2"], "nodeName": "a", "conditions": ["ready": true]],
                ["addresses": ["10.42.1.2"], "nodeName": "b"],
                [
                    "addresses": ["10.42.1.3"], "nodeName": "b",
                    "conditions": ["ready": false, "serving": true, "terminating": true],
                ],
                ["addresses": ["10.42.1.4"], "conditions": ["ready": false]],
            ],
            "ports": [["name": "http", "port": 8080], ["name": "any"]],
        ]
        change(&object)
        return EndpointSliceEntry(ofSlice: object, nodeName: "a")
    }

    @Test func endpointsOfASlice() throws {
        let entry = try #require(slice())
        let name = ServiceName(namespace: "shop", name: "web")
        #expect(entry.service == name)
        #expect(entry.endpoints.count == 1)
        let endpoints = entry.endpoints[ServicePortName(service: name, port: "http", transport: .tcp)]
        func address(_ text: String) throws -> IPAddress { try #require(IPAddress(text)) }
        #expect(
            try endpoints == [
                EndpointEntry(address: address("10.42.0.2"), port: 8080, nodeName: "a", isLocal: true),
                EndpointEntry(address: address("10.42.1.2"), port: 8080, nodeName: "b"),
                EndpointEntry(
                    address: address("10.42.1.3"), port: 8080, nodeName: "b", isReady: false,
                    isTerminating: true),
                EndpointEntry(address: address("10.42.1.4"), port: 8080, isReady: false, isServing: false),
            ])
    }

    @Test func slicesThatAreNoBusinessOfTheProxy() {
        #expect(slice { $0["addressType"] = "IPv6" } == nil)
        #expect(slice { $0["metadata"]?["labels"] = nil } == nil)
        #expect(slice { $0["endpoints"] = nil }?.endpoints.values.allSatisfy(\.isEmpty) == true)
    }
}
