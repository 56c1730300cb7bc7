internal import EdgeAPI
internal import EdgeBase
internal import EdgeJSON
internal import EdgeStorage

/// A claim that names no class gets the default one, if there is one.
struct DefaultStorageClass: AdmissionPlugin {
    let name = "DefaultStorageClass"
    let store: ObjectStore

    func mutate(_ request: inout AdmissionRequest) throws {
        guard request.concerns("persistentvolumeclaims", .create), var claim = request.object,
            claim[path: "spec", "storageClassName"] == nil,
            claim[annotation: "volume.beta.kubernetes.io/storage-class"] == nil
        else { return }
        let annotations = [
            "storageclass.kubernetes.io/is-default-class", "storageclass.beta.kubernetes.io/is-default-class",
        ]
        let found = try store.defaultClass("storageclasses.storage.k8s.io") { object in
            annotations.contains { object[annotation: $0] == "true" }
        }
        guard let found else { return }
        claim[path: "spec", "storageClassName"] = .string(found.name)
        request.object = claim
    }
}

/// An Ingress that names no class gets the default one, if there is one.
struct DefaultIngressClass: AdmissionPlugin {
    let name = "DefaultIngressClass"
    let store: ObjectStore

    func mutate(_ request: inout AdmissionRequest) throws {
        guard request.concerns("ingresses.networking.k8s.io", .create), var ingress = request.object,
            ingress[path: "spec", "ingressClassName"] == nil,
            ingress[annotation: "kubernetes.io/ingress.class"] == nil
        else { return }
        let found = try store.defaultClass("ingressclasses.networking.k8s.io") {
            $0[annotation: "ingressclass.kubernetes.io/is-default-class"] == "true"
        }
        guard let found else { return }
        ingress[path: "spec", "ingressClassName"] = .string(found.name)
        request.object = ingress
    }
}

extension ObjectStore {
    /// Of several defaults the newest counts, and of those the first by name.
    fileprivate func defaultClass(
        _ resource: String, where isDefault: (APIObject) -> Bool
    ) throws -> APIObject? {
        try list(resource).objects.map { try APIObject(decoding: $0) }.filter(isDefault).min { one, other in
            let (first, second) = (one.creationTimestamp, other.creationTimestamp)
            if let first, let second, first != second { return first > second }
            return one.name < other.name
        }
    }
}

/// A claim may grow only where its class says that volumes can.
struct PersistentVolumeClaimResize: AdmissionPlugin {
    let name = "PersistentVolumeClaimResize"
    let store: ObjectStore

    func validate(_ request: AdmissionRequest) throws {
        guard request.concerns("persistentvolumeclaims", .update), let claim = request.object,
            let old = request.old
        else { return }
        func size(_ object: APIObject) -> Quantity {
            object[path: "spec", "resources", "requests"].quantities["storage"] ?? .zero
        }
        guard size(claim) > size(old) else { return }
        guard old[path: "status", "phase"].text == "Bound" else {
            throw Self.forbidden(request, "Only bound persistent volume claims can be expanded")
        }
        let className =
            claim[annotation: "volume.beta.kubernetes.io/storage-class"]
            ?? claim[path: "spec", "storageClassName"].text
        let stored = store.get(ObjectKey(resource: "storageclasses.storage.k8s.io", name: className))
        guard let stored, try APIObject(decoding: stored)["allowVolumeExpansion"].flag else {
            throw Self.forbidden(
                request,
                "only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize"
            )
        }
    }

    private static func forbidden(_ request: AdmissionRequest, _ cause: String) -> APIStatus {
        .forbidden(request.resource.qualifiedName, request.name, cause)
    }
}

/// Puts the finalizers on new claims and volumes that keep them while somebody uses them.
struct StorageObjectInUseProtection: AdmissionPlugin {
    private static let finalizers = [
        "persistentvolumeclaims": "kubernetes.io/pvc-protection",
        "persistentvolumes": "kubernetes.io/pv-protection",
    ]

    let name = "StorageObjectInUseProtection"

    func mutate(_ request: inout AdmissionRequest) throws {
        guard let finalizer = Self.finalizers[request.resource.storageName],
            request.concerns(request.resource.storageName, .create), var object = request.object,
            !object.finalizers.contains(finalizer)
        else { return }
        object.finalizers += [finalizer]
        request.object = object
    }
}
