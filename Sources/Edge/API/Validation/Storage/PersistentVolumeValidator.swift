internal import EdgeJSON

extension ObjectValidator {
    private static let sources: Set<String> = [
        "hostPath", "local", "nfs", "csi", "awsElasticBlockStore", "azureDisk", "azureFile", "cephfs",
        "cinder",
        "fc", "flexVolume", "flocker", "gcePersistentDisk", "glusterfs", "iscsi", "photonPersistentDisk",
        "portworxVolume", "quobyte", "rbd", "scaleIO", "storageos", "vsphereVolume",
    ]

    static let persistentVolume: Rule = { object, old, errors in
        let path = FieldPath.spec
        let spec = PersistentVolumeSpec(object["spec"] ?? .null)
        errors.checkAccessModes(spec.accessModes, path["accessModes"])
        if spec.capacity.isEmpty { errors.required(path["capacity"]) }
        if spec.capacity["storage"] == nil || spec.capacity.count > 1 {
            errors.append(
                FieldError(
                    .notSupported, path["capacity"].description, value: spec.json["capacity"] ?? .null,
                    detail: "supported values: \"storage\""))
        }
        for (name, amount) in spec.capacity { errors.positiveQuantity(path["capacity"][key: name], amount) }
        errors.optionalOneOf(
            path["persistentVolumeReclaimPolicy"], spec.persistentVolumeReclaimPolicy,
            ["Delete", "Recycle", "Retain"])
        errors.optionalOneOf(path["volumeMode"], spec.volumeMode, ["Block", "Filesystem"])
        if !spec.storageClassName.isEmpty {
            errors.invalid(
                path["storageClassName"], spec.storageClassName, Names.subdomain(spec.storageClassName))
        }
        if let selector = spec.nodeAffinity?.required {
            errors.checkNodeSelector(selector, path["nodeAffinity"]["required"])
        }
        errors.checkVolumeSources(spec, sources, path)
        guard let old else { return }
        let former = PersistentVolumeSpec(old["spec"] ?? .null)
        for key in sources where spec.json[key] != former.json[key] {
            errors.forbidden(
                path["persistentvolumesource"], "spec.persistentvolumesource is immutable after creation")
        }
        errors.immutable(FieldPath("volumeMode"), spec.json["volumeMode"], former.json["volumeMode"])
        if let affinity = former.json["nodeAffinity"], spec.json["nodeAffinity"] != affinity {
            errors.immutable(FieldPath("nodeAffinity"), spec.json["nodeAffinity"], affinity)
        }
    }

    static let persistentVolumeClaim: Rule = { object, old, errors in
        let claim = PersistentVolumeClaim(object)
        if let old {
            errors.checkClaimUpdate(claim, old: PersistentVolumeClaim(old))
        }
        errors.checkClaimSpec(claim.spec, .spec)
    }

    static let storageClass: Rule = { object, old, errors in
        errors.checkProvisioner(FieldPath("provisioner"), object["provisioner"].text)
        if object["parameters"].stringMap[""] != nil {
            errors.invalid(FieldPath("parameters"), "", "field can not be empty.")
        }
        errors.checkTopologies(object["allowedTopologies"]?.array ?? [])
        errors.optionalOneOf(
            FieldPath("reclaimPolicy"), object["reclaimPolicy"].optionalText, ["Delete", "Retain"])
        errors.optionalOneOf(
            FieldPath("volumeBindingMode"), object["volumeBindingMode"].optionalText,
            ["Immediate", "WaitForFirstConsumer"])
        guard let old else { return }
        for key in ["parameters", "provisioner", "reclaimPolicy"] where object[key] != old[key] {
            errors.forbidden(FieldPath(key), "updates to \(key) are forbidden.")
        }
        errors.immutable(
            FieldPath("volumeBindingMode"), object["volumeBindingMode"], old["volumeBindingMode"])
    }
}

