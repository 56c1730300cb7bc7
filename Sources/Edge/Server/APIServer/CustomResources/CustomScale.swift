internal import EdgeAPI
internal import EdgeJSON

/// The Scale of custom resources, whose definition says where the replicas are.
enum CustomScale {
    static func view(of object: APIObject, _ paths: ScalePaths) throws -> APIObject {
        var scale = APIObject(
            apiVersion: "autoscaling/v1", kind: "Scale", namespace: object.namespace, name: object.name)
        for key in ["uid", "resourceVersion", "creationTimestamp"] {
            scale[path: "metadata", key] = object[path: "metadata", key]
        }
        let replicas = object.value(at: paths.specReplicas)?.int
        scale["spec"] = .object(replicas.map { ["replicas": .int($0)] } ?? JSONObject())
        scale["status"] = ["replicas": .int(object.value(at: paths.statusReplicas)?.int ?? 0)]
        if !paths.labelSelector.isEmpty, let selector = object.value(at: paths.labelSelector)?.string {
            scale[path: "status", "selector"] = .string(selector)
        }
        return scale
    }

    /// Of an object without replicas there is no Scale to read.
    static func existing(of object: APIObject, _ paths: ScalePaths) throws -> APIObject {
        guard object.value(at: paths.specReplicas)?.int != nil else {
            let path = "." + paths.specReplicas.joined(separator: ".")
            throw APIStatus.internalError("the spec replicas field \"\(path)\" does not exist")
        }
        return try view(of: object, paths)
    }

    static func apply(_ replicas: Int64, to object: APIObject, _ paths: ScalePaths) -> APIObject {
        var object = object
        object.setValue(.int(replicas), at: paths.specReplicas)
        return object
    }
}
