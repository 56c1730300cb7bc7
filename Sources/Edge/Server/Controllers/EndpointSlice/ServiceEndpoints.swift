internal import EdgeAPI
internal import EdgeJSON

/// What a Service's pods amount to, before it is written as EndpointSlices or Endpoints: groups of addresses
/// that share the same ports (named target ports may differ from pod to pod).
struct ServiceEndpoints: Equatable {
    struct Port: Hashable {
        let name: String
        let `protocol`: String
        let port: Int
        let appProtocol: String?
    }

    struct Address: Equatable {
        let address: String
        let pod: String
        let uid: String
        let node: String
        let hostname: String
        let ready: Bool
        let serving: Bool
        let terminating: Bool
    }

    struct Group: Equatable {
        let family: String
        let ports: [Port]
        var addresses: [Address]
    }

    /// Ordered by family and ports.
    let groups: [Group]

    init(_ service: Service, pods: [Pod]) {
        var groups: [[String]: Group] = [:]
        let families = service.spec.ipFamilies.isEmpty ? ["IPv4"] : service.spec.ipFamilies
        for pod in pods where Self.counts(pod, for: service) {
            for address in pod.addresses {
                let family = address.contains(":") ? "IPv6" : "IPv4"
                guard families.contains(family) else { continue }
                let ports = Self.ports(of: service, pod)
                let key = [family] + ports.map { "\($0.name)/\($0.protocol)/\($0.port)" }
                groups[key, default: Group(family: family, ports: ports, addresses: [])]
                    .addresses.append(Self.address(address, pod, service))
            }
        }
        self.groups = groups.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map { entry in
            var group = entry.value
            group.addresses.sort { $0.address < $1.address }
            return group
        }
    }

    private static func counts(_ pod: Pod, for service: Service) -> Bool {
        !pod.isTerminal && !pod.addresses.isEmpty
    }

    private static func address(_ address: String, _ pod: Pod, _ service: Service) -> Address {
        let serving = pod.isReady
        let hasName = !pod.spec.hostname.isEmpty && pod.spec.subdomain == service.name
        return Address(
            address: address, pod: pod.name, uid: pod.uid, node: pod.nodeName,
            hostname: hasName ? pod.spec.hostname : "",
            ready: service.spec.publishNotReadyAddresses || (serving && !pod.isBeingDeleted),
            serving: serving,
            terminating: pod.isBeingDeleted)
    }

    /// The Service's ports as this pod has them; a named target port that the pod lacks is left out.
    private static func ports(of service: Service, _ pod: Pod) -> [Port] {
        service.spec.ports.compactMap { port in
            guard let number = targetPort(port, pod) else { return nil }
            return Port(name: port.name, protocol: port.protocol, port: number, appProtocol: port.appProtocol)
        }
    }

    private static func targetPort(_ port: ServicePort, _ pod: Pod) -> Int? {
        switch port.targetPort {
        case .int(let number): return Int(number) == 0 ? port.port : Int(number)
        case .string(let name):
            let containers = pod.spec.containers + pod.spec.initContainers.filter(\.isSidecar)
            return containers.lazy.flatMap(\.ports)
                .first { $0.name == name && $0.protocol == port.protocol }?.containerPort
        case nil: return port.port
        }
    }
}
