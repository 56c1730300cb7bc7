import EdgeAPI
import EdgeBase
import EdgeJSON
import Testing

@testable import EdgeKubelet

struct ResizePlannerTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var wanted: String
        var given: String
        var policy = "[]"
        var others = "0"
        var outcome: ResizePlanner.Outcome
    }

    private static let change = ResizePlanner.Change(id: "id", name: "web", restarts: false)

    static let cases: [Case] = [
        Case(
            testDescription: "nothing new", wanted: #"{"requests":{"cpu":"1"}}"#,
            given: #"{"requests":{"cpu":"1000m"}}"#, outcome: .nothing),
        Case(
            testDescription: "more", wanted: #"{"requests":{"cpu":"2"}}"#,
            given: #"{"requests":{"cpu":"1"}}"#,
            outcome: .apply([change])),
        Case(
            testDescription: "a limit alone", wanted: #"{"limits":{"memory":"64Mi"}}"#,
            given: #"{"limits":{"memory":"32Mi"}}"#, outcome: .apply([change])),
        Case(
            testDescription: "by a restart", wanted: #"{"limits":{"memory":"64Mi"}}"#,
            given: #"{"limits":{"memory":"32Mi"}}"#,
            policy: #"[{"resourceName":"memory","restartPolicy":"RestartContainer"}]"#,
            outcome: .apply([.init(id: "id", name: "web", restarts: true)])),
        Case(
            testDescription: "the policy of another resource", wanted: #"{"limits":{"cpu":"2"}}"#,
            given: #"{"limits":{"cpu":"1"}}"#,
            policy: #"[{"resourceName":"memory","restartPolicy":"RestartContainer"}]"#,
            outcome: .apply([change])),
        Case(
            testDescription: "more than the node has", wanted: #"{"requests":{"cpu":"5"}}"#,
            given: #"{"requests":{"cpu":"1"}}"#,
            outcome: .pending(
                reason: "Infeasible",
                message: "Node didn't have enough capacity: cpu, requested: 5000, capacity: 4000")),
        Case(
            testDescription: "more than the others leave", wanted: #"{"requests":{"cpu":"3"}}"#,
            given: #"{"requests":{"cpu":"1"}}"#, others: "2",
            outcome: .pending(
                reason: "Deferred",
                message: "Node didn't have enough resource: cpu, requested: 3000, used: 2000, capacity: 4000")
        ),
        Case(
            testDescription: "less always fits", wanted: #"{"requests":{"cpu":"1"}}"#,
            given: #"{"requests":{"cpu":"2"}}"#, others: "4", outcome: .apply([change])),
    ]

    @Test(arguments: cases)
    func plans(_ test: Case) throws {
        let pod = try makePod(
            #"{"containers":[{"name":"web","image":"i","resources":\#(test.wanted),"resizePolicy":\#(test.policy)}]}"#
        )
        let run = ContainerRun(
            id: "id", name: "web", attempt: 0, sandboxID: "s", created: time(0), started: time(0),
            state: .running)
        let planner = ResizePlanner(
            spec: pod.spec, state: PodRuntimeState(runs: [run]),
            applied: ["id": ResourceRequirements(try JSONParser.parse(Array(test.given.utf8)))],
            allocatable: ["cpu": Quantity(4), "memory": Quantity(1 << 30)],
            others: ["cpu": try Quantity(test.others)])
        #expect(planner.plan() == test.outcome)
    }
}
