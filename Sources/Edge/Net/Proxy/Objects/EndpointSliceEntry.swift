internal import EdgeBase
public import EdgeJSON

/// What a discovery.k8s.io/v1 EndpointSlice says about the ports of a Service.
public struct EndpointSliceEntry: Equatable, Sendable {
    public let service: ServiceName
    public let endpoints: [ServicePortName: [EndpointEntry]]

    /// Nil for a slice that belongs to no Service or is not of IPv4. `nodeName` is this node's.
    public init?(ofSlice object: JSONValue, nodeName: String) {
        guard object["addressType"]?.string == "IPv4",
            let namespace = object[path: "metadata", "namespace"]?.string,
            let name = object[path: "metadata", "labels", "kubernetes.io/service-name"]?.string
        else { return nil }
        service = ServiceName(namespace: namespace, name: name)
        var endpoints: [ServicePortName: [EndpointEntry]] = [:]
        for port in object["ports"]?.array ?? [] {
            // A port without a number means all ports, which a proxy cannot serve.
            guard let number = ServiceEntry.portNumber(port["port"]),
                let transport = TransportProtocol(name: port["protocol"]?.string ?? "TCP")
            else { continue }
            let key = ServicePortName(
                service: service, port: port["name"]?.string ?? "", transport: transport)
            endpoints[key, default: []] += (object["endpoints"]?.array ?? []).compactMap {
                Self.endpoint($0, number, nodeName)
            }
        }
        self.endpoints = endpoints
    }

    /// Absent conditions mean: ready, serving like ready, not terminating. Of several addresses, which are
    /// equal by definition, the first is used.
    private static func endpoint(_ value: JSONValue, _ port: UInt16, _ nodeName: String) -> EndpointEntry? {
        guard let address = value["addresses"]?.strings.first.flatMap({ IPAddress($0) }) else { return nil }
        let conditions = value["conditions"]
        let isReady = conditions?["ready"]?.bool ?? true
        let node = value["nodeName"]?.string
        return EndpointEntry(
            address: address, port: port, nodeName: node, isReady: isReady,
            isServing: conditions?["serving"]?.bool ?? isReady,
            isTerminating: conditions?["terminating"]?.bool ?? false, isLocal: node == nodeName)
    }
}
