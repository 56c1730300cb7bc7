internal import EdgeAPI
internal import EdgeBase
internal import EdgeJSON

/// Persistent volumes, claims and storage classes.
enum DescribeStorage {
    private static let shortModes = [
        "ReadWriteOnce": "RWO", "ReadOnlyMany": "ROX", "ReadWriteMany": "RWX", "ReadWriteOncePod": "RWOP",
    ]

    private static func modes(_ list: JSONValue?) -> String {
        let present = list?.strings ?? []
        return ["ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod"]
            .filter(present.contains).compactMap { shortModes[$0] }.joined(separator: ",")
    }

    private static func storageClass(_ object: APIObject) -> String {
        object[annotation: "volume.beta.kubernetes.io/storage-class"]
            ?? object[path: "spec", "storageClassName"].shown
    }

    private static func status(_ describer: Describer) -> String {
        if let deleted = describer.object.deletionTimestamp {
            return "Terminating (lasts \(HumanDuration.since(deleted, now: describer.now)))"
        }
        return describer.object[path: "status", "phase"].shown
    }

    @Sendable static func volume(_ describer: Describer, _ description: inout Description) async throws {
        let volume = describer.object
        let spec = volume["spec"]
        description.field(0, "Name", volume.name)
        description.metadata(volume)
        description.field(0, "Finalizers", goList(volume.finalizers))
        description.field(0, "StorageClass", storageClass(volume))
        description.field(0, "Status", status(describer))
        let claim = spec?["claimRef"]
        description.field(
            0, "Claim", claim == nil ? "" : "\((claim?["namespace"]).shown)/\((claim?["name"]).shown)")
        description.field(0, "Reclaim Policy", (spec?["persistentVolumeReclaimPolicy"]).shown)
        description.field(0, "Access Modes", modes(spec?["accessModes"]))
        description.fieldIfPresent(0, "VolumeMode", spec?["volumeMode"]?.string)
        description.field(0, "Capacity", volume[path: "spec", "capacity", "storage"].quantityText)
        affinity(volume[path: "spec", "nodeAffinity", "required", "nodeSelectorTerms"], to: &description)
        description.field(0, "Message", volume[path: "status", "message"].shown)
        description.line(0, "Source:")
        var source = spec ?? [:]
        for field in ["claimRef", "capacity", "nodeAffinity"] { source[field] = nil }
        DescribeVolumes.source(source, to: &description)
        await describer.events(to: &description)
    }

    private static func affinity(_ terms: JSONValue?, to description: inout Description) {
        guard let terms else { return description.field(0, "Node Affinity", "<none>") }
        description.line(0, "Node Affinity:\t")
        description.line(1, "Required Terms:\t\(terms.array?.isEmpty == false ? "" : "<none>")")
        for (index, term) in (terms.array ?? []).enumerated() {
            let lines = term["matchExpressions"].elements.map { expression in
                let values = expression["values"]?.strings ?? []
                return "\(expression["key"].shown) \(expression["operator"].shown.lowercased())"
                    + (values.isEmpty ? "" : " [\(values.joined(separator: ", "))]")
            }
            description.lines("    Term \(index)", lines, indent: "    ")
        }
    }

    @Sendable static func claim(_ describer: Describer, _ description: inout Description) async throws {
        let claim = describer.object
        let spec = claim["spec"]
        description.field(0, "Name", claim.name)
        description.field(0, "Namespace", claim.namespace)
        description.field(0, "StorageClass", storageClass(claim))
        description.field(0, "Status", status(describer))
        let volume = (spec?["volumeName"]).shown
        description.field(0, "Volume", volume)
        description.metadata(claim)
        description.field(0, "Finalizers", goList(claim.finalizers))
        description.field(
            0, "Capacity",
            volume.isEmpty ? "" : claim[path: "status", "capacity", "storage"].quantityText)
        description.field(
            0, "Access Modes", volume.isEmpty ? "" : modes(claim[path: "status", "accessModes"]))
        description.fieldIfPresent(0, "VolumeMode", spec?["volumeMode"]?.string)
        if let source = spec?["dataSource"] {
            description.line(0, "DataSource:")
            description.fieldIfPresent(1, "APIGroup", source["apiGroup"]?.string)
            description.field(1, "Kind", source["kind"].shown)
            description.field(1, "Name", source["name"].shown)
        }
        let pods = try await describer.list("Pod", "v1", namespace: claim.namespace).filter { pod in
            pod[path: "spec", "volumes"].elements
                .contains { $0.at("persistentVolumeClaim", "claimName")?.string == claim.name }
                || pod.uid == claim.ownerReferences.first { $0.kind == "Pod" }?.uid
        }
        description.lines("Used By", pods.map(\.name).sorted())
        conditions(claim, to: &description)
        await describer.events(to: &description)
    }

    private static func conditions(_ claim: APIObject, to description: inout Description) {
        let conditions = claim[path: "status", "conditions"].elements
        guard !conditions.isEmpty else { return }
        description.line(0, "Conditions:")
        description.line(1, "Type\tStatus\tLastProbeTime\tLastTransitionTime\tReason\tMessage")
        description.line(1, "----\t------\t-----------------\t------------------\t------\t-------")
        for condition in conditions {
            description.line(
                1,
                "\(condition["type"].shown) \t\(condition["status"].shown) \t"
                    + "\(LocalTime.rfc1123(condition["lastProbeTime"]?.string)) \t"
                    + "\(LocalTime.rfc1123(condition["lastTransitionTime"]?.string)) \t"
                    + "\(condition["reason"].shown) \t\(condition["message"].shown)")
        }
    }

    @Sendable static func storageClass(_ describer: Describer, _ description: inout Description) async throws
    {
        let object = describer.object
        description.field(0, "Name", object.name)
        let isDefault = object[annotation: "storageclass.kubernetes.io/is-default-class"] == "true"
        description.field(0, "IsDefaultClass", isDefault ? "Yes" : "No")
        let annotations = object.annotations.sorted { $0.key < $1.key }
            .map { "\($0.key)=\($0.value)" }.joined(separator: ",")
        description.field(0, "Annotations", annotations.isEmpty ? "<none>" : annotations)
        description.field(0, "Provisioner", object["provisioner"].shown)
        let parameters = object["parameters"].members.map { "\($0.key)=\($0.value.string ?? "")" }
        description.field(0, "Parameters", parameters.isEmpty ? "<none>" : parameters.joined(separator: ","))
        let expansion = object["allowVolumeExpansion"]
        description.field(0, "AllowVolumeExpansion", expansion == nil ? "<unset>" : expansion.titleBool)
        let options = object["mountOptions"]?.strings ?? []
        if options.isEmpty {
            description.field(0, "MountOptions", "<none>")
        } else {
            description.line(0, "MountOptions:")
            for option in options { description.line(1, option) }
        }
        description.fieldIfPresent(0, "ReclaimPolicy", object["reclaimPolicy"]?.string)
        description.fieldIfPresent(0, "VolumeBindingMode", object["volumeBindingMode"]?.string)
        await describer.events(to: &description)
    }
}
