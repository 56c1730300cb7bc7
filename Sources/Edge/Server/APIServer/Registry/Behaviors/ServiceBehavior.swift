internal import EdgeAPI
internal import EdgeBase
internal import EdgeJSON
internal import EdgeStorage
internal import Synchronization

/// Services get their cluster addresses and node ports here: from what no other Service has.
final class ServiceBehavior: Behavior {
    fileprivate struct State {
        var addresses: [AddressPool]
        var ports: PortPool
    }

    private let state: Mutex<State>

    /// Learns from the store what is taken.
    init(addresses: [CIDR], ports: ClosedRange<Int>, store: ObjectStore) throws {
        var state = State(addresses: addresses.map(AddressPool.init), ports: PortPool(range: ports))
        for stored in store.list("services").objects {
            let service = try APIObject(decoding: stored)
            for address in Self.addresses(of: service) { state.take(address) }
            for port in Self.nodePorts(of: service) { state.ports.take(port) }
        }
        self.state = Mutex(state)
    }

    func prepareForCreate(_ object: inout APIObject, _ context: RequestContext) throws {
        try allocate(&object, old: nil)
        object["status"] = ["loadBalancer": [:]]
    }

    func prepareForUpdate(
        _ object: inout APIObject, old: APIObject, subresource: String, _ context: RequestContext
    ) throws {
        guard subresource.isEmpty else { return }
        try allocate(&object, old: old)
    }

    func didCommit(new: APIObject?, old: APIObject?) {
        guard let old else { return }
        release(held: old, keeping: new)
    }

    func rollBack(new: APIObject, old: APIObject?) {
        release(held: new, keeping: old)
    }

    /// Gives back what one version holds and the other does not.
    private func release(held: APIObject, keeping: APIObject?) {
        let kept = keeping.map(Self.addresses) ?? []
        let keptPorts = keeping.map(Self.nodePorts) ?? []
        state.withLock { state in
            for address in Self.addresses(of: held) where !kept.contains(address) { state.release(address) }
            for port in Self.nodePorts(of: held) where !keptPorts.contains(port) { state.ports.release(port) }
        }
    }

    // MARK: Allocation

    private func allocate(_ service: inout APIObject, old: APIObject?) throws {
        let oldAddresses = old.map(Self.addresses) ?? []
        let oldPorts = old.map(Self.nodePorts) ?? []
        try state.withLock { state in
            var taken = Reservation()
            do {
                try Self.allocateAddress(&service, oldAddresses, &state, &taken)
                try Self.allocatePorts(&service, oldPorts, &state, &taken)
            } catch {
                for address in taken.addresses { state.release(address) }
                for port in taken.ports { state.ports.release(port) }
                throw error
            }
        }
    }

    /// What one preparation has taken, to be given back if it fails half-way.
    private struct Reservation {
        var addresses: [IPAddress] = []
        var ports: [Int] = []
    }

    private static func allocateAddress(
        _ service: inout APIObject, _ old: [IPAddress], _ state: inout State, _ taken: inout Reservation
    ) throws {
        guard type(of: service) != "ExternalName" else {
            return
        }
        let text =
            service[path: "spec", "clusterIP"]?.string ?? service[path: "spec", "clusterIPs"]?.strings.first
            ?? ""
        if text == "None" {
            setAddress("None", of: &service, isIPv4: true)
            return
        }
        if text.isEmpty {
            guard let address = state.allocate() else {
                throw APIStatus.internalError("failed to allocate a serviceIP: range is full")
            }
            taken.addresses.append(address)
            setAddress(address.description, of: &service, isIPv4: address.isIPv4)
            return
        }
        guard let address = IPAddress(text) else { return }
        if !old.contains(address) {
            guard state.take(address) else {
                throw invalid(
                    service, "clusterIPs",
                    "failed to allocate IP \(address): provided IP is not in the valid range or is already allocated"
                )
            }
            taken.addresses.append(address)
        }
        setAddress(text, of: &service, isIPv4: address.isIPv4)
    }

    private static func setAddress(_ text: String, of service: inout APIObject, isIPv4: Bool) {
        service[path: "spec", "clusterIP"] = .string(text)
        service[path: "spec", "clusterIPs"] = [.string(text)]
        if service[path: "spec", "ipFamilies"] == nil {
            service[path: "spec", "ipFamilies"] = [isIPv4 ? "IPv4" : "IPv6"]
        }
        if service[path: "spec", "ipFamilyPolicy"] == nil {
            service[path: "spec", "ipFamilyPolicy"] = "SingleStack"
        }
    }

