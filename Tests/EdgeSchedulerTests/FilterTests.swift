import EdgeAPI
import EdgeJSON
import Testing

@testable import EdgeScheduler

@Suite struct FilterTests {
    private struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var pod: JSONValue = [:]
        var node: JSONValue = [:]
        var taken: [JSONValue] = []
        let expected: String
    }

    private static let cases: [Case] = [
        Case(testDescription: "an empty node", expected: "ok"),
        Case(
            testDescription: "too much cpu", pod: ["containers": [["resources": ["requests": ["cpu": "3"]]]]],
            expected: "Insufficient cpu"),
        Case(
            testDescription: "cpu that others have",
            pod: ["containers": [["resources": ["requests": ["cpu": "1500m"]]]]],
            taken: [["containers": [["resources": ["requests": ["cpu": "1"]]]]]], expected: "Insufficient cpu"
        ),
        Case(
            testDescription: "memory that just fits",
            pod: ["containers": [["resources": ["requests": ["memory": "1Gi"]]]]], expected: "ok"),
        Case(
            testDescription: "a taint",
            node: ["spec": ["taints": [["key": "k", "value": "v", "effect": "NoSchedule"]]]],
            expected: "node(s) had untolerated taint {k: v}"),
        Case(
            testDescription: "a tolerated taint", pod: ["tolerations": [["key": "k", "operator": "Exists"]]],
            node: ["spec": ["taints": [["key": "k", "value": "v", "effect": "NoSchedule"]]]], expected: "ok"),
        Case(
            testDescription: "another nodeSelector", pod: ["nodeSelector": ["disk": "ssd"]],
            expected: "node(s) didn't match Pod's node affinity/selector"),
        Case(
            testDescription: "a cordoned node", node: ["spec": ["unschedulable": true]],
            expected: "node(s) were unschedulable"),
        Case(
            testDescription: "a host port twice", pod: ["containers": [["ports": [["hostPort": 80]]]]],
            taken: [["containers": [["ports": [["hostPort": 80]]]]]],
            expected: "node(s) didn't have free ports for the requested pod ports"),
        Case(
            testDescription: "the same host port of another protocol",
            pod: ["containers": [["ports": [["hostPort": 53, "protocol": "UDP"]]]]],
            taken: [["containers": [["ports": [["hostPort": 53]]]]]], expected: "ok"),
        Case(
            testDescription: "another node by name", pod: ["nodeName": "other"],
            expected: "node(s) didn't match the requested node name"),
    ]

    @Test(arguments: cases)
    private func filters(_ test: Case) {
        var info = NodeInfo(node: Fixtures.node("n1", test.node))
        for (index, spec) in test.taken.enumerated() { info.add(Fixtures.pod("taken-\(index)", spec)) }
        let decision = SchedulingFramework().decide(
            Fixtures.pod("new", test.pod), ClusterSnapshot([info]), tieBreaker: { _ in 0 })
        switch decision {
        case .node(let name): #expect(test.expected == "ok" && name == "n1")
        case .unschedulable(let diagnosis): #expect(diagnosis.reasons == [test.expected: 1])
        }
    }

    @Test func saysWhyNothingFits() {
        let nodes = [
            NodeInfo(node: Fixtures.node("a", ["spec": ["unschedulable": true]])),
            NodeInfo(node: Fixtures.node("b", [:])),
        ]
        let pod = Fixtures.pod(
            "big", ["containers": [["resources": ["requests": ["cpu": "8", "memory": "64Gi"]]]]])
        guard
            case .unschedulable(let diagnosis) = SchedulingFramework().decide(
                pod, ClusterSnapshot(nodes), tieBreaker: { _ in 0 })
        else {
            Issue.record("the pod must not fit")
            return
        }
        #expect(
            diagnosis.message
                == "0/2 nodes are available: 1 Insufficient cpu, 1 Insufficient memory, 1 node(s) were unschedulable."
        )
    }

    @Test func spreadsOverEmptierNodes() {
        var busy = NodeInfo(node: Fixtures.node("busy", [:]))
        busy.add(
            Fixtures.pod(
                "other", ["containers": [["resources": ["requests": ["cpu": "1", "memory": "512Mi"]]]]]))
        let nodes = [busy, NodeInfo(node: Fixtures.node("idle", [:]))]
        let decision = SchedulingFramework().decide(
            Fixtures.pod("new", [:]), ClusterSnapshot(nodes), tieBreaker: { _ in 0 })
        #expect(decision == .node("idle"))
    }

    @Test func keepsAntiAffinePodsApart() {
        let term: JSONValue = [
            "topologyKey": "kubernetes.io/hostname", "labelSelector": ["matchLabels": ["app": "web"]],
        ]
        let spec: JSONValue = [
            "affinity": ["podAntiAffinity": ["requiredDuringSchedulingIgnoredDuringExecution": [term]]]
        ]
        var first = NodeInfo(node: Fixtures.node("a", [:]))
        first.add(Fixtures.pod("web-1", spec, labels: ["app": "web"]))
        let second = NodeInfo(node: Fixtures.node("b", [:]))
        let pod = Fixtures.pod("web-2", spec, labels: ["app": "web"])
        #expect(
            SchedulingFramework().decide(pod, ClusterSnapshot([first, second]), tieBreaker: { _ in 0 })
                == .node("b"))
    }
}
