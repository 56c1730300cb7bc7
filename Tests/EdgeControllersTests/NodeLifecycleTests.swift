import EdgeAPI
import EdgeBase
import EdgeJSON
import Testing

@testable import EdgeControllers

@Suite struct NodeLifecycleTests {
    private static let now = Timestamp(seconds: 1_000_000)

    private static func node(ready: String?, taints: [JSONValue] = [], unschedulable: Bool = false) -> Node {
        var object = APIObject(apiVersion: "v1", kind: "Node", name: "pi")
        object["spec"] = ["taints": .array(taints), "unschedulable": .bool(unschedulable)]
        if let ready {
            object["status"] = ["conditions": [["type": "Ready", "status": .string(ready)]]]
        }
        return Node(object)
    }

    @Test func fallsSilentAfterTheGracePeriod() {
        let node = Self.node(ready: "True")
        let fresh = NodeHealth(
            node: node, lastSign: Self.now - .seconds(30), gracePeriod: .seconds(40), now: Self.now)
        #expect(!fresh.isSilent && fresh.nextCheck == .milliseconds(10_010))
        #expect(fresh.conditions(of: node, now: Self.now) == nil)
        let silent = NodeHealth(
            node: node, lastSign: Self.now - .seconds(40), gracePeriod: .seconds(40), now: Self.now)
        #expect(silent.isSilent)
        #expect(silent.conditions(of: node, now: Self.now)?.condition("Ready")?.status == .unknown)
    }

    @Test(arguments: [
        ("True", [] as [String]), ("False", ["not-ready:NoExecute", "not-ready:NoSchedule"]),
        ("Unknown", ["unreachable:NoExecute", "unreachable:NoSchedule"]), (nil, ["not-ready:NoSchedule"]),
    ])
    func taintsFollowTheReadyCondition(ready: String?, expected: [String]) {
        let taints = NodeHealth.taints(for: Self.node(ready: ready), now: Self.now)
        let names = taints.map { "\($0.key.split(separator: "/").last ?? ""):\($0.effect)" }
        #expect(names.sorted() == expected)
    }

    @Test func othersTaintsAndTimesStay() {
        let own: JSONValue = [
            "key": "node.kubernetes.io/unreachable", "effect": "NoExecute",
            "timeAdded": "2026-01-01T00:00:00Z",
        ]
        let taints = NodeHealth.taints(
            for: Self.node(ready: "Unknown", taints: [["key": "mine", "effect": "NoSchedule"], own]),
            now: Self.now)
        #expect(taints.contains { $0.key == "mine" })
        #expect(
            taints.first { $0.effect == "NoExecute" }?.timeAdded == Timestamp(rfc3339: "2026-01-01T00:00:00Z")
        )
    }

    private struct Leaving: Sendable {
        let tolerations: [JSONValue]
        let expected: TaintEviction

        static func of(_ seconds: Int64, _ expected: TaintEviction) -> Self {
            let toleration: JSONValue = [
                "key": "node.kubernetes.io/unreachable", "operator": "Exists",
                "tolerationSeconds": .int(seconds),
            ]
            return Self(tolerations: [toleration], expected: expected)
        }
    }

    @Test(arguments: [
        Leaving(tolerations: [], expected: .leaves(after: .zero)),
        Leaving(tolerations: [["operator": "Exists"]], expected: .stays),
        .of(300, .leaves(after: .seconds(200))), .of(60, .leaves(after: .zero)),
    ])
    private func podsLeaveWhenTheirTolerationEnds(_ test: Leaving) {
        let (tolerations, expected) = (test.tolerations, test.expected)
        var object = APIObject(apiVersion: "v1", kind: "Pod", namespace: "default", name: "web")
        object["spec"] = ["tolerations": .array(tolerations)]
        var taint = Taint()
        taint.key = "node.kubernetes.io/unreachable"
        taint.effect = "NoExecute"
        taint.timeAdded = Self.now - .seconds(100)
        #expect(TaintEviction(pod: Pod(object), taints: [taint], now: Self.now) == expected)
    }
}
