internal import EdgeAPI
internal import EdgeBase
internal import EdgeJSON
internal import EdgeSystem

/// A pod's volume on the host.
struct PreparedVolume: Sendable, Equatable {
    var path: String
    /// Made from API objects: containers only read it.
    var isProjected = false
    /// The path need not be there: it is made as a directory with the first mount.
    var isCreatedOnMount = false
}

/// Makes the volumes of pods, keeps those up to date that are made from API objects, and takes them away.
struct VolumeManager: Sendable {
    let configuration: KubeletConfiguration
    let objects: ObjectFetcher
    let tokens: TokenSource
    let pool: BlockingPool
    let clock: any WallClock

    /// Makes what is missing; what is there stays. Throws the text of a FailedMount event.
    func prepare(_ pod: Pod, fields: FieldResolver) async throws(KubeletError) -> [String: PreparedVolume] {
        let paths = PodPaths(pod, configuration)
        do {
            try await pool.run {
                try Directory.make(paths.disk, mode: 0o750)
                try Directory.make(paths.memory, mode: 0o750)
            }
        } catch {
            throw KubeletError("failed to make the pod's directories: \(error)")
        }
        var prepared: [String: PreparedVolume] = [:]
        for volume in pod.spec.volumes {
            do {
                prepared[volume.name] = try await prepare(volume, pod, paths, fields, maximumAge: .seconds(1))
            } catch {
                throw KubeletError("MountVolume.SetUp failed for volume \"\(volume.name)\" : \(error)")
            }
        }
        return prepared
    }

    /// Whether a pod has volumes that may change while it runs.
    static func needsRefresh(_ spec: PodSpec) -> Bool {
        spec.volumes.contains {
            $0.configMap != nil || $0.secret != nil || $0.projected != nil || $0.downwardAPI != nil
        }
    }

    /// Brings volumes that are made from API objects up to date; failures leave the present contents.
    func refresh(_ pod: Pod, fields: FieldResolver) async {
        let paths = PodPaths(pod, configuration)
        // Less than the interval: what other pods have read in the same round is shared.
        let age = configuration.volumeRefresh / 2
        for volume in pod.spec.volumes
        where volume.configMap != nil || volume.secret != nil || volume.projected != nil
            || volume.downwardAPI != nil
        {
            _ = try? await prepare(volume, pod, paths, fields, maximumAge: age)
        }
    }

    /// Removes all of a pod's volumes and files except logs; contents of the host's own paths stay.
    func tearDown(uid: String) async throws {
        tokens.forget(uid)
        let roots = [PodPaths.memoryRoot(configuration), PodPaths.diskRoot(configuration)].map {
            "\($0)/\(uid)"
        }
        try await pool.run {
            for root in roots where File.exists(root) {
                let mounts = try MountInfo.current().map(\.mountPoint).filter { $0.hasPrefix(root + "/") }
                for mount in mounts.sorted(by: >) { try Mount.unmount(mount) }
                try Directory.removeTree(root)
            }
        }
    }

    // MARK: One volume

    private func prepare(
        _ volume: Volume, _ pod: Pod, _ paths: PodPaths, _ fields: FieldResolver, maximumAge: Duration
    ) async throws -> PreparedVolume {
        if let source = volume.emptyDir { return try await emptyDir(volume.name, source, pod, paths) }
        if let source = volume.hostPath {
            try await pool.run { try HostPathType.check(source.path, type: source.type) }
            return PreparedVolume(path: source.path, isCreatedOnMount: source.type.isEmpty)
        }
        let payload: ProjectionPayload
        let plugin: String
        if let source = volume.configMap {
            plugin = "configmap"
            var files = ProjectionPayload(defaultMode: source.defaultMode)
            try await addConfigMap(source.name, source.items, source.optional, pod, maximumAge, &files)
            payload = files
        } else if let source = volume.secret {
            plugin = "secret"
            var files = ProjectionPayload(defaultMode: source.defaultMode)
            try await addSecret(source.secretName, source.items, source.optional, pod, maximumAge, &files)
            payload = files
        } else if let source = volume.downwardAPI {
            plugin = "downward-api"
            var files = ProjectionPayload(defaultMode: source.defaultMode)
            try files.add(source.items, fields)
            payload = files
        } else if let source = volume.projected {
            plugin = "projected"
            payload = try await projected(source, pod, fields, maximumAge)
        } else {
            throw KubeletError(Self.refusal(volume))
        }
        let writer = AtomicWriter(
            directory: paths.memoryVolume(plugin, volume.name),
            group: pod.spec.securityContext.fsGroup.map { UInt32(clamping: $0) })
        let now = clock.now
        _ = try await pool.run { try writer.write(payload.files, now: now) }
        return PreparedVolume(path: writer.directory, isProjected: true)
    }

