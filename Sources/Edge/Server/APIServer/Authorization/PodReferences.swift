internal import EdgeAPI
internal import EdgeJSON

/// The objects that a pod refers to by name, in its own namespace.
enum PodReferences {
    static func refers(_ pod: APIObject, to resource: String, _ name: String) -> Bool {
        switch resource {
        case "serviceaccounts":
            (pod[path: "spec", "serviceAccountName"]?.string ?? "default") == name
        case "secrets": secrets(pod).contains(name)
        case "configmaps": configMaps(pod).contains(name)
        case "persistentvolumeclaims": claims(pod).contains(name)
        default: false
        }
    }

    /// Whether the pod refers to any object of the resource.
    static func refers(_ pod: APIObject, to resource: String) -> Bool {
        switch resource {
        case "secrets": !secrets(pod).isEmpty
        case "configmaps": !configMaps(pod).isEmpty
        case "persistentvolumeclaims": !claims(pod).isEmpty
        default: false
        }
    }

    private static func secrets(_ pod: APIObject) -> Set<String> {
        var names = Set(strings(pod[path: "spec", "imagePullSecrets"], "name"))
        for volume in volumes(pod) {
            names.formUnion([volume["secret"]?["secretName"]?.string].compactMap { $0 })
            for source in volume["projected"]?["sources"]?.array ?? [] {
                names.formUnion([source["secret"]?["name"]?.string].compactMap { $0 })
            }
            for driver in ["csi", "cephfs", "flexVolume", "iscsi", "rbd", "scaleIO", "storageos"] {
                let reference = volume[driver]?[driver == "csi" ? "nodePublishSecretRef" : "secretRef"]
                names.formUnion([reference?["name"]?.string].compactMap { $0 })
            }
        }
        return names.union(environment(pod, "secretKeyRef", "secretRef"))
    }

    private static func configMaps(_ pod: APIObject) -> Set<String> {
        var names: Set<String> = []
        for volume in volumes(pod) {
            names.formUnion([volume["configMap"]?["name"]?.string].compactMap { $0 })
            for source in volume["projected"]?["sources"]?.array ?? [] {
                names.formUnion([source["configMap"]?["name"]?.string].compactMap { $0 })
            }
        }
        return names.union(environment(pod, "configMapKeyRef", "configMapRef"))
    }

    private static func claims(_ pod: APIObject) -> Set<String> {
        var names: Set<String> = []
        for volume in volumes(pod) {
            names.formUnion([volume["persistentVolumeClaim"]?["claimName"]?.string].compactMap { $0 })
            // The claim of an ephemeral volume has a name made of both.
            if volume["ephemeral"] != nil, let name = volume["name"]?.string {
                names.insert("\(pod.name)-\(name)")
            }
        }
        return names
    }

    private static func environment(_ pod: APIObject, _ keyRef: String, _ mapRef: String) -> Set<String> {
        var names: Set<String> = []
        for list in ["containers", "initContainers", "ephemeralContainers"] {
            for container in pod[path: "spec", list]?.array ?? [] {
                for variable in container["env"]?.array ?? [] {
                    names.formUnion([variable["valueFrom"]?[keyRef]?["name"]?.string].compactMap { $0 })
                }
                for source in container["envFrom"]?.array ?? [] {
                    names.formUnion([source[mapRef]?["name"]?.string].compactMap { $0 })
                }
            }
        }
        return names
    }

    private static func volumes(_ pod: APIObject) -> [JSONValue] {
        pod[path: "spec", "volumes"]?.array ?? []
    }

    private static func strings(_ list: JSONValue?, _ key: String) -> [String] {
        (list?.array ?? []).compactMap { $0[key]?.string }
    }
}
