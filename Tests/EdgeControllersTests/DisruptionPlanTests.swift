import EdgeAPI
import EdgeBase
import EdgeJSON
import Testing

@testable import EdgeControllers

@Suite struct DisruptionPlanTests {
    private static let now = Timestamp(seconds: 1_000_000)

    private struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let spec: JSONValue
        /// The pods by whether they are ready.
        let ready: [Bool]
        let scale: Int
        var disrupted: [String: Int64] = [:]
        /// expectedPods, desiredHealthy, currentHealthy, disruptionsAllowed
        let expected: [Int]
        var recheck: Duration?
    }

    private static let cases: [Case] = [
        Case(
            testDescription: "a number of pods that must be there", spec: ["minAvailable": 2],
            ready: [true, true, true], scale: 9, expected: [3, 2, 3, 1]),
        Case(
            testDescription: "pods that are not ready", spec: ["minAvailable": 2],
            ready: [true, false, false], scale: 9, expected: [3, 2, 1, 0]),
        Case(
            testDescription: "a share of what the owners want, rounded up", spec: ["minAvailable": "50%"],
            ready: [true, true, true], scale: 5, expected: [5, 3, 3, 0]),
        Case(
            testDescription: "a number that may be missing", spec: ["maxUnavailable": 1],
            ready: [true, true, true], scale: 3, expected: [3, 2, 3, 1]),
        Case(
            testDescription: "a share that may be missing, rounded up", spec: ["maxUnavailable": "30%"],
            ready: [true, true, true, true], scale: 4, expected: [4, 2, 4, 2]),
        Case(
            testDescription: "more than there are may be missing", spec: ["maxUnavailable": 9],
            ready: [true], scale: 1, expected: [1, 0, 1, 1]),
        Case(
            testDescription: "nothing matches", spec: ["maxUnavailable": 1], ready: [], scale: 0,
            expected: [0, 0, 0, 0]),
        Case(
            testDescription: "an eviction under way", spec: ["minAvailable": 1], ready: [true, true],
            scale: 2, disrupted: ["p0": 30], expected: [2, 1, 1, 0], recheck: .seconds(90)),
        Case(
            testDescription: "an eviction that came to nothing", spec: ["minAvailable": 1],
            ready: [true, true], scale: 2, disrupted: ["p0": 200], expected: [2, 1, 2, 1]),
    ]

    @Test(arguments: cases) private func status(_ test: Case) throws {
        var object = APIObject(
            apiVersion: "policy/v1", kind: "PodDisruptionBudget", namespace: "d", name: "b")
        object["spec"] = test.spec
        for (name, age) in test.disrupted {
            object[path: "status", "disruptedPods", name] = .string((Self.now - .seconds(age)).rfc3339)
        }
        let pods = test.ready.enumerated().map { index, isReady in
            var pod = APIObject(apiVersion: "v1", kind: "Pod", namespace: "d", name: "p\(index)")
            pod["status"] = ["conditions": [["type": "Ready", "status": isReady ? "True" : "False"]]]
            return Pod(pod)
        }
        let plan = try DisruptionPlan(
            PodDisruptionBudget(object), pods: pods, scales: { ["owner": test.scale] }, now: Self.now)
        let status = plan.status
        #expect(
            [status.expectedPods, status.desiredHealthy, status.currentHealthy, status.disruptionsAllowed]
                == test.expected)
        #expect(plan.recheck == test.recheck)
        #expect(status.isTrue("DisruptionAllowed") == (test.expected[3] > 0))
    }
}
