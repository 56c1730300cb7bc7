import EdgeBase
import EdgeJSON
import Testing

@testable import EdgeProxy

@Suite struct ProxyTrackerTests {
    private let web = ServiceName(namespace: "default", name: "web")

    private func service(_ port: Int64 = 80) -> JSONValue {
        [
            "metadata": ["name": "web", "namespace": "default"],
            "spec": ["clusterIP": "10.43.0.1", "ports": [["port": .int(port)]]],
        ]
    }

    private func slice(_ addresses: [String], ready: Bool = true) -> JSONValue {
        [
            "metadata": ["namespace": "default", "labels": ["kubernetes.io/service-name": "web"]],
            "addressType": "IPv4", "ports": [["port": 8080]],
            "endpoints": .array(
                addresses.map { ["addresses": [.string($0)], "conditions": ["ready": .bool(ready)]] }),
        ]
    }

    @Test func changesThatChangeNothingAreNone() {
        var tracker = ProxyTracker(nodeName: "a")
        #expect(tracker.hasChanges)
        tracker.setService(web, service())
        tracker.setEndpointSlice(namespace: "default", name: "web-1", slice(["10.42.0.2"]))
        _ = tracker.takeState()
        #expect(!tracker.hasChanges)
        var labelled = service()
        labelled["metadata"]?["resourceVersion"] = "17"
        tracker.setService(web, labelled)
        tracker.setEndpointSlice(namespace: "default", name: "web-1", slice(["10.42.0.2"]))
        tracker.setService(ServiceName(namespace: "default", name: "other"), nil)
        tracker.setHostPorts(ofPod: "p", [])
        #expect(!tracker.hasChanges)
        tracker.setService(web, service(81))
        #expect(tracker.hasChanges)
    }

    @Test func endpointsOfSeveralSlicesAreMerged() throws {
        var tracker = ProxyTracker(nodeName: "a")
        tracker.setService(web, service())
        tracker.setEndpointSlice(namespace: "default", name: "web-1", slice(["10.42.0.2", "10.42.0.3"]))
        tracker.setEndpointSlice(
            namespace: "default", name: "web-2", slice(["10.42.0.4", "10.42.0.3"], ready: false))
        let name = ServicePortName(service: web, port: "", transport: .tcp)
        let merged = try #require(tracker.state.endpoints[name])
        #expect(merged.map(\.address.description) == ["10.42.0.2", "10.42.0.3", "10.42.0.4"])
        #expect(merged.map(\.isReady) == [true, true, false])
        tracker.setEndpointSlice(namespace: "default", name: "web-1", nil)
        #expect(tracker.state.endpoints[name]?.map(\.isReady) == [false, false])
        tracker.setService(web, nil)
        #expect(tracker.state.services.isEmpty)
    }

    @Test func hostPortsGoWithTheirPod() throws {
        var tracker = ProxyTracker(nodeName: "a")
        let entry = HostPortEntry(
            hostPort: 80, transport: .tcp, podIP: try #require(IPAddress("10.42.0.2")), podPort: 8080)
        tracker.setHostPorts(ofPod: "p", [entry])
        #expect(tracker.takeState().hostPorts == [entry])
        tracker.setHostPorts(ofPod: "p", [])
        #expect(tracker.hasChanges)
        #expect(tracker.takeState().hostPorts.isEmpty)
    }

    @Test func serviceHealthCountsReadyEndpointsOfThisNode() {
        var tracker = ProxyTracker(nodeName: "a")
        var object = service()
        object["spec"]?["type"] = "LoadBalancer"
        object["spec"]?["externalTrafficPolicy"] = "Local"
        object["spec"]?["healthCheckNodePort"] = 32000
        tracker.setService(web, object)
        func health() -> [ServiceHealth] { tracker.state.serviceHealth }
        #expect(health() == [ServiceHealth(service: web, port: 32000, localEndpoints: 0)])
        var endpoints = slice(["10.42.0.2", "10.42.1.2"])
        endpoints["endpoints"] = [
            ["addresses": ["10.42.0.2"], "nodeName": "a"], ["addresses": ["10.42.1.2"], "nodeName": "b"],
            [
                "addresses": ["10.42.0.3"], "nodeName": "a",
                "conditions": ["ready": false, "serving": true, "terminating": true],
            ],
        ]
        tracker.setEndpointSlice(namespace: "default", name: "web-1", endpoints)
        #expect(health() == [ServiceHealth(service: web, port: 32000, localEndpoints: 1)])
    }
}
