internal import EdgeAPI
internal import EdgeBase
internal import EdgeJSON
internal import EdgeStorage

/// Gives each pod its ServiceAccount and, unless told otherwise, a volume with a token for the API.
struct ServiceAccountAdmission: AdmissionPlugin {
    /// Where in-cluster clients look for their credentials.
    static let mountPath = "/var/run/secrets/kubernetes.io/serviceaccount"
    private static let volumePrefix = "kube-api-access-"
    private static let mirrorAnnotation = "kubernetes.io/config.mirror"

    let name = "ServiceAccount"
    let store: ObjectStore

    func mutate(_ request: inout AdmissionRequest) throws {
        guard request.concerns("pods", .create), var pod = request.object,
            pod[annotation: Self.mirrorAnnotation] == nil
        else { return }
        let accountName = pod[path: "spec", "serviceAccountName"]?.string ?? "default"
        pod[path: "spec", "serviceAccountName"] = .string(accountName)
        pod[path: "spec", "serviceAccount"] = .string(accountName)
        let key = ObjectKey(resource: "serviceaccounts", namespace: request.namespace, name: accountName)
        guard let account = try store.get(key).map({ try APIObject(decoding: $0) }) else {
            throw APIStatus.forbidden(
                "pods", pod.name,
                "error looking up service account \(request.namespace)/\(accountName): serviceaccount \"\(accountName)\" not found"
            )
        }
        if pod[path: "spec", "imagePullSecrets"] == nil, let secrets = account["imagePullSecrets"]?.array,
            !secrets.isEmpty
        {
            pod[path: "spec", "imagePullSecrets"] = .array(secrets)
        }
        if Self.wantsToken(pod, account) { Self.mountToken(into: &pod) }
        request.object = pod
    }

    func validate(_ request: AdmissionRequest) throws {
        guard request.concerns("pods", .create), let pod = request.object,
            pod[annotation: Self.mirrorAnnotation] != nil
        else { return }
        if pod[path: "spec", "serviceAccountName"]?.string?.isEmpty == false {
            throw APIStatus.forbidden("pods", pod.name, "a mirror pod may not reference service accounts")
        }
    }

    private static func wantsToken(_ pod: APIObject, _ account: APIObject) -> Bool {
        pod[path: "spec", "automountServiceAccountToken"]?.bool
            ?? account["automountServiceAccountToken"]?.bool ?? true
    }

    /// Adds the projected volume (token, CA, namespace) and mounts it into every container that has nothing
    /// at that path yet.
    private static func mountToken(into pod: inout APIObject) {
        let existing = (pod[path: "spec", "volumes"]?.array ?? [])
            .compactMap { $0["name"]?.string }.first { $0.hasPrefix(volumePrefix) }
        let volume = existing ?? volumePrefix + NameGenerator.suffix()
        var isMounted = false
        for list in ["initContainers", "containers"] {
            guard let containers = pod[path: "spec", list]?.array else { continue }
            pod[path: "spec", list] = .array(
                containers.map { container in
                    var mounts = container["volumeMounts"]?.array ?? []
                    if mounts.contains(where: { $0["mountPath"]?.string == mountPath }) { return container }
                    mounts.append([
                        "name": .string(volume), "readOnly": true, "mountPath": .string(mountPath),
                    ])
                    isMounted = true
                    var container = container
                    container["volumeMounts"] = .array(mounts)
                    return container
                })
        }
        guard isMounted, existing == nil else { return }
        pod[path: "spec", "volumes"] = .array(
            (pod[path: "spec", "volumes"]?.array ?? []) + [tokenVolume(volume)])
    }

    private static func tokenVolume(_ name: String) -> JSONValue {
        [
            "name": .string(name),
            "projected": [
                "sources": [
                    // 3607 s, Kubernetes' own figure, tells these tokens from ones that users asked for.
                    ["serviceAccountToken": ["expirationSeconds": 3607, "path": "token"]],
                    [
                        "configMap": [
                            "name": "kube-root-ca.crt", "items": [["key": "ca.crt", "path": "ca.crt"]],
                        ]
                    ],
                    [
                        "downwardAPI": [
                            "items": [
                                [
                                    "path": "namespace",
                                    "fieldRef": ["apiVersion": "v1", "fieldPath": "metadata.namespace"],
                                ]
                            ]
                        ]
                    ],
                ],
                "defaultMode": 420,
            ],
        ]
    }
}
