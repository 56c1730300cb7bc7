internal import EdgeAPI
internal import EdgeBase
internal import EdgeJSON
internal import EdgeStorage

/// Finds where a Service can be reached just now.
struct ServiceEndpoints: Sendable {
    /// A port of the Service by number or by name; an empty name is that of its only port.
    enum Port: Sendable, Hashable {
        case number(Int)
        case name(String)
    }

    struct Address: Sendable, Hashable {
        let host: String
        let port: Int
    }

    let store: ObjectStore
    let namespace: String
    let name: String
    let port: Port

    /// The addresses of ready endpoints; the Service's own address when nobody keeps EndpointSlices of it; the
    /// other name of an ExternalName.
    func addresses() throws -> [Address] {
        guard let stored = store.get(ObjectKey(resource: "services", namespace: namespace, name: name)) else {
            throw OutboundFailure("service \"\(name)\" not found")
        }
        let service = try APIObject(decoding: stored)
        if service[path: "spec", "type"] == "ExternalName", case .number(let number) = port,
            let host = service[path: "spec", "externalName"]?.string
        {
            return [Address(host: host, port: number)]
        }
        guard let entry = portEntry(of: service) else {
            throw OutboundFailure("no service port \(portText) found for service \"\(name)\"")
        }
        let (found, hasSlices) = try endpoints(portName: entry["name"]?.string ?? "")
        if found.isEmpty, !hasSlices, let address = service[path: "spec", "clusterIP"]?.string,
            !address.isEmpty, address != "None", let number = entry["port"]?.int
        {
            return [Address(host: address, port: Int(number))]
        }
        guard !found.isEmpty else {
            throw OutboundFailure("no endpoints available for service \"\(name)\"")
        }
        return found
    }

    var portText: String {
        switch port {
        case .number(let number): String(number)
        case .name(let name): "\"\(name)\""
        }
    }

    func portEntry(of service: APIObject) -> JSONValue? {
        let ports = service[path: "spec", "ports"]?.array ?? []
        switch port {
        case .number(let number): return ports.first { $0["port"]?.int == Int64(number) }
        case .name(let name):
            if name.isEmpty, ports.count == 1 { return ports.first }
            return ports.first { ($0["name"]?.string ?? "") == name }
        }
    }

    /// The ready endpoints that have this port, and whether there are EndpointSlices at all.
    func endpoints(portName: String) throws -> (addresses: [Address], hasSlices: Bool) {
        var found: [Address] = []
        var hasSlices = false
        for object in store.list(EndpointSlice.resource, namespace: namespace).objects {
            let slice = try EndpointSlice(decoding: object)
            guard slice[label: "kubernetes.io/service-name"] == name else { continue }
            hasSlices = true
            guard let target = slice.ports.first(where: { $0.name == portName })?.port else { continue }
            for endpoint in slice.endpoints where endpoint.conditions.ready {
                if let address = endpoint.addresses.first {
                    found.append(Address(host: address, port: target))
                }
            }
        }
        return (found, hasSlices)
    }
}

/// Why something outside could not be asked.
struct OutboundFailure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
