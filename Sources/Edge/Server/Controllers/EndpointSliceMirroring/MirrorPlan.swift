internal import EdgeAPI
internal import EdgeBase
internal import EdgeJSON

/// The EndpointSlices that say what an Endpoints object says which a user maintains by hand.
struct MirrorPlan: Equatable {
    static let managedBy = "endpointslicemirroring-controller.k8s.io"
    static let skipLabel = "endpointslice.kubernetes.io/skip-mirror"
    private static let leaderAnnotation = "control-plane.alpha.kubernetes.io/leader"
    private static let triggerAnnotation = "endpoints.kubernetes.io/last-change-trigger-time"
    private static let lastAppliedAnnotation = "kubectl.kubernetes.io/last-applied-configuration"
    /// Of one subset, ready and not ready ones each.
    private static let maximumAddresses = 1000

    var create: [APIObject] = []
    var update: [APIObject] = []
    var delete: [EndpointSlice] = []

    /// - Parameter endpoints: nil when there is none, or none that is mirrored.
    init(_ endpoints: Endpoints?, present: [EndpointSlice]) {
        var unused = present
        for wanted in endpoints.map(Self.slices) ?? [] {
            let match = unused.firstIndex {
                $0.addressType == wanted["addressType"]?.string && $0.object["ports"] == wanted["ports"]
            }
            guard
                let match = match
                    ?? unused.firstIndex(where: { $0.addressType == wanted["addressType"]?.string })
            else {
                create.append(wanted)
                continue
            }
            let slice = unused.remove(at: match)
            var changed = slice.object
            changed[path: "metadata", "labels"] = wanted[path: "metadata", "labels"]
            changed[path: "metadata", "annotations"] = wanted[path: "metadata", "annotations"]
            changed["endpoints"] = wanted["endpoints"]
            changed["ports"] = wanted["ports"]
            if changed != slice.object { update.append(changed) }
        }
        delete = unused
    }

    /// Whether the object is a user's own, of a Service that selects no pods.
    static func isMirrored(_ endpoints: Endpoints, _ service: Service?) -> Bool {
        guard let service, service.spec.selector.isEmpty, !endpoints.isBeingDeleted else { return false }
        return endpoints[label: skipLabel] != "true" && endpoints[annotation: leaderAnnotation] == nil
            && endpoints[label: "endpoints.kubernetes.io/managed-by"] != "endpoint-controller"
    }

    private static func slices(_ endpoints: Endpoints) -> [APIObject] {
        endpoints.subsets.flatMap { subset -> [APIObject] in
            let all =
                subset.addresses.prefix(maximumAddresses).map { ($0, true) }
                + subset.notReadyAddresses.prefix(maximumAddresses).map { ($0, false) }
            return ["IPv4", "IPv6"].compactMap { family in
                let own = all.filter { IPAddress($0.0.ip)?.isIPv4 == (family == "IPv4") }
                return own.isEmpty ? nil : slice(endpoints, subset, family, own.map(endpoint))
            }
        }
    }

    private static func endpoint(_ address: EndpointAddress, isReady: Bool) -> JSONValue {
        var endpoint: JSONObject = [
            "addresses": [.string(address.ip)], "conditions": ["ready": .bool(isReady)],
        ]
        if !address.hostname.isEmpty { endpoint["hostname"] = .string(address.hostname) }
        if let target = address.targetRef { endpoint["targetRef"] = target.json }
        if let node = address.nodeName { endpoint["nodeName"] = .string(node) }
        return .object(endpoint)
    }

    private static func slice(
        _ endpoints: Endpoints, _ subset: EndpointSubset, _ family: String, _ list: [JSONValue]
    ) -> APIObject {
        var slice = APIObject(
            apiVersion: "discovery.k8s.io/v1", kind: "EndpointSlice", namespace: endpoints.namespace, name: ""
        )
        slice.metadata = [
            "generateName": .string(endpoints.name + "-"), "namespace": .string(endpoints.namespace),
        ]
        var labels = endpoints.labels
        labels["kubernetes.io/service-name"] = endpoints.name
        labels["endpointslice.kubernetes.io/managed-by"] = managedBy
        slice[path: "metadata", "labels"].stringMap = labels
        slice[path: "metadata", "annotations"].stringMap = endpoints.annotations.filter {
            $0.key != triggerAnnotation && $0.key != lastAppliedAnnotation
        }
        slice.ownerReferences = [OwnerReference(controller: endpoints.object)]
        slice["addressType"] = .string(family)
        slice["endpoints"] = .array(list)
        slice["ports"] = .array(
            subset.ports.map { port in
                var value: JSONObject = ["name": .string(port.name), "protocol": .string(port.protocol)]
                if let number = port.port { value["port"] = .int(Int64(number)) }
                if let name = port.appProtocol { value["appProtocol"] = .string(name) }
                return .object(value)
            })
        return slice
    }
}
