internal import EdgeAPI
internal import EdgeJSON

/// The changes that bring a Service's EndpointSlices to its endpoints: slices are kept where they can be, and
/// only those are written whose content differs.
struct EndpointSlicePlan: Equatable {
    static let maximumEndpoints = 100
    static let managedBy = "endpointslice-controller.k8s.io"

    var create: [APIObject] = []
    var update: [APIObject] = []
    var delete: [EndpointSlice] = []

    init(_ service: Service, _ endpoints: ServiceEndpoints, present: [EndpointSlice]) {
        var unused = present
        let groups = endpoints.groups.isEmpty ? [Self.emptyGroup(service)] : endpoints.groups
        for group in groups {
            var chunks: [[ServiceEndpoints.Address]] = stride(
                from: 0, to: group.addresses.count, by: Self.maximumEndpoints
            ).map { Array(group.addresses[$0..<min($0 + Self.maximumEndpoints, group.addresses.count)]) }
            if chunks.isEmpty { chunks = [[]] }
            for chunk in chunks {
                let content = Self.content(service, group, chunk)
                if let index = Self.bestMatch(for: content, chunk, in: unused) {
                    let slice = unused.remove(at: index)
                    let updated = Self.merged(content, into: slice)
                    if updated != slice.object { update.append(updated) }
                } else {
                    create.append(content)
                }
            }
        }
        delete = unused
    }

    private static func emptyGroup(_ service: Service) -> ServiceEndpoints.Group {
        .init(family: service.spec.ipFamilies.first ?? "IPv4", ports: [], addresses: [])
    }

    /// The slice of the same family that shares the most addresses.
    private static func bestMatch(
        for content: APIObject, _ chunk: [ServiceEndpoints.Address], in slices: [EndpointSlice]
    ) -> Int? {
        let wanted = Set(chunk.map(\.address))
        func shared(_ slice: EndpointSlice) -> Int {
            slice.endpoints.count { wanted.contains($0.addresses.first ?? "") }
        }
        let candidates = slices.indices.filter { slices[$0].addressType == content["addressType"]?.string }
        return candidates.max { shared(slices[$0]) < shared(slices[$1]) }
    }

    private static func merged(_ content: APIObject, into slice: EndpointSlice) -> APIObject {
        var object = slice.object
        var labels = object.labels
        for (key, value) in content.labels { labels[key] = value }
        object[path: "metadata", "labels"].stringMap = labels
        object["endpoints"] = content["endpoints"]
        object["ports"] = content["ports"]
        return object
    }

    private static func content(
        _ service: Service, _ group: ServiceEndpoints.Group, _ addresses: [ServiceEndpoints.Address]
    ) -> APIObject {
        var slice = APIObject(
            apiVersion: "discovery.k8s.io/v1", kind: "EndpointSlice", namespace: service.namespace, name: "")
        var labels = service.labels.filter { !$0.key.hasPrefix("kubectl.kubernetes.io/") }
        labels["kubernetes.io/service-name"] = service.name
        labels["endpointslice.kubernetes.io/managed-by"] = managedBy
        if service.isHeadless { labels["service.kubernetes.io/headless"] = "" }
        slice.metadata = [
            "generateName": .string(service.name + "-"), "namespace": .string(service.namespace),
        ]
        slice[path: "metadata", "labels"].stringMap = labels
        slice.ownerReferences = [OwnerReference(controller: service.object)]
        slice["addressType"] = .string(group.family)
        slice["endpoints"] = .array(addresses.map { value(of: $0, service) })
        slice["ports"] = .array(group.ports.map(value))
        return slice
    }

    private static func value(of address: ServiceEndpoints.Address, _ service: Service) -> JSONValue {
        var endpoint: JSONObject = [
            "addresses": [.string(address.address)],
            "conditions": [
                "ready": .bool(address.ready), "serving": .bool(address.serving),
                "terminating": .bool(address.terminating),
            ],
        ]
        if !address.hostname.isEmpty { endpoint["hostname"] = .string(address.hostname) }
        endpoint["targetRef"] = [
            "kind": "Pod", "namespace": .string(service.namespace), "name": .string(address.pod),
            "uid": .string(address.uid),
        ]
        if !address.node.isEmpty { endpoint["nodeName"] = .string(address.node) }
        return .object(endpoint)
    }

    private static func value(of port: ServiceEndpoints.Port) -> JSONValue {
        var value: JSONObject = [
            "name": .string(port.name), "protocol": .string(port.protocol), "port": .int(Int64(port.port)),
        ]
        if let name = port.appProtocol { value["appProtocol"] = .string(name) }
        return .object(value)
    }
}
