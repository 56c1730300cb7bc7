import EdgeAPI
import EdgeJSON
import Testing

@testable import EdgeAPIServer

struct PodTableTests {
    private static let running: JSONValue = ["name": "c", "ready": true, "state": ["running": [:]]]

    private func pod(
        _ status: JSONValue, spec: JSONValue = ["containers": [["name": "c"]]], deleted: Bool = false
    )
        -> [String]
    {
        var json: JSONValue = ["metadata": ["name": "web"], "spec": spec, "status": status]
        if deleted { json[path: "metadata", "deletionTimestamp"] = time(1) }
        return Array(cells("pods", json)[1...3])
    }

    @Test func columns() {
        let names = TableLayouts.columns(of: "pods").map(\.name)
        #expect(
            names == [
                "Name", "Ready", "Status", "Restarts", "Age", "IP", "Node", "Nominated Node",
                "Readiness Gates",
            ])
        #expect(TableLayouts.columns(of: "pods").map(\.priority) == [0, 0, 0, 0, 0, 1, 1, 1, 1])
    }

    @Test func wideRow() {
        let row = cells(
            "pods",
            [
                "metadata": ["name": "web"],
                "spec": [
                    "containers": [["name": "c"]], "nodeName": "pi",
                    "readinessGates": [["conditionType": "a"], ["conditionType": "b"]],
                ],
                "status": [
                    "phase": "Running", "podIP": "10.42.0.5", "containerStatuses": [Self.running],
                    "conditions": [["type": "a", "status": "True"]],
                ],
            ])
        #expect(row == ["web", "1/1", "Running", "0", "5m", "10.42.0.5", "pi", "<none>", "1/2"])
    }

    @Test(
        arguments: [
            (["phase": "Pending"], ["0/1", "Pending", "0"]),
            (["phase": "Running", "containerStatuses": [running]], ["1/1", "Running", "0"]),
            (["phase": "Failed", "reason": "Evicted"], ["0/1", "Evicted", "0"]),
            (
                [
                    "phase": "Pending",
                    "containerStatuses": [
                        ["name": "c", "state": ["waiting": ["reason": "ContainerCreating"]]]
                    ],
                ],
                ["0/1", "ContainerCreating", "0"]
            ),
            (
                [
                    "phase": "Running",
                    "containerStatuses": [
                        [
                            "name": "c", "restartCount": 3,
                            "state": ["waiting": ["reason": "CrashLoopBackOff"]],
                            "lastState": ["terminated": ["exitCode": 1, "finishedAt": time(70)]],
                        ]
                    ],
                ],
                ["0/1", "CrashLoopBackOff", "3 (70s ago)"]
            ),
            (
                [
                    "phase": "Succeeded",
                    "containerStatuses": [
                        ["name": "c", "state": ["terminated": ["exitCode": 0, "reason": "Completed"]]]
                    ],
                ],
                ["0/1", "Completed", "0"]
            ),
            (
                [
                    "phase": "Failed",
                    "containerStatuses": [["name": "c", "state": ["terminated": ["exitCode": 2]]]],
                ],
                ["0/1", "ExitCode:2", "0"]
            ),
            (
                [
                    "phase": "Failed",
                    "containerStatuses": [
                        ["name": "c", "state": ["terminated": ["exitCode": 137, "signal": 9]]]
                    ],
                ],
                ["0/1", "Signal:9", "0"]
            ),
            (
                [
                    "phase": "Pending",
                    "conditions": [["type": "PodScheduled", "status": "False", "reason": "SchedulingGated"]],
                ],
                ["0/1", "SchedulingGated", "0"]
            ),
        ] as [(JSONValue, [String])])
    func statuses(_ status: JSONValue, _ expected: [String]) { #expect(pod(status) == expected) }

    @Test(
        arguments: [
            ([["name": "i", "state": ["running": [:]]]], ["0/1", "Init:0/2", "0"]),
            (
                [["name": "i", "state": ["waiting": ["reason": "PodInitializing"]]]],
                ["0/1", "Init:0/2", "0"]
            ),
            (
                [["name": "i", "state": ["waiting": ["reason": "ImagePullBackOff"]]]],
                ["0/1", "Init:ImagePullBackOff", "0"]
            ),
            (
                [["name": "i", "restartCount": 2, "state": ["terminated": ["exitCode": 3]]]],
                ["0/1", "Init:ExitCode:3", "2"]
            ),
            (
                [
                    ["name": "i", "state": ["terminated": ["exitCode": 0]]],
                    ["name": "j", "state": ["running": [:]]],
                ],
                ["0/1", "Init:1/2", "0"]
            ),
        ] as [(JSONValue, [String])])
    func initContainers(_ statuses: JSONValue, _ expected: [String]) {
        let spec: JSONValue = [
            "containers": [["name": "c"]], "initContainers": [["name": "i"], ["name": "j"]],
        ]
        #expect(pod(["phase": "Pending", "initContainerStatuses": statuses], spec: spec) == expected)
    }

    @Test func sidecarsCount() {
        let spec: JSONValue = [
            "containers": [["name": "c"]], "initContainers": [["name": "s", "restartPolicy": "Always"]],
        ]
        let status: JSONValue = [
            "phase": "Running", "containerStatuses": [Self.running],
            "initContainerStatuses": [
                ["name": "s", "started": true, "ready": true, "restartCount": 1, "state": ["running": [:]]]
            ],
        ]
        #expect(pod(status, spec: spec) == ["2/2", "Running", "1"])
    }

    @Test func deletion() {
        #expect(
            pod(["phase": "Running", "containerStatuses": [Self.running]], deleted: true)[1] == "Terminating")
        #expect(pod(["phase": "Succeeded"], deleted: true)[1] == "Succeeded")
        #expect(pod(["phase": "Running", "reason": "NodeLost"], deleted: true)[1] == "Unknown")
    }

    @Test func oneOfTwoCompleted() {
        let spec: JSONValue = ["containers": [["name": "c"], ["name": "d"]]]
        let done: JSONValue = ["name": "d", "state": ["terminated": ["exitCode": 0, "reason": "Completed"]]]
        #expect(
            pod(["phase": "Running", "containerStatuses": [done, Self.running]], spec: spec)
                == ["1/2", "NotReady", "0"])
    }
}
