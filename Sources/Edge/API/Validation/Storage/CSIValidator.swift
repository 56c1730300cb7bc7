internal import EdgeJSON

/// What CSI drivers bring along: their description, where they run, what they attach and what room they have.
extension ObjectValidator {
    static let csiDriver: Rule = { object, old, errors in
        let path = FieldPath.spec
        let spec = object["spec"] ?? .null
        if old == nil { errors.checkDriverName(.metadata["name"], object.name) }
        for key in ["attachRequired", "podInfoOnMount", "storageCapacity", "seLinuxMount"]
        where spec.lacks(key) {
            errors.required(path[key])
        }
        errors.oneOf(
            path["fsGroupPolicy"], spec["fsGroupPolicy"].text, ["File", "None", "ReadWriteOnceWithFSType"])
        for mode in spec["volumeLifecycleModes"].strings {
            errors.optionalOneOf(path["volumeLifecycleModes"], mode, ["Ephemeral", "Persistent"])
        }
        var audiences: Set<String> = []
        for (index, request) in (spec["tokenRequests"]?.array ?? []).enumerated() {
            let path = path["tokenRequests"][index]
            let audience = request["audience"].text
            if !audiences.insert(audience).inserted { errors.duplicate(path["audience"], audience) }
            guard let seconds = request["expirationSeconds"].number else { continue }
            if seconds < 600 {
                errors.invalid(
                    path["expirationSeconds"], seconds, "may not specify a duration less than 10 minutes")
            } else if seconds > 1 << 32 {
                errors.invalid(
                    path["expirationSeconds"], seconds,
                    "may not specify a duration larger than 2^32 seconds")
            }
        }
        if let seconds = spec["nodeAllocatableUpdatePeriodSeconds"].number, seconds < 10 {
            errors.invalid(
                path["nodeAllocatableUpdatePeriodSeconds"], seconds,
                "must be greater than or equal to 10 seconds")
        }
        guard let former = old?["spec"] else { return }
        // The first path is Kubernetes' own spelling.
        errors.immutable(path["attachedRequired"], spec["attachRequired"], former["attachRequired"])
        errors.immutable(
            path["volumeLifecycleModes"], spec["volumeLifecycleModes"], former["volumeLifecycleModes"])
    }

    static let csiNode: Rule = { object, old, errors in
        var names: Set<String> = []
        let drivers = object[path: "spec", "drivers"]?.array ?? []
        for (index, driver) in drivers.enumerated() {
            let path = FieldPath.spec["drivers"][index]
            let name = driver["name"].text
            errors.checkDriverName(path["name"], name)
            let node = driver["nodeID"].text
            if node.isEmpty { errors.required(path["nodeID"]) }
            if node.utf8.count > 192 {
                errors.invalid(path["nodeID"], node, "must be 192 characters or less")
            }
            errors.nonNegative(path["allocatable"]["count"], driver["allocatable"]?["count"].number)
            if !names.insert(name).inserted { errors.duplicate(path["name"], name) }
            var keys: Set<String> = []
            for key in driver["topologyKeys"].strings {
                if key.isEmpty { errors.required(path) }
                if !keys.insert(key).inserted { errors.duplicate(path, key) }
                for message in Names.labelKey(key) {
                    errors.invalid(path, driver["topologyKeys"] ?? .null, message)
                }
            }
        }
        for former in old?[path: "spec", "drivers"]?.array ?? [] {
            for driver in drivers where driver["name"] == former["name"] && driver != former {
                errors.invalid(FieldPath("CSINodeDriver"), driver, "field is immutable")
            }
        }
    }

    static let csiStorageCapacity: Rule = { object, old, errors in
        let name = object["storageClassName"].text
        errors.checkLabelSelector(object["nodeTopology"], FieldPath("nodeTopology"))
        errors.invalid(FieldPath("storageClassName"), name, Names.subdomain(name))
        for key in ["capacity", "maximumVolumeSize"] {
            if let amount = object[key].quantity { errors.nonNegativeQuantity(FieldPath(key), amount) }
        }
        guard let old else { return }
        for key in ["nodeTopology", "storageClassName"] {
            errors.immutable(FieldPath(key), object[key], old[key])
        }
    }

    static let volumeAttachment: Rule = { object, old, errors in
        if let old {
            errors.immutable(.spec, object["spec"], old["spec"])
            return
        }
        let path = FieldPath.spec
        let spec = object["spec"] ?? .null
        errors.checkDriverName(path["attacher"], spec["attacher"].text)
        let volume = spec["source"]?["persistentVolumeName"].optionalText
        switch (volume, spec["source"]?["inlineVolumeSpec"]) {
        case (nil, nil):
            errors.required(
                path["source"], "must specify exactly one of inlineVolumeSpec and persistentVolumeName")
        case (_?, _?):
            errors.forbidden(
                path["source"], "must specify exactly one of inlineVolumeSpec and persistentVolumeName")
        case (let volume?, nil):
            errors.requiredName(path["source"]["persistentVolumeName"], volume, .subdomain)
        default: break
        }
        errors.invalid(path["nodeName"], spec["nodeName"].text, Names.subdomain(spec["nodeName"].text))
    }

    static let volumeAttachmentStatus: StatusRule = { object, _, errors in
        for key in ["attachError", "detachError"] {
            let message = object[path: "status", key]?["message"].text ?? ""
            if message.utf8.count > 1024 { errors.tooLong(.status[key]["message"], maximum: 1024) }
        }
    }

    static let volumeAttributesClass: Rule = { object, old, errors in
        errors.checkProvisioner(FieldPath("driverName"), object["driverName"].text)
        if object["parameters"].stringMap.isEmpty {
            errors.required(FieldPath("parameters"), "must contain at least one key/value pair")
        }
        for key in ["driverName", "parameters"] where old.map({ $0[key] != object[key] }) ?? false {
            errors.forbidden(FieldPath(key), "updates to \(key) are forbidden.")
        }
    }
}

extension FieldErrors {
    mutating func checkDriverName(_ path: FieldPath, _ name: String) {
        if name.isEmpty { return required(path) }
        if name.utf8.count > 63 { tooLong(path, maximum: 63) }
        invalid(path, name, Names.subdomain(name.lowercased()))
    }

    mutating func checkProvisioner(_ path: FieldPath, _ name: String) {
        if name.isEmpty { required(path) } else { invalid(path, name, Names.labelKey(name.lowercased())) }
    }
}