    private static func allocatePorts(
        _ service: inout APIObject, _ old: [Int], _ state: inout State, _ taken: inout Reservation
    ) throws {
        var ports = service[path: "spec", "ports"]?.array ?? []
        guard !ports.isEmpty else { return }
        let wantsPorts = usesNodePorts(service)
        for index in ports.indices {
            let given = ports[index]["nodePort"]?.int.map(Int.init) ?? 0
            guard wantsPorts else { continue }
            if given == 0 {
                guard let port = state.ports.allocate() else {
                    throw APIStatus.internalError("failed to allocate a nodePort: range is full")
                }
                taken.ports.append(port)
                ports[index]["nodePort"] = .int(Int64(port))
            } else if !old.contains(given), !taken.ports.contains(given) {
                guard state.ports.range.contains(given) else {
                    throw invalid(
                        service, "ports[\(index)].nodePort",
                        "provided port is not in the valid range. The range of valid ports is \(state.ports.range.lowerBound)-\(state.ports.range.upperBound)",
                        value: "\(given)")
                }
                guard state.ports.take(given) else {
                    throw invalid(
                        service, "ports[\(index)].nodePort", "provided port is already allocated",
                        value: "\(given)")
                }
                taken.ports.append(given)
            }
        }
        service[path: "spec", "ports"] = .array(ports)
        try allocateHealthPort(&service, old, &state, &taken)
    }

    /// The port on which nodes tell a balancer whether they have an endpoint of the Service.
    private static func allocateHealthPort(
        _ service: inout APIObject, _ old: [Int], _ state: inout State, _ taken: inout Reservation
    ) throws {
        guard Service(service).spec.needsHealthCheckPort else { return }
        let given = service[path: "spec", "healthCheckNodePort"]?.int.map(Int.init) ?? 0
        if given == 0 {
            guard let port = state.ports.allocate() else {
                throw APIStatus.internalError("failed to allocate a HealthCheck NodePort: range is full")
            }
            taken.ports.append(port)
            service[path: "spec", "healthCheckNodePort"] = .int(Int64(port))
        } else if !old.contains(given), !taken.ports.contains(given) {
            guard state.ports.range.contains(given), state.ports.take(given) else {
                throw APIStatus.internalError(
                    "failed to allocate requested HealthCheck NodePort \(given): provided port is already allocated"
                )
            }
            taken.ports.append(given)
        }
    }

    private static func invalid(
        _ service: APIObject, _ field: String, _ cause: String, value: String? = nil
    ) -> APIStatus {
        let path = "spec.\(field)"
        let value = value ?? service[path: "spec", "clusterIP"]?.string ?? ""
        let message = "Invalid value: \(Int(value) == nil ? "\"\(value)\"" : value): \(cause)"
        return APIStatus(
            code: 422, reason: .invalid,
            message: "Service \"\(service.name)\" is invalid: \(path): \(message)",
            details: .init(
                name: service.name, kind: "Service",
                causes: [.init(reason: "FieldValueInvalid", message: message, field: path)]))
    }

    // MARK: Reading Services

    private static func type(of service: APIObject) -> String {
        service[path: "spec", "type"]?.string ?? "ClusterIP"
    }

    private static func usesNodePorts(_ service: APIObject) -> Bool {
        switch type(of: service) {
        case "NodePort": true
        case "LoadBalancer": service[path: "spec", "allocateLoadBalancerNodePorts"]?.bool ?? true
        default: false
        }
    }

    private static func addresses(of service: APIObject) -> [IPAddress] {
        let listed = service[path: "spec", "clusterIPs"]?.strings ?? []
        let texts = listed.isEmpty ? [service[path: "spec", "clusterIP"]?.string ?? ""] : listed
        return texts.compactMap { IPAddress($0) }
    }

    private static func nodePorts(of service: APIObject) -> [Int] {
        let ports = (service[path: "spec", "ports"]?.array ?? []).map { $0["nodePort"] }
        return (ports + [service[path: "spec", "healthCheckNodePort"]])
            .compactMap { $0?.int.map(Int.init) }.filter { $0 > 0 }
    }
}

extension ServiceBehavior.State {
    fileprivate mutating func allocate() -> IPAddress? {
        addresses.isEmpty ? nil : addresses[0].allocate()
    }

    @discardableResult
    fileprivate mutating func take(_ address: IPAddress) -> Bool {
        for index in addresses.indices where addresses[index].contains(address) {
            return addresses[index].take(address)
        }
        return false
    }

    fileprivate mutating func release(_ address: IPAddress) {
        for index in addresses.indices where addresses[index].contains(address) {
            addresses[index].release(address)
        }
    }
}
