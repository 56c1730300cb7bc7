import EdgeAPI
import EdgeJSON
import Testing

struct ResourceStrategyTests {
    private func object(_ spec: JSONValue, status: JSONValue? = nil, generation: Int64 = 1) -> APIObject {
        var json: JSONObject = [
            "metadata": ["name": "x", "uid": "u", "generation": .int(generation)], "spec": spec,
        ]
        json["status"] = status
        return APIObject(json)
    }

    @Test func createDropsStatus() {
        var object = object(["replicas": 1], status: ["replicas": 9], generation: 7)
        ResourceStrategy.of(group: "apps", kind: "Deployment").prepareForCreate(&object)
        #expect(object["status"] == nil && object.generation == 1)
    }

    @Test func nodeKeepsItsStatusOnCreate() {
        var object = object([:], status: ["capacity": ["cpu": "1"]])
        ResourceStrategy.of(group: "", kind: "Node").prepareForCreate(&object)
        #expect(object["status"] == ["capacity": ["cpu": "1"]])
        #expect(object.metadata["generation"] == nil)
    }

    @Test func podBeginsPending() {
        var object = object(["containers": [["name": "c"]]], status: ["phase": "Running"])
        ResourceStrategy.of(group: "", kind: "Pod").prepareForCreate(&object)
        #expect(object["status"] == ["phase": "Pending", "qosClass": "BestEffort"])
        #expect(object.generation == 1)
    }

    @Test func gatedPod() {
        var object = object(["containers": [], "schedulingGates": [["name": "a/b"]]])
        ResourceStrategy.of(group: "", kind: "Pod").prepareForCreate(&object)
        #expect(Pod(object).status.condition("PodScheduled")?.reason == "SchedulingGated")
    }

    @Test func labelKeysBecomeRequirements() {
        var object = object([
            "topologySpreadConstraints": [
                ["matchLabelKeys": ["rev", "gone"], "labelSelector": ["matchLabels": ["app": "a"]]]
            ]
        ])
        object[label: "rev"] = "3"
        ResourceStrategy.of(group: "", kind: "Pod").prepareForCreate(&object)
        let selector = Pod(object).spec.topologySpreadConstraints[0].labelSelector
        #expect(selector.description == "app=a,rev in (3)")
    }

    @Test func jobSelectsItsOwnPods() {
        var object = object(["template": ["metadata": ["labels": ["a": "b"]]]])
        ResourceStrategy.of(group: "batch", kind: "Job").prepareForCreate(&object)
        #expect(
            object[path: "spec", "selector"] == ["matchLabels": ["batch.kubernetes.io/controller-uid": "u"]])
        #expect(
            object[path: "spec", "template", "metadata", "labels"] == [
                "a": "b", "controller-uid": "u", "batch.kubernetes.io/controller-uid": "u", "job-name": "x",
                "batch.kubernetes.io/job-name": "x",
            ])
    }

    @Test func updateKeepsStatusAndCounts() {
        let old = object(["replicas": 1], status: ["replicas": 1], generation: 4)
        let strategy = ResourceStrategy.of(group: "apps", kind: "Deployment")
        var same = object(["replicas": 1], status: [:], generation: 99)
        same[label: "a"] = "b"
        strategy.prepareForUpdate(&same, old: old)
        #expect(same.generation == 4 && same["status"] == old["status"])
        var changed = object(["replicas": 2])
        strategy.prepareForUpdate(&changed, old: old)
        #expect(changed.generation == 5)
        var annotated = object(["replicas": 1])
        annotated[annotation: "a"] = "b"
        strategy.prepareForUpdate(&annotated, old: old)
        #expect(annotated.generation == 5)
    }

    @Test func statusUpdateKeepsTheRest() {
        let old = object(["replicas": 1], generation: 4)
        var new = object(["replicas": 9], status: ["replicas": 1], generation: 9)
        new[label: "a"] = "b"
        ResourceStrategy.of(group: "apps", kind: "Deployment").prepareForStatusUpdate(&new, old: old)
        #expect(new["spec"] == ["replicas": 1] && new["status"] == ["replicas": 1])
        #expect(new.generation == 4 && new[label: "a"] == "b")
    }

    @Test func namespaceKeepsFinalizers() {
        let strategy = ResourceStrategy.of(group: "", kind: "Namespace")
        var new = object([:])
        strategy.prepareForCreate(&new)
        #expect(new[path: "spec", "finalizers"] == ["kubernetes"])
        var without = object([:])
        strategy.prepareForUpdate(&without, old: new)
        #expect(without[path: "spec", "finalizers"] == ["kubernetes"])
    }

    @Test func serviceKeepsAllocations() {
        let old = object([
            "type": "NodePort", "clusterIP": "10.43.0.9", "clusterIPs": ["10.43.0.9"], "ipFamilies": ["IPv4"],
            "ipFamilyPolicy": "SingleStack", "externalTrafficPolicy": "Cluster",
            "ports": [["name": "a", "port": 80, "nodePort": 30080]],
        ])
        let strategy = ResourceStrategy.of(group: "", kind: "Service")
        var kept = object([
            "type": "NodePort", "externalTrafficPolicy": "Cluster",
            "ports": [["name": "a", "port": 81], ["name": "b", "port": 90]],
        ])
        strategy.prepareForUpdate(&kept, old: old)
        let spec = Service(kept).spec
        #expect(spec.clusterIP == "10.43.0.9" && spec.clusterIPs == ["10.43.0.9"])
        #expect(spec.ipFamilies == ["IPv4"] && spec.ports.map(\.nodePort) == [30080, 0])
        var plain = old
        plain[path: "spec", "type"] = "ClusterIP"
        strategy.prepareForUpdate(&plain, old: old)
        #expect(Service(plain).spec.ports.map(\.nodePort) == [0])
        #expect(plain[path: "spec", "externalTrafficPolicy"] == nil)
        var name = old
        name[path: "spec", "type"] = "ExternalName"
        strategy.prepareForUpdate(&name, old: old)
        #expect(name[path: "spec", "clusterIP"] == nil && name[path: "spec", "ipFamilies"] == nil)
    }

    @Test(arguments: [
        ("", "ConfigMap", false, true, false), ("coordination.k8s.io", "Lease", false, false, true),
        ("", "Pod", true, true, false), ("rbac.authorization.k8s.io", "Role", false, true, true),
        ("policy", "PodDisruptionBudget", true, false, false),
    ])
    func facts(
        _ group: String, _ kind: String, _ hasStatus: Bool, _ unconditional: Bool, _ createsOnUpdate: Bool
    ) {
        let strategy = ResourceStrategy.of(group: group, kind: kind)
        #expect(strategy.hasStatus == hasStatus)
        #expect(strategy.allowsUnconditionalUpdate == unconditional)
        #expect(strategy.allowsCreateOnUpdate == createsOnUpdate)
    }
}
