internal import EdgeAPI
internal import EdgeRuntime

/// The mounts of one container. Pure.
struct MountPlan {
    let container: EdgeAPI.Container
    let volumes: [String: PreparedVolume]
    /// For `subPathExpr`.
    let environment: [String: String]

    func mounts() throws(KubeletError) -> [EdgeRuntime.VolumeMount] {
        if let device = container.volumeDevices.first {
            throw KubeletError("raw block volume \"\(device.name)\" is not supported on this node")
        }
        var result: [EdgeRuntime.VolumeMount] = []
        for mount in container.volumeMounts { result.append(try plan(mount)) }
        return result
    }

    private func plan(_ mount: EdgeAPI.VolumeMount) throws(KubeletError) -> EdgeRuntime.VolumeMount {
        guard let volume = volumes[mount.name] else {
            throw KubeletError(
                "cannot find volume \"\(mount.name)\" to mount into container \"\(container.name)\"")
        }
        var subPath = mount.subPath
        if !mount.subPathExpr.isEmpty {
            subPath = try VariableExpansion.expandStrictly(mount.subPathExpr, environment)
        }
        guard !subPath.hasPrefix("/") else {
            throw KubeletError("error SubPath `\(subPath)` must not be an absolute path")
        }
        guard !subPath.split(separator: "/").contains("..") else {
            throw KubeletError("unable to provision SubPath `\(subPath)`: must not contain '..'")
        }
        let target = mount.mountPath.hasPrefix("/") ? mount.mountPath : "/" + mount.mountPath
        var result = EdgeRuntime.VolumeMount(
            source: .host(path: volume.path, subPath: subPath), target: target)
        result.isReadOnly = mount.readOnly || volume.isProjected
        result.isRecursivelyReadOnly = mount.recursiveReadOnly == "Enabled"
        result.createsSource = volume.isCreatedOnMount || (!subPath.isEmpty && !volume.isProjected)
        switch mount.mountPropagation {
        case "HostToContainer": result.propagation = .slave
        case "Bidirectional": result.propagation = .shared
        default: result.propagation = .private
        }
        return result
    }
}
