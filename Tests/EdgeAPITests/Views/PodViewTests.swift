import EdgeAPI
import EdgeBase
import EdgeJSON
import Testing

struct PodViewTests {
    private func pod(_ spec: JSONValue, status: JSONValue = [:]) -> Pod {
        Pod(APIObject(["metadata": ["name": "web"], "spec": spec, "status": status]))
    }

    private func container(_ cpu: String, limits: JSONValue = [:], restart: JSONValue? = nil) -> JSONValue {
        var container: JSONValue = ["name": "c", "resources": ["requests": ["cpu": .string(cpu)]]]
        container[path: "resources", "limits"] = limits
        container["restartPolicy"] = restart
        return container
    }

    @Test func sumsContainers() {
        let pod = pod(["containers": [container("100m"), container("200m")], "overhead": ["cpu": "10m"]])
        #expect(pod.spec.totalRequests["cpu"]?.description == "310m")
    }

    /// An init container runs alone, but along with the sidecars before it.
    @Test(arguments: [
        ([("500m", false)], "500m"), ([("200m", false)], "300m"), ([("100m", true)], "400m"),
        ([("100m", true), ("500m", false)], "600m"), ([("500m", false), ("100m", true)], "500m"),
    ])
    func countsInitContainers(_ initContainers: [(String, Bool)], _ total: String) {
        let pod = pod([
            "containers": [container("300m")],
            "initContainers": .array(
                initContainers.map { container($0.0, restart: $0.1 ? "Always" : nil) }),
        ])
        #expect(pod.spec.totalRequests["cpu"]?.description == total)
    }

    @Test func limitsStandInForRequests() {
        let container: JSONValue = ["name": "c", "resources": ["limits": ["memory": "1Gi"]]]
        #expect(pod(["containers": [container]]).spec.totalRequests["memory"]?.description == "1Gi")
    }

    @Test(
        arguments: [
            ([:], "BestEffort"), (["requests": ["cpu": "1"]], "Burstable"),
            (["limits": ["cpu": "1", "memory": "1Gi"]], "Guaranteed"),
            (
                ["requests": ["cpu": "1", "memory": "1Gi"], "limits": ["cpu": "1", "memory": "1024Mi"]],
                "Guaranteed"
            ),
            (["requests": ["cpu": "500m"], "limits": ["cpu": "1", "memory": "1Gi"]], "Burstable"),
            (["limits": ["cpu": "1"]], "Burstable"), (["requests": ["cpu": "0"]], "BestEffort"),
            (["requests": ["ephemeral-storage": "1Gi"]], "BestEffort"),
        ] as [(JSONValue, String)])
    func qualityOfService(_ resources: JSONValue, _ expected: String) {
        let pod = pod(["containers": [["name": "c", "resources": resources]]])
        #expect(pod.spec.qosClass == expected)
    }

    @Test func readsAndWritesInPlace() {
        var pod = pod([
            "nodeName": "pi", "unknown": 1,
            "containers": [["name": "a", "image": "x", "ports": [["containerPort": 80, "name": "http"]]]],
        ])
        #expect(pod.nodeName == "pi" && pod.isScheduled && !pod.isTerminal && !pod.isReady)
        #expect(pod.spec.containers[0].port(named: "http")?.containerPort == 80)
        #expect(pod.spec.restartPolicy == "Always" && pod.spec.terminationGracePeriodSeconds == 30)
        pod.status.phase = "Succeeded"
        pod.spec.nodeName = ""
        #expect(pod.isTerminal && !pod.isScheduled)
        #expect(pod.object.json["spec"]?["unknown"] == 1)
        #expect(pod.object.json["spec"]?["nodeName"] == nil)
        var containers = pod.spec.containers
        containers[0].image = "y"
        pod.spec.containers = containers
        #expect(pod.object.json["spec"]?["containers"]?.array?.first?["image"] == "y")
    }

    @Test func conditionTimes() {
        let first = Timestamp(seconds: 1000)
        let later = Timestamp(seconds: 2000)
        var status = PodStatus()
        let isNew = status.setCondition("Ready", .false, reason: "Starting", now: first)
        let isSame = status.setCondition("Ready", .false, reason: "Starting", now: later)
        #expect(isNew && !isSame)
        #expect(status.condition("Ready")?.lastTransitionTime == first)
        // A new reason is a change, but no transition.
        let hasChanged = status.setCondition("Ready", .false, reason: "Failing", now: later)
        #expect(hasChanged && status.condition("Ready")?.lastTransitionTime == first)
        let hasSwitched = status.setCondition("Ready", .true, now: later)
        #expect(hasSwitched && status.condition("Ready")?.lastTransitionTime == later)
        #expect(status.isTrue("Ready") && status.conditions.count == 1)
        status.removeCondition("Ready")
        #expect(status.json["conditions"] == nil)
    }

    @Test(
        arguments: [
            (["key": "a", "operator": "Exists"], true), (["operator": "Exists"], true),
            (["key": "a", "value": "b"], true), (["key": "a", "value": "c"], false),
            (["key": "a", "operator": "Exists", "effect": "NoExecute"], false),
            (["key": "a", "value": "b", "effect": "NoSchedule"], true),
            (["key": "x", "operator": "Exists"], false),
        ] as [(JSONValue, Bool)])
    func tolerations(_ toleration: JSONValue, _ expected: Bool) {
        let taint = Taint(["key": "a", "value": "b", "effect": "NoSchedule"])
        #expect([Toleration(toleration)].tolerate(taint) == expected)
    }

    @Test(arguments: [
        ("In", ["b", "c"], true), ("In", ["c"], false), ("NotIn", ["c"], true), ("Exists", [], true),
        ("DoesNotExist", [], false), ("Gt", ["1"], false),
    ])
    func nodeSelectors(_ name: String, _ values: [String], _ expected: Bool) {
        var node = Node(name: "pi")
        node.labels = ["a": "b"]
        let requirement: JSONValue = [
            "key": "a", "operator": .string(name), "values": .array(values.map(JSONValue.string)),
        ]
        let selector = NodeSelector(["nodeSelectorTerms": [["matchExpressions": [requirement]]]])
        #expect(selector.matches(node) == expected)
        #expect(!NodeSelector(["nodeSelectorTerms": [[:]]]).matches(node))
    }
}
