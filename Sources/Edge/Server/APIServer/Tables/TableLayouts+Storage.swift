internal import EdgeAPI
internal import EdgeJSON

extension TableLayouts {
    static let storage: [String: [TableColumn]] = [
        "persistentvolumes": [
            .objectName,
            .text("Capacity", PersistentVolume.self) { $0.spec.capacity["storage"]?.description ?? "" },
            .text("Access Modes", PersistentVolume.self) { CellText.accessModes($0.spec.accessModes) },
            .text("Reclaim Policy", PersistentVolume.self) { $0.spec.persistentVolumeReclaimPolicy },
            .text("Status", PersistentVolume.self) { $0.isBeingDeleted ? "Terminating" : $0.status.phase },
            .text("Claim", PersistentVolume.self) { volume in
                volume.spec.claimRef.map { "\($0.namespace)/\($0.name)" } ?? ""
            },
            .text("StorageClass", PersistentVolume.self) { volume in
                storageClass(volume.object, volume.spec.storageClassName)
            },
            .text("VolumeAttributesClass", PersistentVolume.self) { attributesClass($0.spec.json) },
            .text("Reason", PersistentVolume.self) { $0.status.reason },
            .age,
            .text("VolumeMode", PersistentVolume.self, priority: 1) { $0.spec.volumeMode },
        ],
        "persistentvolumeclaims": [
            .objectName,
            .text("Status", PersistentVolumeClaim.self) {
                $0.isBeingDeleted ? "Terminating" : $0.status.phase
            },
            .text("Volume", PersistentVolumeClaim.self) { $0.spec.volumeName },
            .text("Capacity", PersistentVolumeClaim.self) { claim in
                claim.spec.volumeName.isEmpty ? "" : claim.status.capacity["storage"]?.description ?? "0"
            },
            .text("Access Modes", PersistentVolumeClaim.self) { claim in
                claim.spec.volumeName.isEmpty ? "" : CellText.accessModes(claim.status.accessModes)
            },
            .text("StorageClass", PersistentVolumeClaim.self) { claim in
                storageClass(claim.object, claim.spec.storageClassName ?? "")
            },
            .text("VolumeAttributesClass", PersistentVolumeClaim.self) { attributesClass($0.spec.json) },
            .age,
            .text("VolumeMode", PersistentVolumeClaim.self, priority: 1) { $0.spec.volumeMode },
        ],
        "storageclasses.storage.k8s.io": [
            TableColumn(name: "Name", format: "name") { object, _ in
                let isDefault = object[annotation: "storageclass.kubernetes.io/is-default-class"] == "true"
                return .string(isDefault ? object.name + " (default)" : object.name)
            },
            .text("Provisioner", StorageClass.self) { $0.provisioner },
            .text("ReclaimPolicy", StorageClass.self) { $0.reclaimPolicy },
            .text("VolumeBindingMode", StorageClass.self) { $0.volumeBindingMode },
            TableColumn(name: "AllowVolumeExpansion") { object, _ in
                .bool(StorageClass(object).allowVolumeExpansion)
            },
            .age,
        ],
        "volumeattachments.storage.k8s.io": [
            .objectName,
            .text("Attacher") { $0[path: "spec", "attacher"].text },
            .text("PV") { $0[path: "spec", "source", "persistentVolumeName"].text },
            .text("Node") { $0[path: "spec", "nodeName"].text },
            TableColumn(name: "Attached", type: "boolean") { object, _ in
                .bool(object[path: "status", "attached"].flag)
            },
            .age,
        ],
        "volumeattributesclasses.storage.k8s.io": [
            .objectName, .text("DriverName") { $0["driverName"].text }, .age,
        ],
        "csistoragecapacities.storage.k8s.io": [
            .objectName,
            .text("StorageClassName") { $0["storageClassName"].text },
            .text("Capacity") { $0["capacity"].quantity?.description ?? "<unset>" },
        ],
        "csinodes.storage.k8s.io": [
            .objectName, .number("Drivers") { ($0[path: "spec", "drivers"]?.array ?? []).count }, .age,
        ],
        "csidrivers.storage.k8s.io": [
            .objectName,
            boolean("AttachRequired", "attachRequired", true),
            boolean("PodInfoOnMount", "podInfoOnMount", false),
            boolean("StorageCapacity", "storageCapacity", false),
            .text("TokenRequests") { driver in
                let requests = driver[path: "spec", "tokenRequests"]?.array ?? []
                return requests.isEmpty
                    ? "<unset>" : requests.map { $0["audience"].text }.joined(separator: ",")
            },
            boolean("RequiresRepublish", "requiresRepublish", false),
            .text("Modes") { $0[path: "spec", "volumeLifecycleModes"].strings.joined(separator: ",") },
            .age,
        ],
    ]

    private static func boolean(_ name: String, _ key: String, _ standard: Bool) -> TableColumn {
        TableColumn(name: name, type: "boolean") { object, _ in
            .bool(object[path: "spec", key].optionalFlag ?? standard)
        }
    }

    /// The class by its old annotation, or by its field.
    private static func storageClass(_ object: APIObject, _ name: String) -> String {
        object[annotation: "volume.beta.kubernetes.io/storage-class"] ?? name
    }

    private static func attributesClass(_ spec: JSONValue) -> String {
        spec["volumeAttributesClassName"].optionalText ?? "<unset>"
    }
}
