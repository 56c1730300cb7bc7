internal import EdgeAPI
internal import EdgeBase
internal import EdgeJSON
internal import EdgeStorage

/// A kubelet changes only its own Node, the pods bound to it, its own Lease and what belongs to its drivers,
/// so that a stolen node credential does not open the cluster.
struct NodeRestriction: AdmissionPlugin {
    let name = "NodeRestriction"
    let store: ObjectStore

    func validate(_ request: AdmissionRequest) throws {
        guard let node = request.user.nodeName else { return }
        switch request.resource.storageName {
        case "nodes": try validateNode(request, node)
        case "pods": try validatePod(request, node)
        case "persistentvolumeclaims": try validateClaim(request, node)
        case "serviceaccounts": try validateToken(request, node)
        case "leases.coordination.k8s.io": try validateLease(request, node)
        case "csinodes.storage.k8s.io":
            guard Self.objectName(request) == node else {
                throw Self.forbidden(
                    request, "can only access CSINode with the same name as the requesting node")
            }
        case "resourceslices.resource.k8s.io": try validateSlice(request, node)
        default: break
        }
    }

    private static func objectName(_ request: AdmissionRequest) -> String {
        request.name.isEmpty ? request.object?.name ?? "" : request.name
    }

    private static func forbidden(_ request: AdmissionRequest, _ cause: String) -> APIStatus {
        .forbidden(request.resource.qualifiedName, objectName(request), cause)
    }

    // MARK: Nodes

    private func validateNode(_ request: AdmissionRequest, _ node: String) throws {
        let name = Self.objectName(request)
        guard name == node else {
            throw Self.forbidden(request, "node \"\(node)\" is not allowed to modify node \"\(name)\"")
        }
        if request.operation == .delete {
            throw Self.forbidden(request, "node \"\(node)\" is not allowed to delete itself")
        }
        guard let object = request.object else { return }
        let isUpdate = request.operation == .update
        if let source = object[path: "spec", "configSource"],
            source != request.old?[path: "spec", "configSource"]
        {
            throw Self.forbidden(
                request,
                isUpdate
                    ? "node \"\(node)\" is not allowed to update configSource to a new non-nil configSource"
                    : "node \"\(node)\" is not allowed to create pods with a non-nil configSource")
        }
        if isUpdate, object[path: "spec", "taints"] != request.old?[path: "spec", "taints"] {
            throw Self.forbidden(request, "node \"\(node)\" is not allowed to modify taints")
        }
        let refused = KubeletLabels.refused(object.labels, old: request.old?.labels ?? [:])
        guard refused.isEmpty else {
            let list = refused.joined(separator: ", ")
            throw Self.forbidden(
                request,
                isUpdate
                    ? "is not allowed to modify labels: \(list)"
                    : "node \"\(node)\" is not allowed to set the following labels: \(list)")
        }
    }

    // MARK: Pods

    private func validatePod(_ request: AdmissionRequest, _ node: String) throws {
        switch (request.operation, request.subresource) {
        case (.create, ""): try validateMirror(request, node)
        case (.delete, ""): try requireBound(request, node, "node \"\(node)\" can only delete pods")
        case (.update, "status"):
            try requireBound(request, node, "node \"\(node)\" can only update pod status for pods")
            if request.object?.labels != request.old?.labels {
                throw Self.forbidden(request, "node \"\(node)\" cannot update labels through pod status")
            }
            if request.object?[path: "status", "resourceClaimStatuses"]
                != request.old?[path: "status", "resourceClaimStatuses"]
            {
                throw Self.forbidden(request, "node \"\(node)\" cannot update resource claim statues")
            }
        case (.create, "eviction"): try requireBound(request, node, "node \(node) can only evict pods")
        case (.connect, _): break
        case (let operation, ""):
            throw Self.forbidden(
                request,
                "unexpected operation \"\(operation.rawValue)\", node \"\(node)\" can only create and delete mirror pods"
            )
        case (_, let other):
            throw Self.forbidden(
                request,
                "unexpected pod subresource \"\(other)\", only 'status' and 'eviction' are allowed")
        }
    }

    private func requireBound(_ request: AdmissionRequest, _ node: String, _ subject: String) throws {
        let key = ObjectKey(resource: "pods", namespace: request.namespace, name: Self.objectName(request))
        let pod = try request.old ?? store.get(key).map { try APIObject(decoding: $0) }
        guard pod?[path: "spec", "nodeName"].text == node else {
            throw Self.forbidden(request, "\(subject) with spec.nodeName set to itself")
        }
    }

