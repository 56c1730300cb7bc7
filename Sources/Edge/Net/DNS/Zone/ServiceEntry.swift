internal import EdgeAPI
internal import EdgeBase

/// What the zone needs of a Service.
struct ServiceEntry: Hashable, Sendable {
    enum Kind: Hashable, Sendable {
        case clusterIP([IPAddress])
        case headless
        /// Nil for a name that is none.
        case externalName(WireName?)
    }

    struct Port: Hashable, Sendable {
        var name: String
        var `protocol`: String
        var port: UInt16
    }

    var name: ServiceName
    var kind: Kind
    var ports: [Port] = []
    var publishesNotReady = false
}

extension ServiceEntry {
    init(_ service: Service) {
        let spec = service.spec
        name = ServiceName(namespace: service.namespace, name: service.name)
        publishesNotReady = spec.publishNotReadyAddresses
        ports = spec.ports.compactMap { port in
            UInt16(exactly: port.port).map { Port(name: port.name, protocol: port.protocol, port: $0) }
        }
        if service.isExternalName {
            kind = .externalName(spec.externalName.isEmpty ? nil : WireName(spec.externalName))
        } else if service.isHeadless {
            kind = .headless
        } else {
            kind = .clusterIP(service.clusterAddresses.compactMap { IPAddress($0) })
        }
    }
}
