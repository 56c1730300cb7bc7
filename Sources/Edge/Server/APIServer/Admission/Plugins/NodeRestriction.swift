internal import EdgeAPI
internal import EdgeJSON

/// A kubelet changes only its own Node, the pods bound to it and its own Lease, so that a stolen node
/// credential does not open the cluster.
struct NodeRestriction: AdmissionPlugin {
    private static let protectedLabelPrefix = "node-restriction.kubernetes.io/"

    let name = "NodeRestriction"

    func validate(_ request: AdmissionRequest) throws {
        guard let node = request.user.nodeName else { return }
        switch request.resource.storageName {
        case "nodes": try validateNode(request, node)
        case "pods": try validatePod(request, node)
        case "leases.coordination.k8s.io": try validateLease(request, node)
        default: break
        }
    }

    private func validateNode(_ request: AdmissionRequest, _ node: String) throws {
        let name = request.name.isEmpty ? request.object?.name ?? "" : request.name
        guard name == node else {
            throw APIStatus.forbidden(
                "nodes", name, "node \"\(node)\" is not allowed to modify node \"\(name)\"")
        }
        if request.operation == .delete {
            throw APIStatus.forbidden("nodes", name, "node \"\(node)\" is not allowed to delete itself")
        }
        guard let object = request.object else { return }
        if request.operation == .update,
            object[path: "spec", "taints"] != request.old?[path: "spec", "taints"]
        {
            throw APIStatus.forbidden("nodes", name, "node \"\(node)\" is not allowed to modify taints")
        }
        let old = request.old?.labels ?? [:]
        for (key, value) in object.labels
        where key.contains(Self.protectedLabelPrefix) && old[key] != value {
            throw APIStatus.forbidden("nodes", name, "is not allowed to modify labels: \(key)")
        }
    }

    private func validatePod(_ request: AdmissionRequest, _ node: String) throws {
        let pod = request.operation == .create ? request.object : request.old
        let bound = pod?[path: "spec", "nodeName"]?.string ?? ""
        switch (request.operation, request.subresource) {
        case (.create, ""):
            guard pod?[annotation: "kubernetes.io/config.mirror"] != nil else {
                throw APIStatus.forbidden(
                    "pods", pod?.name ?? "",
                    "pod does not have \"kubernetes.io/config.mirror\" annotation, node \"\(node)\" can only create mirror pods"
                )
            }
            fallthrough
        case (.delete, ""), (.update, "status"), (.create, "eviction"):
            guard bound == node else {
                throw APIStatus.forbidden(
                    "pods", pod?.name ?? "",
                    "node \"\(node)\" can only change pods with spec.nodeName set to itself")
            }
        case (.connect, _): break
        default:
            throw APIStatus.forbidden("pods", pod?.name ?? "", "node \"\(node)\" may not do this to a pod")
        }
    }

    private func validateLease(_ request: AdmissionRequest, _ node: String) throws {
        let name = request.name.isEmpty ? request.object?.name ?? "" : request.name
        guard request.namespace == "kube-node-lease", name == node else {
            throw APIStatus.forbidden(
                "leases.coordination.k8s.io", name,
                "can only access node lease with the same name as the requesting node")
        }
    }
}
