internal import EdgeAPI
internal import EdgeJSON

/// Endpoints and EndpointSlices.
enum DescribeEndpoints {
    @Sendable static func endpoints(_ describer: Describer, _ description: inout Description) async throws {
        description.head(describer.object)
        description.line(0, "Subsets:")
        for subset in describer.object["subsets"].elements {
            for (title, field) in [("Addresses", "addresses"), ("NotReadyAddresses", "notReadyAddresses")] {
                let addresses = subset[field].elements.map { $0["ip"].shown }
                description.field(1, title, addresses.isEmpty ? "<none>" : addresses.joined(separator: ","))
            }
            if !subset["ports"].elements.isEmpty {
                description.line(1, "Ports:")
                ports(subset["ports"].elements, level: 2, to: &description)
            }
            description.line(0, "")
        }
        await describer.events(to: &description)
    }

    private static func ports(_ ports: [JSONValue], level: Int, to description: inout Description) {
        description.line(level, "Name\tPort\tProtocol")
        description.line(level, "----\t----\t--------")
        for port in ports {
            let name = port["name"].shown
            let number = port["port"].shown
            description.line(
                level,
                "\(name.isEmpty ? "<unset>" : name)\t\(number.isEmpty ? "<unset>" : number)\t"
                    + port["protocol"].shown)
        }
    }

    @Sendable static func slice(_ describer: Describer, _ description: inout Description) async throws {
        let slice = describer.object
        description.head(slice)
        description.field(0, "AddressType", slice["addressType"].shown)
        if slice["ports"].elements.isEmpty {
            description.line(0, "Ports: <unset>")
        } else {
            description.line(0, "Ports:")
            ports(slice["ports"].elements, level: 1, to: &description)
        }
        let endpoints = slice["endpoints"].elements
        description.line(0, endpoints.isEmpty ? "Endpoints: <none>" : "Endpoints:")
        for endpoint in endpoints {
            let addresses = endpoint["addresses"]?.strings ?? []
            description.line(
                1, "- Addresses:\t\(addresses.isEmpty ? "<none>" : addresses.joined(separator: ", "))")
            description.line(2, "Conditions:")
            description.field(3, "Ready", unset(endpoint.at("conditions", "ready").shown))
            description.field(2, "Hostname", unset(endpoint["hostname"].shown))
            if let target = endpoint["targetRef"] {
                description.field(2, "TargetRef", "\(target["kind"].shown)/\(target["name"].shown)")
            }
            description.field(2, "NodeName", unset(endpoint["nodeName"].shown))
            description.field(2, "Zone", unset(endpoint["zone"].shown))
        }
        await describer.events(to: &description)
    }

    private static func unset(_ text: String) -> String { text.isEmpty ? "<unset>" : text }
}
