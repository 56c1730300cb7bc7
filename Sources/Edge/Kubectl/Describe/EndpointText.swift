internal import EdgeAPI
internal import EdgeJSON

/// The addresses behind a port, as descriptions list them.
enum EndpointText {
    private static let maximum = 3

    /// `10.42.0.3:80,10.42.0.4:80 + 2 more...`; ready ones only.
    static func endpoints(_ slices: [APIObject], port name: String) -> String {
        guard !slices.isEmpty else { return "<none>" }
        var addresses: [String] = []
        for slice in slices {
            let ready = slice["endpoints"].elements.filter { $0.at("conditions", "ready")?.bool ?? true }
                .compactMap { $0["addresses"]?.strings.first }
            let ports = slice["ports"].elements
            if ports.isEmpty { addresses += ready }
            for port in ports where port["name"].shown == name {
                addresses += ready.map { address in
                    "\(address.contains(":") ? "[\(address)]" : address):\(port["port"].whole)"
                }
            }
        }
        let shown = addresses.prefix(maximum).joined(separator: ",")
        return addresses.count > maximum ? "\(shown) + \(addresses.count - maximum) more..." : shown
    }
}