    /// A mirror of a static pod: on this node, owned by it, without anything else of the API.
    private func validateMirror(_ request: AdmissionRequest, _ node: String) throws {
        guard let pod = request.object else { return }
        func refuse(_ cause: String) -> APIStatus { Self.forbidden(request, "node \"\(node)\" \(cause)") }
        guard pod[annotation: "kubernetes.io/config.mirror"] != nil else {
            throw Self.forbidden(
                request,
                "pod does not have \"kubernetes.io/config.mirror\" annotation, node \"\(node)\" can only create mirror pods"
            )
        }
        guard pod[path: "spec", "nodeName"].text == node else {
            throw refuse("can only create pods with spec.nodeName set to itself")
        }
        let owners = pod.ownerReferences
        guard owners.count == 1, let owner = owners.first, owner.apiVersion == "v1", owner.kind == "Node",
            owner.name == node
        else {
            throw refuse(
                owners.count > 1
                    ? "can only create pods with a single owner reference set to itself"
                    : "can only create pods with an owner reference set to itself")
        }
        guard owner.isController else {
            throw refuse("can only create pods with a controller owner reference set to itself")
        }
        if pod[path: "metadata", "ownerReferences"]?.array?.first?["blockOwnerDeletion"].flag == true {
            throw refuse("must not set blockOwnerDeletion on an owner reference")
        }
        let uid = try store.get(ObjectKey(resource: "nodes", name: node)).map {
            try APIObject(decoding: $0).uid
        }
        guard let uid else { throw APIStatus.notFound("nodes", node) }
        guard uid == owner.uid else {
            throw Self.forbidden(request, "node \(node) UID mismatch: expected \(owner.uid) got \(uid)")
        }
        if !pod[path: "spec", "serviceAccountName"].text.isEmpty {
            throw refuse("can not create pods that reference a service account")
        }
        for resource in ["secrets", "configmaps", "persistentvolumeclaims"]
        where PodReferences.refers(pod, to: resource) {
            throw refuse("can not create pods that reference \(resource)")
        }
    }

    // MARK: Others

    private func validateClaim(_ request: AdmissionRequest, _ node: String) throws {
        guard request.subresource == "status" else {
            throw Self.forbidden(request, "may only update PVC status")
        }
        func rest(_ object: APIObject?) -> JSONObject? {
            var object = object
            for key in ["capacity", "conditions", "allocatedResourceStatuses", "allocatedResources"] {
                object?[path: "status", key] = nil
            }
            for key in ["resourceVersion", "managedFields"] { object?[path: "metadata", key] = nil }
            return object?.json
        }
        guard rest(request.object) == rest(request.old) else {
            throw Self.forbidden(
                request,
                "node \"\(node)\" is not allowed to update fields other than status.capacity and status.conditions"
            )
        }
    }

    /// A kubelet asks for tokens of its own pods only.
    private func validateToken(_ request: AdmissionRequest, _ node: String) throws {
        guard request.operation == .create, request.subresource == "token" else { return }
        let reference = request.object?[path: "spec", "boundObjectRef"] ?? .null
        let name = reference["name"].text
        guard reference["apiVersion"] == "v1", reference["kind"] == "Pod", !name.isEmpty else {
            throw Self.forbidden(request, "node requested token not bound to a pod")
        }
        let uid = reference["uid"].text
        guard !uid.isEmpty else {
            throw Self.forbidden(request, "node requested token with a pod binding without a uid")
        }
        let key = ObjectKey(resource: "pods", namespace: request.namespace, name: name)
        guard let stored = store.get(key) else { throw APIStatus.notFound("pods", name) }
        let pod = try APIObject(decoding: stored)
        guard pod.uid == uid else {
            throw Self.forbidden(
                request,
                "the UID in the bound object reference (\(uid)) does not match the UID in record. The object might have been deleted and then recreated"
            )
        }
        guard pod[path: "spec", "nodeName"].text == node else {
            throw Self.forbidden(request, "node requested token bound to a pod scheduled on a different node")
        }
    }

    private func validateLease(_ request: AdmissionRequest, _ node: String) throws {
        guard request.namespace == "kube-node-lease" else {
            throw Self.forbidden(
                request, "can only access leases in the \"kube-node-lease\" system namespace")
        }
        guard Self.objectName(request) == node else {
            throw Self.forbidden(
                request, "can only access node lease with the same name as the requesting node")
        }
    }

    private func validateSlice(_ request: AdmissionRequest, _ node: String) throws {
        let slice = request.operation == .create ? request.object : request.old
        guard slice?[path: "spec", "nodeName"].text == node else {
            throw Self.forbidden(
                request,
                request.operation == .delete
                    ? "can only delete ResourceSlice with the same NodeName as the requesting node"
                    : "can only create ResourceSlice with the same NodeName as the requesting node")
        }
    }
}

/// Which labels a kubelet may set on its own Node: those of others, and of Kubernetes' own only the known ones.
enum KubeletLabels {
    private static let known: Set<String> = [
        "kubernetes.io/hostname", "kubernetes.io/arch", "kubernetes.io/os",
        "topology.kubernetes.io/zone", "topology.kubernetes.io/region",
        "failure-domain.beta.kubernetes.io/zone", "failure-domain.beta.kubernetes.io/region",
        "node.kubernetes.io/instance-type", "node.kubernetes.io/windows-build",
        "beta.kubernetes.io/instance-type", "beta.kubernetes.io/os", "beta.kubernetes.io/arch",
    ]

    /// The changed labels that are not the kubelet's to change, in order.
    static func refused(_ new: [String: String], old: [String: String]) -> [String] {
        Set(new.keys).union(old.keys).filter { new[$0] != old[$0] && !isAllowed($0) }.sorted()
    }

    private static func isAllowed(_ key: String) -> Bool {
        guard let slash = key.firstIndex(of: "/") else { return true }
        let domain = key[..<slash]
        func isBelow(_ parent: String) -> Bool { domain == parent || domain.hasSuffix("." + parent) }
        if isBelow("node-restriction.kubernetes.io") { return false }
        guard isBelow("kubernetes.io") || isBelow("k8s.io") else { return true }
        return known.contains(key) || isBelow("kubelet.kubernetes.io") || isBelow("node.kubernetes.io")
    }
}
