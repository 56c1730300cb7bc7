internal import EdgeJSON

extension Defaulter {
    static func volume(_ volume: inout JSONValue) {
        if let members = volume.object, !members.contains(where: { $0.key != "name" && !$0.value.isNull }) {
            volume["emptyDir"] = .object(JSONObject())
        }
        for key in ["secret", "configMap", "downwardAPI", "projected"] {
            volume.update(key) { $0.setDefault("defaultMode", 0o644) }
        }
        volume.update("downwardAPI") { downwardAPI(&$0) }
        volume.update("projected") { projected in
            projected.updateEach("sources") { source in
                source.update("serviceAccountToken") { $0.setDefault("expirationSeconds", 3600) }
                source.update("downwardAPI") { downwardAPI(&$0) }
            }
        }
        volume.update("hostPath") { $0.setDefault("type", "") }
        volume.update("image") { image in
            if image["pullPolicy"].text.isEmpty {
                image["pullPolicy"] = pullPolicy(image: image["reference"].text)
            }
        }
        volume.update("ephemeral") { source in
            source.update("volumeClaimTemplate") { $0.update("spec") { claimSpec(&$0) } }
        }
        volume.update("iscsi") { $0.setDefaultIfEmpty("iscsiInterface", "default") }
        volume.update("rbd") { rbd in
            rbd.setDefaultIfEmpty("pool", "rbd")
            rbd.setDefaultIfEmpty("user", "admin")
            rbd.setDefaultIfEmpty("keyring", "/etc/ceph/keyring")
        }
        volume.update("azureDisk") { disk in
            disk.setDefault("cachingMode", "ReadWrite")
            disk.setDefault("kind", "Shared")
            disk.setDefault("fsType", "ext4")
            disk.setDefault("readOnly", false)
        }
        volume.update("scaleIO") { source in
            source.setDefaultIfEmpty("storageMode", "ThinProvisioned")
            source.setDefaultIfEmpty("fsType", "xfs")
        }
    }

    private static func downwardAPI(_ source: inout JSONValue) {
        source.updateEach("items") { item in
            item.update("fieldRef") { $0.setDefaultIfEmpty("apiVersion", "v1") }
            item.update("resourceFieldRef") { $0.setDefault("divisor", "0") }
        }
    }

    static func claimSpec(_ spec: inout JSONValue) {
        spec.setDefault("volumeMode", "Filesystem")
        spec.update("resources") { resources(&$0) }
    }

    static func persistentVolumeClaim(_ claim: inout JSONValue) {
        claim.update("spec") { claimSpec(&$0) }
        claim.updateMaking("status") { status in
            status.setDefaultIfEmpty("phase", "Pending")
            resourceList(&status, "capacity")
        }
    }

    static func persistentVolume(_ volume: inout JSONValue) {
        volume.update("spec") { spec in
            spec.setDefaultIfEmpty("persistentVolumeReclaimPolicy", "Retain")
            spec.setDefault("volumeMode", "Filesystem")
            spec.update("hostPath") { $0.setDefault("type", "") }
            resourceList(&spec, "capacity")
        }
        volume.updateMaking("status") { $0.setDefaultIfEmpty("phase", "Pending") }
    }

    static func storageClass(_ storage: inout JSONValue) {
        storage.setDefault("reclaimPolicy", "Delete")
        storage.setDefault("volumeBindingMode", "Immediate")
    }

    static func csiDriver(_ driver: inout JSONValue) {
        driver.updateMaking("spec") { spec in
            spec.setDefault("attachRequired", true)
            spec.setDefault("podInfoOnMount", false)
            spec.setDefault("storageCapacity", false)
            spec.setDefault("fsGroupPolicy", "ReadWriteOnceWithFSType")
            spec.setDefault("requiresRepublish", false)
            spec.setDefault("seLinuxMount", false)
            if (spec["volumeLifecycleModes"]?.array ?? []).isEmpty {
                spec["volumeLifecycleModes"] = ["Persistent"]
            }
        }
    }
}
