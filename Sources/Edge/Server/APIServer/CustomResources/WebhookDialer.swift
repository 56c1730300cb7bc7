internal import EdgeAPI
internal import EdgeBase
internal import EdgeJSON
internal import EdgeStorage
internal import EdgeTransport

/// Finds where a webhook's Service can be reached just now.
struct WebhookService: Sendable {
    let store: ObjectStore
    let namespace: String
    let name: String
    let port: Int

    /// The addresses of ready endpoints, or the Service's own address when nobody keeps EndpointSlices of it.
    func addresses() throws -> [(host: String, port: Int)] {
        guard let stored = store.get(ObjectKey(resource: "services", namespace: namespace, name: name)) else {
            throw ConversionFailure("service \"\(name)\" not found")
        }
        let service = try APIObject(decoding: stored)
        let ports = service[path: "spec", "ports"]?.array ?? []
        guard let entry = ports.first(where: { $0["port"]?.int == Int64(port) }) else {
            throw ConversionFailure("no service port \(port) found for service \"\(name)\"")
        }
        let portName = entry["name"]?.string ?? ""
        var found: [(String, Int)] = []
        var hasSlices = false
        for object in store.list(EndpointSlice.resource, namespace: namespace).objects {
            let slice = try EndpointSlice(decoding: object)
            guard slice[label: "kubernetes.io/service-name"] == name else { continue }
            hasSlices = true
            guard let target = slice.ports.first(where: { $0.name == portName })?.port else { continue }
            for endpoint in slice.endpoints where endpoint.conditions.ready {
                if let address = endpoint.addresses.first { found.append((address, target)) }
            }
        }
        if found.isEmpty, !hasSlices, let address = service[path: "spec", "clusterIP"]?.string,
            !address.isEmpty, address != "None"
        {
            return [(address, port)]
        }
        guard !found.isEmpty else {
            throw ConversionFailure("no endpoints available for service \"\(name)\"")
        }
        return found
    }
}

/// Connects to one of a Service's endpoints, and tries the others when it does not answer.
struct WebhookDialer: Dialer {
    let service: WebhookService
    let tcp: TCPDialer

    func connect(host: String, port: Int) async throws -> any ByteStream {
        var failure: any Error = ConversionFailure("no endpoints available for service \"\(service.name)\"")
        for address in try service.addresses().shuffled().prefix(3) {
            do { return try await tcp.connect(host: address.host, port: address.port) } catch {
                failure = error
            }
        }
        throw failure
    }
}
