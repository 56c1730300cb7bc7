internal import EdgeAPI
internal import EdgeJSON

/// The files of volumes that are made from API objects. Pure.
struct ProjectionPayload {
    private(set) var files: [String: ProjectedFile] = [:]
    let defaultMode: UInt32

    init(defaultMode: Int) {
        self.defaultMode = UInt32(clamping: defaultMode) & 0o777
    }

    mutating func add(_ map: ConfigMap, items: [KeyToPath], optional: Bool) throws(KubeletError) {
        var entries = map.decodedBinaryData
        for (key, value) in map.data { entries[key] = Array(value.utf8) }
        try add(entries, items, optional, "configmap references non-existent config key: ")
    }

    mutating func add(_ secret: Secret, items: [KeyToPath], optional: Bool) throws(KubeletError) {
        try add(secret.decodedData, items, optional, "references non-existent secret key: ")
    }

    private mutating func add(
        _ entries: [String: [UInt8]], _ items: [KeyToPath], _ optional: Bool, _ missing: String
    ) throws(KubeletError) {
        if items.isEmpty {
            for (key, bytes) in entries { files[key] = ProjectedFile(bytes: bytes, mode: defaultMode) }
            return
        }
        for item in items {
            guard let bytes = entries[item.key] else {
                if optional { continue }
                throw KubeletError(missing + item.key)
            }
            try set(item.path, bytes, mode: item.mode)
        }
    }

    mutating func add(_ items: [DownwardAPIVolumeFile], _ fields: FieldResolver) throws(KubeletError) {
        for item in items {
            let text: String
            if let selector = item.fieldRef {
                text = try fields.value(selector.fieldPath)
            } else if let selector = item.resourceFieldRef {
                guard
                    let container = fields.pod.spec.allContainers.first(where: {
                        $0.name == selector.containerName
                    })
                else { throw KubeletError("container \(selector.containerName) not found") }
                text = try fields.resource(selector, in: container)
            } else {
                continue
            }
            try set(item.path, Array(text.utf8), mode: item.mode)
        }
    }

    mutating func add(token: String, path: String, user: UInt32?, hasGroup: Bool) throws(KubeletError) {
        // A token is nobody's business but the containers': without a known user or group all of them may read.
        let mode = user != nil || hasGroup ? 0o600 : defaultMode
        try set(path, Array(token.utf8), mode: Int(mode))
        files[path]?.owner = user
    }

    private mutating func set(_ path: String, _ bytes: [UInt8], mode: Int?) throws(KubeletError) {
        try AtomicWriter.check(path)
        files[path] = ProjectedFile(
            bytes: bytes, mode: mode.map { UInt32(clamping: $0) & 0o777 } ?? defaultMode)
    }
}
