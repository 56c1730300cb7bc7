import EdgeAPI
import EdgeJSON
import Testing

@testable import EdgeControllers

@Suite struct MirrorPlanTests {
    private func endpoints(_ subsets: JSONValue, labels: [String: String] = [:]) -> Endpoints {
        var object = APIObject(apiVersion: "v1", kind: "Endpoints", namespace: "d", name: "e")
        object[path: "metadata", "labels"].stringMap = labels
        object["subsets"] = subsets
        return Endpoints(object)
    }

    private func service(selector: [String: String] = [:]) -> Service {
        var object = APIObject(apiVersion: "v1", kind: "Service", namespace: "d", name: "e")
        object["spec"] = [:]
        object[path: "spec", "selector"].stringMap = selector
        return Service(object)
    }

    @Test func keepsWhatFitsAndDeletesTheRest() throws {
        let subset: JSONValue = [
            "addresses": [["ip": "10.0.0.1"]], "ports": [["port": 80, "protocol": "TCP"]],
        ]
        let first = MirrorPlan(endpoints([subset]), present: [])
        let slice = try #require(first.create.first)
        #expect(first.create.count == 1 && slice["addressType"] == "IPv4")
        #expect(slice[label: "endpointslice.kubernetes.io/managed-by"] == MirrorPlan.managedBy)
        #expect(slice["endpoints"] == [["addresses": ["10.0.0.1"], "conditions": ["ready": true]]])
        let again = MirrorPlan(endpoints([subset]), present: [EndpointSlice(slice)])
        #expect(again.create.isEmpty && again.update.isEmpty && again.delete.isEmpty)
        let changed: JSONValue = [
            "addresses": [["ip": "10.0.0.2"]], "ports": [["port": 80, "protocol": "TCP"]],
        ]
        #expect(MirrorPlan(endpoints([changed]), present: [EndpointSlice(slice)]).update.count == 1)
        #expect(MirrorPlan(nil, present: [EndpointSlice(slice)]).delete.count == 1)
    }

    @Test func mirrorsOnlyWhatUsersMaintain() {
        let own = endpoints([])
        #expect(MirrorPlan.isMirrored(own, service()))
        #expect(!MirrorPlan.isMirrored(own, nil))
        #expect(!MirrorPlan.isMirrored(own, service(selector: ["a": "b"])))
        #expect(!MirrorPlan.isMirrored(endpoints([], labels: [MirrorPlan.skipLabel: "true"]), service()))
        let managed = endpoints([], labels: ["endpoints.kubernetes.io/managed-by": "endpoint-controller"])
        #expect(!MirrorPlan.isMirrored(managed, service()))
    }
}
