internal import EdgeBase

/// The records that one Service with its endpoints puts into the zone: a pure function of the objects, after
/// Kubernetes' "DNS-Based Service Discovery" 1.1.0, and after CoreDNS where that is silent.
struct ServiceRecords: Equatable {
    private(set) var forward: [WireName: ZoneRecords] = [:]
    /// The names that the addresses of the Service have in the reverse zones.
    private(set) var reverse: [IPAddress: [ReversePointer]] = [:]

    private let base: WireName

    /// Nothing for a Service whose name makes no domain name.
    init(_ service: ServiceEntry, slices: [SliceEntry], in configuration: ZoneConfiguration) {
        guard
            let namespace = configuration.services.prefixed(by: service.name.namespace),
            let base = namespace.prefixed(by: service.name.name)
        else {
            self.base = .root
            return
        }
        self.base = base
        switch service.kind {
        case .externalName(let target):
            if let target { forward[base] = ZoneRecords(alias: target) }
        case .clusterIP(let addresses):
            addEndpoints(slices, of: service, isHeadless: false)
            addCluster(addresses, service.ports)
        case .headless:
            addEndpoints(slices, of: service, isHeadless: true)
        }
    }

    private mutating func addCluster(_ addresses: [IPAddress], _ ports: [ServiceEntry.Port]) {
        guard !addresses.isEmpty else { return }
        for address in addresses {
            forward[base, default: ZoneRecords()].add(address)
            reverse[address, default: []].append(ReversePointer(name: base, isExplicit: true))
        }
        for port in ports {
            addLocation(port, ServiceLocation(weight: 100, port: port.port, target: base))
        }
    }

    /// Endpoints have names of their own under the Service's; those of a headless Service also make up the
    /// Service's name. A headless Service without ready endpoints has no name at all.
    private mutating func addEndpoints(_ slices: [SliceEntry], of service: ServiceEntry, isHeadless: Bool) {
        let ready = slices.map { slice in
            slice.endpoints.filter { ($0.isReady || service.publishesNotReady) && !$0.addresses.isEmpty }
        }
        let count = ready.reduce(0) { $0 + $1.count }
        guard count > 0 else { return }
        let weight = UInt16(max(1, 100 / count))
        for (slice, endpoints) in zip(slices, ready) {
            for endpoint in endpoints {
                for address in endpoint.addresses {
                    guard let name = addEndpoint(endpoint, address, isHeadless: isHeadless), isHeadless else {
                        continue
                    }
                    forward[base, default: ZoneRecords()].add(address)
                    for port in slice.ports {
                        addLocation(port, ServiceLocation(weight: weight, port: port.port, target: name))
                    }
                }
            }
        }
    }

    /// Returns the endpoint's name: its hostname, or its address with dashes.
    private mutating func addEndpoint(
        _ endpoint: SliceEntry.Endpoint, _ address: IPAddress, isHeadless: Bool
    ) -> WireName? {
        guard let name = base.prefixed(by: endpoint.hostname ?? Self.label(of: address)) else { return nil }
        forward[name, default: ZoneRecords()].add(address)
        let isExplicit = endpoint.hostname != nil
        if isExplicit || isHeadless {
            reverse[address, default: []].append(ReversePointer(name: name, isExplicit: isExplicit))
        }
        return name
    }

    /// `_port._proto` in front of the Service's name for a named port. The Service's own name has the
    /// locations of all ports, as with CoreDNS.
    private mutating func addLocation(_ port: ServiceEntry.Port, _ location: ServiceLocation) {
        append(location, to: base)
        guard !port.name.isEmpty, let `protocol` = base.prefixed(by: "_" + port.protocol),
            let name = `protocol`.prefixed(by: "_" + port.name)
        else { return }
        forward[`protocol`, default: ZoneRecords()].locations += []
        append(location, to: name)
    }

    private mutating func append(_ location: ServiceLocation, to name: WireName) {
        forward[name, default: ZoneRecords()].locations.append(location)
    }

    /// `10-42-0-5`, or `fd00--5`; CoreDNS's form for endpoints without a hostname.
    static func label(of address: IPAddress) -> String {
        let text = address.description.utf8.map { byte in
            byte == UInt8(ascii: ".") || byte == UInt8(ascii: ":") ? UInt8(ascii: "-") : byte
        }
        return String(decoding: text, as: UTF8.self)
    }
}

/// A name for an address. One made up from the address yields to one that somebody chose.
struct ReversePointer: Hashable, Sendable {
    var name: WireName
    var isExplicit: Bool
}