    private static func refusal(_ volume: Volume) -> String {
        let kind = volume.json.object?.keys.first { $0 != "name" } ?? "unknown"
        return "volumes of type \(kind) are not supported on this node"
    }

    private func emptyDir(_ name: String, _ source: EmptyDirVolumeSource, _ pod: Pod, _ paths: PodPaths)
        async throws -> PreparedVolume
    {
        let group = pod.spec.securityContext.fsGroup.map { UInt32(clamping: $0) }
        guard source.medium.isEmpty || source.medium == "Memory" else {
            throw KubeletError("emptyDir medium \"\(source.medium)\" is not supported on this node")
        }
        let isMemory = source.medium == "Memory"
        let path =
            isMemory ? paths.memoryVolume("empty-dir", name) : paths.diskVolume("empty-dir", name)
        let size = source.sizeLimit.map { ",size=\($0.value)" } ?? ""
        try await pool.run {
            if isMemory, try MountInfo.current().contains(where: { $0.mountPoint == path }) { return }
            if !isMemory, File.exists(path) { return }
            try Directory.make(path, mode: 0o777)
            if isMemory {
                try Mount.mount(type: "tmpfs", source: "tmpfs", at: path, options: "mode=0777" + size)
            }
            if let group { try PathOperations.setOwner(PathOperations.unchanged, group, of: path) }
            try PathOperations.setMode(group == nil ? 0o777 : 0o2777, of: path)
        }
        return PreparedVolume(path: path)
    }

    private func projected(
        _ source: ProjectedVolumeSource, _ pod: Pod, _ fields: FieldResolver, _ maximumAge: Duration
    ) async throws -> ProjectionPayload {
        var files = ProjectionPayload(defaultMode: source.defaultMode)
        for part in source.sources {
            if let map = part.configMap {
                try await addConfigMap(map.name, map.items, map.optional, pod, maximumAge, &files)
            } else if let secret = part.secret {
                try await addSecret(secret.name, secret.items, secret.optional, pod, maximumAge, &files)
            } else if let api = part.downwardAPI {
                try files.add(api.items, fields)
            } else if let account = part.serviceAccountToken {
                let token = try await tokens.token(
                    for: pod, audience: account.audience, seconds: account.expirationSeconds)
                try files.add(
                    token: token, path: account.path, user: Self.commonUser(pod.spec),
                    hasGroup: pod.spec.securityContext.fsGroup != nil)
            } else {
                let kind = part.json.object?.keys.first { _ in true } ?? "unknown"
                throw KubeletError("projected volume sources of type \(kind) are not supported on this node")
            }
        }
        return files
    }

    /// The user of all containers, where they have one and the same.
    private static func commonUser(_ spec: PodSpec) -> UInt32? {
        let users = spec.allContainers.map { $0.securityContext.runAsUser ?? spec.securityContext.runAsUser }
        guard let first = users.first, let user = first, users.allSatisfy({ $0 == user }) else { return nil }
        return UInt32(clamping: user)
    }

    private func addConfigMap(
        _ name: String, _ items: [KeyToPath], _ optional: Bool, _ pod: Pod, _ maximumAge: Duration,
        _ files: inout ProjectionPayload
    ) async throws {
        guard let map = try await objects.configMap(pod.namespace, name, maximumAge: maximumAge) else {
            if optional { return }
            throw KubeletError("configmap \"\(name)\" not found")
        }
        try files.add(map, items: items, optional: optional)
    }

    private func addSecret(
        _ name: String, _ items: [KeyToPath], _ optional: Bool, _ pod: Pod, _ maximumAge: Duration,
        _ files: inout ProjectionPayload
    ) async throws {
        guard let secret = try await objects.secret(pod.namespace, name, maximumAge: maximumAge) else {
            if optional { return }
            throw KubeletError("secret \"\(name)\" not found")
        }
        try files.add(secret, items: items, optional: optional)
    }
}
