import EdgeAPI
import EdgeJSON
import Testing

struct APIObjectTests {
    @Test func setsPaths() {
        var object = APIObject(apiVersion: "v1", kind: "Pod", namespace: "a", name: "b")
        object[path: "spec", "affinity", "nodeAffinity"] = ["x": 1]
        #expect(object.json["spec"] == ["affinity": ["nodeAffinity": ["x": 1]]])
        object[path: "spec", "affinity", "nodeAffinity"] = nil
        #expect(object.json["spec"] == ["affinity": [:]])
        object[path: "status", "phase"] = nil
        #expect(object.json["status"] == nil)
    }

    @Test func owners() {
        var owner = APIObject(apiVersion: "apps/v1", kind: "ReplicaSet", name: "web")
        owner[path: "metadata", "uid"] = "u"
        var object = APIObject(apiVersion: "v1", kind: "Pod", name: "p")
        object.ownerReferences = [OwnerReference(controller: owner)]
        #expect(object.controllerReference?.uid == "u")
        #expect(
            object.metadata["ownerReferences"] == [
                [
                    "apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "web", "uid": "u",
                    "controller": true, "blockOwnerDeletion": true,
                ]
            ])
    }
}
