internal import EdgeAPI
internal import EdgeBase
internal import EdgeJSON
internal import EdgeStorage

/// Finds where a pod, a Service or a node is reached behind its proxy subresource. Only addresses of pods and
/// nodes themselves: nobody is led to this host's loopback, or to what a hand-made Endpoints names.
struct ProxyTarget: Sendable {
    struct Address: Equatable {
        let host: String
        let port: Int
        let isEncrypted: Bool
    }

    let store: ObjectStore

    func pod(_ id: String, namespace: String) throws -> Address {
        guard let name = ProxyName(id) else {
            throw APIStatus.badRequest("invalid pod request \(id.goQuoted)")
        }
        let pod = try object("pods", namespace, name.name)
        let address = pod[path: "status", "podIP"]?.string ?? ""
        try Self.checkProxyable(address)
        let declared = (pod[path: "spec", "containers"]?.array ?? []).lazy
            .compactMap { $0["ports"]?.array?.first?["containerPort"]?.int }.first
        let preset = declared.map { Int($0) } ?? (name.isEncrypted ? 443 : 80)
        return Address(host: address, port: try Self.number(name.port, preset), isEncrypted: name.isEncrypted)
    }

    func service(_ id: String, namespace: String) throws -> Address {
        guard let name = ProxyName(id) else {
            throw APIStatus.badRequest("invalid service request \(id.goQuoted)")
        }
        let service = try object("services", namespace, name.name)
        let port = Int(name.port).map(ServiceEndpoints.Port.number) ?? .name(name.port)
        let endpoints = ServiceEndpoints(store: store, namespace: namespace, name: name.name, port: port)
        guard let entry = endpoints.portEntry(of: service) else {
            throw APIStatus.serviceUnavailable(
                Int(name.port) == nil
                    ? "no endpoints available for service \(id.goQuoted)"
                    : "no service port \(name.port) found for service \(name.name.goQuoted)")
        }
        let found = try endpoints.endpoints(portName: entry["name"]?.string ?? "").addresses
        for address in found.shuffled() where try isPod(address.host, behind: name.name, namespace) {
            try Self.checkProxyable(address.host)
            return Address(host: address.host, port: address.port, isEncrypted: name.isEncrypted)
        }
        throw APIStatus.serviceUnavailable("no endpoints available for service \(id.goQuoted)")
    }

    /// Whether an endpoint is what it says: the address of a pod of this namespace.
    private func isPod(_ address: String, behind service: String, _ namespace: String) throws -> Bool {
        for stored in store.list(EndpointSlice.resource, namespace: namespace).objects {
            let slice = try EndpointSlice(decoding: stored)
            guard slice[label: "kubernetes.io/service-name"] == service else { continue }
            for endpoint in slice.object["endpoints"]?.array ?? [] {
                guard endpoint["addresses"]?.strings.contains(address) == true,
                    endpoint["targetRef"]?["kind"] == "Pod",
                    let name = endpoint["targetRef"]?["name"]?.string,
                    endpoint["targetRef"]?["namespace"]?.string ?? namespace == namespace,
                    let pod = store.get(ObjectKey(resource: "pods", namespace: namespace, name: name))
                else { continue }
                let addresses = try APIObject(decoding: pod)[path: "status", "podIPs"]?.array ?? []
                if addresses.contains(where: { $0["ip"]?.string == address }) { return true }
            }
        }
        return false
    }

    /// Nil for the kubelet itself.
    func node(_ id: String) throws -> (name: String, address: Address?) {
        guard let name = ProxyName(id) else {
            throw APIStatus.badRequest("invalid node request \(id.goQuoted)")
        }
        let node = try object("nodes", "", name.name)
        guard !name.port.isEmpty, Int(name.port) != Self.kubeletPort else { return (name.name, nil) }
        let addresses = node[path: "status", "addresses"]?.array ?? []
        let address = addresses.first { $0["type"] == "InternalIP" }?["address"]?.string ?? ""
        try Self.checkProxyable(address)
        return (
            name.name,
            Address(host: address, port: try Self.number(name.port, 0), isEncrypted: name.isEncrypted)
        )
    }

    static let kubeletPort = 10250

    private func object(_ resource: String, _ namespace: String, _ name: String) throws -> APIObject {
        guard let stored = store.get(ObjectKey(resource: resource, namespace: namespace, name: name)) else {
            throw APIStatus.notFound(resource, name)
        }
        return try APIObject(decoding: stored)
    }

    private static func number(_ text: String, _ preset: Int) throws(APIStatus) -> Int {
        if text.isEmpty { return preset }
        guard let port = Int(text), (1...65535).contains(port) else {
            throw .badRequest("invalid port \(text.goQuoted)")
        }
        return port
    }

    private static func checkProxyable(_ text: String) throws(APIStatus) {
        guard let address = IPAddress(text), !address.isLoopback, !address.isLinkLocal,
            !address.isUnspecified, !address.isMulticast
        else { throw .badRequest("address not allowed") }
    }
}
