import EdgeAPI
import EdgeJSON
import Testing

struct WorkloadValidationTests {
    private static let template: JSONValue = [
        "metadata": ["labels": ["app": "web"]], "spec": ["containers": [["name": "c", "image": "nginx:1"]]],
    ]

    private func workload(_ change: JSONValue) -> JSONValue {
        var spec: JSONValue = ["selector": ["matchLabels": ["app": "web"]], "template": Self.template]
        for member in change.object ?? JSONObject() { spec[member.key] = member.value }
        return ["spec": spec]
    }

    @Test(arguments: ["Deployment", "ReplicaSet", "StatefulSet", "DaemonSet"])
    func acceptsSimpleOnes(_ kind: String) { #expect(problems("apps", kind, workload([:])) == []) }

    @Test(
        arguments: [
            (["replicas": -1], ["spec.replicas: Invalid value: -1: must be greater than or equal to 0"]),
            (["selector": nil], ["spec.selector: Required value"]),
            (
                ["selector": [:]],
                ["spec.selector: Invalid value: {}: empty selector is invalid for deployment"]
            ),
            (
                ["selector": ["matchLabels": ["app": "api"]]],
                [
                    "spec.template.metadata.labels: Invalid value: {\"app\":\"web\"}: `selector` does not match "
                        + "template `labels`"
                ]
            ),
            (
                ["strategy": ["type": "Recreate", "rollingUpdate": ["maxSurge": 1]]],
                [
                    "spec.strategy.rollingUpdate: Forbidden: may not be specified when strategy `type` is "
                        + "'Recreate'"
                ]
            ),
            (
                ["strategy": ["rollingUpdate": ["maxSurge": 0, "maxUnavailable": "0%"]]],
                [
                    "spec.strategy.rollingUpdate.maxUnavailable: Invalid value: \"0%\": may not be 0 when "
                        + "`maxSurge` is 0"
                ]
            ),
            (
                ["strategy": ["rollingUpdate": ["maxUnavailable": "101%"]]],
                [
                    "spec.strategy.rollingUpdate.maxUnavailable: Invalid value: \"101%\": must not be greater than "
                        + "100%"
                ]
            ),
            (
                ["progressDeadlineSeconds": 5, "minReadySeconds": 5],
                ["spec.progressDeadlineSeconds: Invalid value: 5: must be greater than minReadySeconds"]
            ),
            (
                [
                    "template": [
                        "metadata": ["labels": ["app": "web"]],
                        "spec": ["containers": [["name": "c", "image": "a"]], "restartPolicy": "Never"],
                    ]
                ],
                [
                    "spec.template.spec.restartPolicy: Unsupported value: \"Never\": supported values: \"Always\""
                ]
            ),
        ] as [(JSONValue, [String])])
    func deployments(_ change: JSONValue, _ expected: [String]) {
        #expect(problems("apps", "Deployment", workload(change)) == expected)
    }

    @Test func selectorsAreImmutable() {
        var other = workload(["selector": ["matchLabels": ["app": "api"]]])
        other[path: "spec", "template", "metadata", "labels"] = ["app": "api"]
        for kind in ["Deployment", "ReplicaSet", "DaemonSet"] {
            #expect(
                updateProblems("apps", kind, from: workload([:]), to: other) == [
                    "spec.selector: Invalid value: {\"matchLabels\":{\"app\":\"api\"}}: field is immutable"
                ])
        }
        #expect(
            updateProblems("apps", "Deployment", from: workload([:]), to: workload(["replicas": 3])) == [])
    }

    @Test func statefulSetKeepsMost() {
        let old = workload(["serviceName": "a"])
        #expect(
            updateProblems(
                "apps", "StatefulSet", from: old, to: workload(["serviceName": "a", "replicas": 2])) == [])
        #expect(
            updateProblems("apps", "StatefulSet", from: old, to: workload(["serviceName": "b"])) == [
                "spec: Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', "
                    + "'template', 'updateStrategy', 'revisionHistoryLimit', "
                    + "'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden"
            ])
    }

    @Test func daemonSetStrategy() {
        let change: JSONValue = ["updateStrategy": ["rollingUpdate": ["maxSurge": 1, "maxUnavailable": 1]]]
        #expect(
            problems("apps", "DaemonSet", workload(change)) == [
                "spec.updateStrategy.rollingUpdate.maxSurge: Invalid value: 1: may not be set when "
                    + "maxUnavailable is non-zero"
            ])
    }

    private func job(_ change: JSONValue, policy: JSONValue = "Never") -> JSONValue {
        var spec: JSONValue = ["template": Self.template]
        spec[path: "template", "spec", "restartPolicy"] = policy
        for member in change.object ?? JSONObject() { spec[member.key] = member.value }
        return ["spec": spec]
    }

    @Test(
        arguments: [
            ([:], "Never", []),
            (
                [:], "Always",
                ["spec.template.spec.restartPolicy: Required value: valid values: \"OnFailure\", \"Never\""]
            ),
            (
                ["backoffLimit": -1], "Never",
                ["spec.backoffLimit: Invalid value: -1: must be greater than or equal to 0"]
            ),
            (
                ["completionMode": "Indexed", "parallelism": 1], "Never",
                ["spec.completions: Required value: when completion mode is Indexed"]
            ),
            (
                ["podFailurePolicy": ["rules": [["action": "Ignore", "onPodConditions": [["type": "X"]]]]]],
                "OnFailure",
                [
                    "spec.template.spec.restartPolicy: Invalid value: \"OnFailure\": only \"Never\" is supported "
                        + "when podFailurePolicy is specified"
                ]
            ),
        ] as [(JSONValue, JSONValue, [String])])
    func jobs(_ change: JSONValue, _ policy: JSONValue, _ expected: [String]) {
        #expect(problems("batch", "Job", job(change, policy: policy)) == expected)
    }

    @Test func jobTemplatesAreImmutable() {
        var other = job([:])
        other[path: "spec", "template", "spec", "containers"] = [["name": "c", "image": "other:1"]]
        let found = updateProblems("batch", "Job", from: job([:]), to: other)
        #expect(found.count == 1 && found[0].hasSuffix(": field is immutable"))
        #expect(
            updateProblems("batch", "Job", from: job([:]), to: job(["parallelism": 3, "completions": 1]))
                == [])
        var steered = job(["suspend": true])
        steered[path: "spec", "template", "spec", "nodeSelector"] = ["a": "b"]
        #expect(updateProblems("batch", "Job", from: job(["suspend": true]), to: steered) == [])
    }

    @Test(arguments: [
        ("*/5 * * * *", nil), ("@hourly", nil), ("0 0 1 jan mon-fri", nil), ("1,2,3-5/2 0 * * *", nil),
        ("* * * *", "expected exactly 5 fields, found 4: [* * * *]"),
        ("60 * * * *", "end of range (60) above maximum (59): 60"),
        ("* * 0 * *", "beginning of range (0) below minimum (1): 0"),
        ("x * * * *", "failed to parse int from x"), ("@often", "unrecognized descriptor: @often"),
        ("*/0 * * * *", "step of range should be a positive number: */0"),
        ("TZ=UTC * * * * *", "cannot use TZ or CRON_TZ in schedule, use timeZone field instead"),
    ])
    func schedules(_ schedule: String, _ message: String?) {
        let found = problems(
            "batch", "CronJob",
            ["spec": ["schedule": .string(schedule), "jobTemplate": job([:])]])
        #expect(
            found == (message.map { ["spec.schedule: Invalid value: \"\(schedule)\": \($0)"] } ?? []))
    }

    @Test func cronJobNames() {
        let name = String(repeating: "a", count: 53)
        let found = problems(
            "batch", "CronJob",
            ["metadata": ["name": .string(name)], "spec": ["schedule": "@daily", "jobTemplate": job([:])]])
        #expect(found == ["metadata.name: Invalid value: \"\(name)\": must be no more than 52 characters"])
    }
}
