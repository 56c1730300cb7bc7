import EdgeAPI
import EdgeJSON

@testable import EdgeScheduler

/// Nodes with 2 cores, 1 GiB and room for 10 pods, and pods of the default namespace.
enum Fixtures {
    static func node(_ name: String, _ content: JSONValue) -> Node {
        var object = APIObject(apiVersion: "v1", kind: "Node", name: name)
        object[label: "kubernetes.io/hostname"] = name
        object["spec"] = content["spec"]
        object["status"] = ["allocatable": ["cpu": "2", "memory": "1Gi", "pods": "10"]]
        return Node(object)
    }

    static func pod(_ name: String, _ spec: JSONValue, labels: [String: String] = [:]) -> PodInfo {
        var object = APIObject(apiVersion: "v1", kind: "Pod", namespace: "default", name: name)
        object[path: "metadata", "uid"] = .string("uid-\(name)")
        for (key, value) in labels { object[label: key] = value }
        object["spec"] = spec
        return PodInfo(Pod(object))
    }
}
