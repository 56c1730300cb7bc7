internal import EdgeAPI
internal import EdgeJSON

/// Volumes of pods, and the sources of persistent volumes.
enum DescribeVolumes {
    static func write(_ volumes: JSONValue?, indent: String = "", to description: inout Description) {
        guard !volumes.elements.isEmpty else { return description.line(0, "\(indent)Volumes:\t<none>") }
        description.line(0, "\(indent)Volumes:")
        for volume in volumes.elements {
            description.line(1, "\(indent.isEmpty ? "" : " ")\(volume["name"].shown):")
            source(volume, to: &description)
        }
    }

    /// What a kind of source shows: its heading and the titles of its fields.
    private struct Kind {
        let heading: String
        let fields: [(title: String, field: String)]
    }

    private static let kinds: [(member: String, kind: Kind)] = [
        (
            "nfs",
            Kind(
                heading: "NFS (an NFS mount that lasts the lifetime of a pod)",
                fields: [("Server", "server"), ("Path", "path"), ("ReadOnly", "readOnly")])
        ),
        (
            "persistentVolumeClaim",
            Kind(
                heading:
                    "PersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)",
                fields: [("ClaimName", "claimName"), ("ReadOnly", "readOnly")])
        ),
        (
            "local",
            Kind(
                heading: "LocalVolume (a persistent volume backed by local storage on a node)",
                fields: [("Path", "path")])
        ),
        (
            "image",
            Kind(
                heading: "Image (a container image or OCI artifact)",
                fields: [("Reference", "reference"), ("PullPolicy", "pullPolicy")])
        ),
    ]

    private static let booleans: Set<String> = ["readOnly", "optional"]

    static func source(_ volume: JSONValue, to description: inout Description) {
        for (member, kind) in kinds {
            guard let source = volume[member] else { continue }
            description.field(2, "Type", kind.heading)
            for (title, field) in kind.fields {
                description.field(
                    2, title, booleans.contains(field) ? source[field].goBool : source[field].shown)
            }
            return
        }
        if let path = volume["hostPath"] {
            description.field(2, "Type", "HostPath (bare host directory volume)")
            description.field(2, "Path", path["path"].shown)
            description.field(2, "HostPathType", path["type"] == nil ? "<none>" : path["type"].shown)
        } else if let directory = volume["emptyDir"] {
            let limit = directory["sizeLimit"].quantityText
            description.field(2, "Type", "EmptyDir (a temporary directory that shares a pod's lifetime)")
            description.field(2, "Medium", directory["medium"].shown)
            description.field(2, "SizeLimit", limit.isEmpty || limit == "0" ? "<unset>" : limit)
        } else if let secret = volume["secret"] {
            description.field(2, "Type", "Secret (a volume populated by a Secret)")
            description.field(2, "SecretName", secret["secretName"].shown)
            description.field(2, "Optional", secret["optional"].goBool)
        } else if let map = volume["configMap"] {
            description.field(2, "Type", "ConfigMap (a volume populated by a ConfigMap)")
            description.field(2, "Name", map["name"].shown)
            description.field(2, "Optional", map["optional"].goBool)
        } else if let projected = volume["projected"] {
            self.projected(projected, to: &description)
        } else if let downward = volume["downwardAPI"] {
            description.field(2, "Type", "DownwardAPI (a volume populated by information about the pod)")
            description.line(2, "Items:")
            for item in downward["items"].elements {
                let field = item["fieldRef"]?["fieldPath"] ?? item["resourceFieldRef"]?["resource"]
                description.line(3, "\(field.shown) -> \(item["path"].shown)")
            }
        } else if let csi = volume["csi"] {
            self.csi(csi, to: &description)
        } else if let ephemeral = volume["ephemeral"] {
            self.ephemeral(ephemeral, to: &description)
        } else {
            other(volume, to: &description)
        }
    }

    private static func projected(_ projected: JSONValue, to description: inout Description) {
        description.field(
            2, "Type", "Projected (a volume that contains injected data from multiple sources)")
        for source in projected["sources"].elements {
            if let secret = source["secret"] {
                description.field(2, "SecretName", secret["name"].shown)
                description.field(2, "Optional", secret["optional"].goBool)
            } else if source["downwardAPI"] != nil {
                description.field(2, "DownwardAPI", "true")
            } else if let map = source["configMap"] {
                description.field(2, "ConfigMapName", map["name"].shown)
                description.field(2, "Optional", map["optional"].goBool)
            } else if let token = source["serviceAccountToken"] {
                description.field(2, "TokenExpirationSeconds", "\(token["expirationSeconds"].whole)")
            }
        }
    }

    private static func csi(_ csi: JSONValue, to description: inout Description) {
        description.field(2, "Type", "CSI (a Container Storage Interface (CSI) volume source)")
        description.field(2, "Driver", csi["driver"].shown)
        description.field(2, "FSType", csi["fsType"].shown)
        if csi["volumeHandle"] != nil { description.field(2, "VolumeHandle", csi["volumeHandle"].shown) }
        description.field(2, "ReadOnly", csi["readOnly"].goBool)
        description.lines(
            "    VolumeAttributes",
            csi["volumeAttributes"].members.map { "\($0.key)=\($0.value.string ?? "")" }, indent: "    ")
    }

    private static func ephemeral(_ ephemeral: JSONValue, to description: inout Description) {
        description.field(
            2, "Type",
            "EphemeralVolume (an inline specification for a volume that gets created and deleted with the pod)"
        )
        guard let template = ephemeral["volumeClaimTemplate"] else { return }
        description.field(2, "StorageClass", template.at("spec", "storageClassName").shown)
        description.field(2, "Volume", template.at("spec", "volumeName").shown)
        description.labels("    Labels", template.at("metadata", "labels"))
        description.annotations("    Annotations", template.at("metadata", "annotations"))
        description.field(2, "Capacity", "")
        description.field(2, "Access Modes", "")
        description.fieldIfPresent(2, "VolumeMode", template.at("spec", "volumeMode")?.string)
    }

    /// Sources of clouds and retired drivers: what they say, field by field.
    private static func other(_ volume: JSONValue, to description: inout Description) {
        guard let source = volume.object?.members.first(where: { $0.key != "name" && $0.value.object != nil })
        else { return description.line(1, "<unknown>") }
        description.field(2, "Type", source.key.prefix(1).uppercased() + source.key.dropFirst())
        for member in source.value.object?.sortedMembers ?? [] {
            description.field(
                2, member.key.prefix(1).uppercased() + member.key.dropFirst(), member.value.plainText)
        }
    }
}
