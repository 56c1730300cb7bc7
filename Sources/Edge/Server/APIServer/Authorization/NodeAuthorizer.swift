internal import EdgeAPI
internal import EdgeBase
internal import EdgeJSON
public import EdgeStorage

/// What a kubelet may do: a fixed set of rules, and of Secrets, ConfigMaps, volumes and ServiceAccount tokens
/// only what the pods bound to its node refer to.
public struct NodeAuthorizer: Authorizer {
    private let store: ObjectStore

    public init(store: ObjectStore) {
        self.store = store
    }

    private static let rules: [PolicyRule] = [
        rule(["create"], "authentication.k8s.io", ["tokenreviews"]),
        rule(["create"], "authorization.k8s.io", ["subjectaccessreviews", "localsubjectaccessreviews"]),
        rule(["get", "list", "watch"], "", ["services"]),
        rule(["create", "get", "list", "watch"], "", ["nodes"]),
        rule(["update", "patch"], "", ["nodes", "nodes/status"]),
        rule(["create", "update", "patch"], "", ["events"]),
        rule(["create", "update", "patch"], "events.k8s.io", ["events"]),
        rule(["get", "list", "watch", "create", "delete"], "", ["pods"]),
        rule(["update", "patch"], "", ["pods/status"]),
        rule(["create"], "", ["pods/eviction"]),
        rule(["create", "get", "list", "watch"], "certificates.k8s.io", ["certificatesigningrequests"]),
        rule(
            ["get", "list", "watch", "create", "update", "patch", "delete"], "coordination.k8s.io", ["leases"]
        ),
        rule(["get", "list", "watch"], "node.k8s.io", ["runtimeclasses"]),
        rule(["get", "list", "watch"], "storage.k8s.io", ["csidrivers"]),
        rule(["get"], "storage.k8s.io", ["volumeattachments"]),
        // Their own only: NodeRestriction sees to that.
        rule(["get", "create", "update", "patch", "delete"], "storage.k8s.io", ["csinodes"]),
        rule(
            ["get", "list", "watch", "create", "update", "patch", "delete"], "resource.k8s.io",
            ["resourceslices"]),
    ]

    private static func rule(_ verbs: [String], _ group: String, _ resources: [String]) -> PolicyRule {
        PolicyRule([
            "verbs": .array(verbs.map(JSONValue.string)), "apiGroups": [.string(group)],
            "resources": .array(resources.map(JSONValue.string)),
        ])
    }

    public func authorize(_ request: AccessRequest) -> AccessDecision {
        guard let node = request.user.nodeName else { return .denied(reason: "") }
        if case .resource("", let resource, let subresource, let namespace, let name) = request.target,
            Self.isByReference(resource, subresource)
        {
            return reference(request.verb, resource, subresource, namespace, name, from: node)
        }
        return Self.rules.contains { $0.allows(request.verb, request.target) }
            ? .allowed(reason: "") : .denied(reason: "")
    }

    private static func isByReference(_ resource: String, _ subresource: String) -> Bool {
        switch resource {
        case "secrets", "configmaps", "persistentvolumeclaims", "persistentvolumes": true
        case "serviceaccounts": subresource == "token"
        default: false
        }
    }

    private func reference(
        _ verb: String, _ resource: String, _ subresource: String, _ namespace: String, _ name: String,
        from node: String
    ) -> AccessDecision {
        let mayRead = ["get", "list", "watch"].contains(verb) && subresource.isEmpty
        let mayRequestToken = verb == "create" && resource == "serviceaccounts"
        guard mayRead || mayRequestToken, !name.isEmpty else {
            return .denied(reason: "can only read namespaced object of this type")
        }
        guard resource != "persistentvolumes" else { return volume(name, from: node) }
        let isReferred = pods(on: node, in: namespace).contains {
            PodReferences.refers($0, to: resource, name)
        }
        return isReferred
            ? .allowed(reason: "")
            : .denied(reason: "no relationship found between node '\(node)' and this object")
    }

    /// A volume may be read when one of the node's pods has the claim that is bound to it.
    private func volume(_ name: String, from node: String) -> AccessDecision {
        guard let stored = store.get(ObjectKey(resource: "persistentvolumes", name: name)),
            let volume = try? APIObject(decoding: stored),
            let claim = volume[path: "spec", "claimRef", "name"]?.string,
            let namespace = volume[path: "spec", "claimRef", "namespace"]?.string,
            pods(on: node, in: namespace).contains(where: {
                PodReferences.refers($0, to: "persistentvolumeclaims", claim)
            })
        else { return .denied(reason: "no relationship found between node '\(node)' and this object") }
        return .allowed(reason: "")
    }

    private func pods(on node: String, in namespace: String) -> [APIObject] {
        store.list("pods", namespace: namespace).objects.compactMap { try? APIObject(decoding: $0) }
            .filter { $0[path: "spec", "nodeName"]?.string == node }
    }
}
