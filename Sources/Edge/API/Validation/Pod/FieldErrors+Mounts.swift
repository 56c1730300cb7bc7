internal import EdgeJSON

extension FieldErrors {
    mutating func checkMounts(_ container: Container, _ context: PodSpecContext, _ path: FieldPath) {
        let devices = container.volumeDevices
        var places: Set<String> = []
        for (index, mount) in container.volumeMounts.enumerated() {
            let list = path["volumeMounts"]
            let path = list[index]
            if mount.name.isEmpty { required(path["name"]) }
            if context.volumes[mount.name] == nil { notFound(path["name"], mount.name) }
            if mount.mountPath.isEmpty { required(path["mountPath"]) }
            if !places.insert(mount.mountPath).inserted {
                invalid(path["mountPath"], mount.mountPath, "must be unique")
            }
            if devices.contains(where: { $0.name == mount.name }) {
                invalid(path["name"], mount.name, "must not already exist in volumeDevices")
            }
            if devices.contains(where: { $0.devicePath == mount.mountPath }) {
                invalid(
                    path["mountPath"], mount.mountPath, "must not already exist as a path in volumeDevices")
            }
            checkSubPath(mount, context, list, path)
            checkPropagation(mount, container, list)
        }
        checkDevices(container, context, path["volumeDevices"])
    }

    private mutating func checkSubPath(
        _ mount: VolumeMount, _ context: PodSpecContext, _ list: FieldPath, _ path: FieldPath
    ) {
        if context.volumes[mount.name]?.image != nil {
            let reason = "not allowed in image volume sources"
            if !mount.subPathExpr.isEmpty { invalid(path["subPathExpr"], mount.subPathExpr, reason) }
        }
        if !mount.subPath.isEmpty { checkDescendingPath(list["subPath"], mount.subPath) }
        if !mount.subPathExpr.isEmpty {
            if !mount.subPath.isEmpty {
                invalid(
                    path["subPathExpr"], mount.subPathExpr, "subPathExpr and subPath are mutually exclusive")
            }
            checkDescendingPath(list["subPathExpr"], mount.subPathExpr)
        }
    }

    private mutating func checkPropagation(_ mount: VolumeMount, _ container: Container, _ list: FieldPath) {
        let path = list["mountPropagation"]
        optionalOneOf(path, mount.mountPropagation, ["Bidirectional", "HostToContainer", "None"])
        if mount.mountPropagation == "Bidirectional", !(container.securityContext.privileged ?? false) {
            forbidden(path, "Bidirectional mount propagation is available only to privileged containers")
        }
        guard let recursive = mount.recursiveReadOnly else { return }
        let recursivePath = list["recursiveReadOnly"]
        optionalOneOf(recursivePath, recursive, ["Disabled", "Enabled", "IfPossible"])
        guard recursive == "Enabled" || recursive == "IfPossible" else { return }
        if !mount.readOnly { forbidden(recursivePath, "may only be specified when readOnly is true") }
        if let propagation = mount.mountPropagation, propagation != "None" {
            forbidden(
                recursivePath, "may only be specified when mountPropagation is None or not specified")
        }
    }

    private mutating func checkDevices(_ container: Container, _ context: PodSpecContext, _ list: FieldPath) {
        var names: Set<String> = []
        var places: Set<String> = []
        for (index, device) in container.volumeDevices.enumerated() {
            let path = list[index]
            if device.name.isEmpty { required(path["name"]) }
            if !device.name.isEmpty, !names.insert(device.name).inserted {
                invalid(path["name"], device.name, "must be unique")
            }
            if let volume = context.volumes[device.name] {
                if volume.persistentVolumeClaim == nil, volume.ephemeral == nil {
                    invalid(
                        path["name"], device.name,
                        "can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode"
                    )
                }
            } else {
                notFound(path["name"], device.name)
            }
            if device.devicePath.isEmpty { required(path["devicePath"]) }
            if device.devicePath.split(separator: "/").contains("..") {
                invalid(path["devicePath"], device.devicePath, "can not contain backsteps ('..')")
            } else if !places.insert(device.devicePath).inserted {
                invalid(path["devicePath"], device.devicePath, "must be unique")
            }
            if container.volumeMounts.contains(where: { $0.name == device.name }) {
                invalid(path["name"], device.name, "must not already exist in volumeMounts")
            }
            if container.volumeMounts.contains(where: { $0.mountPath == device.devicePath }) {
                invalid(
                    path["devicePath"], device.devicePath, "must not already exist as a path in volumeMounts")
            }
        }
    }
}
