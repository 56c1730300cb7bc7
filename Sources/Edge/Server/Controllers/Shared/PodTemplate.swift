internal import EdgeAPI
internal import EdgeJSON

/// Makes pods from a workload's template.
enum PodTemplate {
    static func pod(from template: PodTemplateSpec, owner: APIObject) -> APIObject {
        var pod = APIObject(apiVersion: "v1", kind: "Pod", namespace: owner.namespace, name: "")
        var metadata: JSONObject = [
            "generateName": .string(owner.name + "-"), "namespace": .string(owner.namespace),
        ]
        for key in ["labels", "annotations", "finalizers"] {
            if let value = template.json["metadata"]?[key] { metadata[key] = value }
        }
        pod.metadata = metadata
        pod.ownerReferences = [OwnerReference(controller: owner)]
        pod["spec"] = template.json["spec"] ?? [:]
        return pod
    }
}