extension FieldErrors {
    /// Where volumes of a class may be: lists of values for labels of nodes.
    mutating func checkTopologies(_ terms: [JSONValue]) {
        for (index, term) in terms.enumerated() {
            let list = FieldPath("allowedTopologies")[index]["matchLabelExpressions"]
            var keys: Set<String> = []
            for (place, expression) in (term["matchLabelExpressions"]?.array ?? []).enumerated() {
                let path = list[place]
                let key = expression["key"].text
                let values = expression["values"].strings
                if values.isEmpty { required(path["values"]) }
                for (number, value) in values.enumerated() where values[..<number].contains(value) {
                    duplicate(path["values"][number], value)
                }
                invalid(path["key"], key, Names.labelKey(key))
                if !keys.insert(key).inserted { duplicate(path["key"], key) }
            }
        }
    }

    mutating func checkAccessModes(_ modes: [String], _ path: FieldPath) {
        if modes.isEmpty { required(path, "at least 1 access mode is required") }
        for mode in modes {
            optionalOneOf(
                path, mode, ["ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"])
        }
        if modes.contains("ReadWriteOncePod"), modes.count > 1 {
            forbidden(path, "may not use ReadWriteOncePod with other access modes")
        }
    }

    mutating func checkVolumeSources(
        _ spec: PersistentVolumeSpec, _ sources: Set<String>, _ path: FieldPath
    ) {
        let present = (spec.json.object?.members ?? []).filter {
            sources.contains($0.key) && !$0.value.isNull
        }
        if present.isEmpty { required(path, "must specify a volume type") }
        for member in present.dropFirst() {
            forbidden(path[member.key], "may not specify more than 1 volume type")
        }
        guard let source = present.first else { return }
        switch source.key {
        case "hostPath": checkHostPath(HostPathVolumeSource(source.value), path["hostPath"])
        case "nfs": checkNFS(NFSVolumeSource(source.value), path["nfs"])
        case "local":
            if source.value["path"].text.isEmpty {
                required(path["local"]["path"])
            } else {
                checkNoSteps(path["local"]["path"], source.value["path"].text)
            }
            if spec.nodeAffinity?.required == nil {
                required(.metadata["annotations"], "Local volume requires node affinity")
            }
        case "csi":
            for key in ["driver", "volumeHandle"] where source.value[key].text.isEmpty {
                required(path["csi"][key])
            }
        default: break
        }
    }

    mutating func checkClaimSpec(_ spec: PersistentVolumeClaimSpec, _ path: FieldPath) {
        checkAccessModes(spec.accessModes, path["accessModes"])
        checkLabelSelector(spec.selector, path["selector"])
        let storage = path["resources"][key: "storage"]
        if let amount = spec.resources.requests["storage"] {
            positiveQuantity(storage, amount)
        } else {
            required(storage)
        }
        if let name = spec.storageClassName, !name.isEmpty {
            invalid(path["storageClassName"], name, Names.subdomain(name))
        }
        optionalOneOf(path["volumeMode"], spec.volumeMode, ["Block", "Filesystem"])
    }

    /// A claim may be bound once, and a bound one may grow; nothing else of it changes.
    mutating func checkClaimUpdate(_ claim: PersistentVolumeClaim, old: PersistentVolumeClaim) {
        var spec = claim.spec.json
        let former = old.spec.json
        if old.spec.volumeName.isEmpty { spec["volumeName"] = former["volumeName"] }
        if former.lacks("storageClassName") { spec["storageClassName"] = former["storageClassName"] }
        if claim.status.phase == "Bound" {
            spec[path: "resources", "requests", "storage"] =
                former[path: "resources", "requests", "storage"]
            if !spec.lacks("volumeAttributesClassName") {
                spec["volumeAttributesClassName"] = former["volumeAttributesClassName"]
            }
        }
        if spec != former {
            let changed = Self.differences(spec, former, at: "spec").joined(separator: ", ")
            forbidden(
                .spec,
                "spec is immutable after creation except resources.requests and volumeAttributesClassName "
                    + "for bound claims\n" + changed)
        }
        let size = claim.spec.resources.requests["storage"] ?? .zero
        let oldSize = old.spec.resources.requests["storage"] ?? .zero
        if size < oldSize, size <= old.status.capacity["storage"] ?? .zero {
            forbidden(
                .spec["resources"]["requests"]["storage"], "field can not be less than status.capacity")
        }
        immutable(FieldPath("volumeMode"), claim.spec.json["volumeMode"], former["volumeMode"])
    }
}
