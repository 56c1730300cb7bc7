import EdgeAPI
import EdgeBase
import EdgeJSON
import Testing

@testable import EdgeControllers

@Suite struct ReplicaSetPlanTests {
    private static let now = Timestamp(seconds: 1_000_000)

    private static func pod(
        _ name: String, phase: String = "Running", ready: Bool = true, node: String = "n1",
        cost: String? = nil,
        age: Int64 = 1000
    ) -> Pod {
        var object = APIObject(apiVersion: "v1", kind: "Pod", namespace: "default", name: name)
        object[path: "metadata", "creationTimestamp"] = .string((now - .seconds(age)).rfc3339)
        if let cost { object[annotation: "controller.kubernetes.io/pod-deletion-cost"] = cost }
        if !node.isEmpty { object["spec"] = ["nodeName": .string(node)] }
        object["status"] = [
            "phase": .string(phase),
            "conditions": [
                [
                    "type": "Ready", "status": ready ? "True" : "False",
                    "lastTransitionTime": .string((now - .seconds(age)).rfc3339),
                ]
            ],
        ]
        return Pod(object)
    }

    @Test func createsWhatIsMissing() {
        #expect(ReplicaSetPlan(desired: 3, pods: [Self.pod("a")], now: Self.now) == .create(2))
        #expect(ReplicaSetPlan(desired: 1, pods: [Self.pod("a")], now: Self.now) == .nothing)
    }

    @Test(arguments: [
        ([pod("old"), pod("unscheduled", phase: "Pending", ready: false, node: "")], "unscheduled"),
        ([pod("old"), pod("pending", phase: "Pending", ready: false)], "pending"),
        ([pod("unready", ready: false), pod("ready")], "unready"),
        ([pod("cheap", cost: "-5"), pod("dear", cost: "5")], "cheap"),
        ([pod("alone", node: "n2"), pod("a"), pod("b", age: 10)], "b"),
        ([pod("young", age: 5), pod("old", age: 5000)], "young"),
    ])
    func deletesTheLeastUseful(pods: [Pod], expected: String) {
        let plan = ReplicaSetPlan(desired: pods.count - 1, pods: pods, now: Self.now)
        #expect(plan == .delete([expected]))
    }
}
