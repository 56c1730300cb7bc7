internal import EdgeAPI

/// The variables by which containers find Services, as Docker links had them.
enum ServiceEnvironment {
    /// - Parameters:
    ///   - links: whether the Services of the pod's namespace are wanted besides the cluster's own.
    ///   - master: the namespace of the `kubernetes` Service.
    static func variables(_ services: [Service], namespace: String, links: Bool, master: String)
        -> [(name: String, value: String)]
    {
        var chosen: [String: Service] = [:]
        for service in services where hasAddress(service) {
            if service.namespace == master, service.name == "kubernetes" {
                if chosen[service.name] == nil { chosen[service.name] = service }
            } else if links, service.namespace == namespace {
                chosen[service.name] = service
            }
        }
        return chosen.sorted { $0.key < $1.key }.flatMap { variables(of: $0.value) }
    }

    private static func hasAddress(_ service: Service) -> Bool {
        let address = service.spec.clusterIP
        return !address.isEmpty && address != "None"
    }

    private static func variables(of service: Service) -> [(name: String, value: String)] {
        let name = variableName(service.name)
        let address = service.spec.clusterIP
        let host = address.contains(":") ? "[\(address)]" : address
        guard let first = service.spec.ports.first else { return [] }
        var result = [
            (name + "_SERVICE_HOST", address), (name + "_SERVICE_PORT", String(first.port)),
        ]
        for port in service.spec.ports where !port.name.isEmpty {
            result.append(("\(name)_SERVICE_PORT_\(variableName(port.name))", String(port.port)))
        }
        for (index, port) in service.spec.ports.enumerated() {
            let lower = port.protocol.lowercased()
            let prefix = "\(name)_PORT_\(port.port)_\(port.protocol.uppercased())"
            let url = "\(lower)://\(host):\(port.port)"
            if index == 0 { result.append((name + "_PORT", url)) }
            result += [
                (prefix, url), (prefix + "_PROTO", lower), (prefix + "_PORT", String(port.port)),
                (prefix + "_ADDR", address),
            ]
        }
        return result
    }

    static func variableName(_ name: String) -> String {
        String(name.uppercased().map { $0 == "-" ? "_" : $0 })
    }
}
