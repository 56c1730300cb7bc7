import EdgeAPI
import EdgeJSON
import Testing

struct PodValidationTests {
    private static let container: JSONValue = ["name": "c", "image": "nginx:1"]

    private func spec(_ change: JSONValue) -> [String] {
        var spec: JSONValue = ["containers": [Self.container]]
        for member in change.object ?? JSONObject() { spec[member.key] = member.value }
        return problems("", "Pod", ["spec": spec])
    }

    private func container(_ change: JSONValue, volumes: JSONValue = []) -> [String] {
        var container = Self.container
        for member in change.object ?? JSONObject() { container[member.key] = member.value }
        return spec(["containers": [container], "volumes": volumes])
    }

    @Test(
        arguments: [
            ([:], []),
            (["name": ""], ["spec.containers[0].name: Required value"]),
            (["image": ""], ["spec.containers[0].image: Required value"]),
            (
                ["image": " a"],
                [
                    "spec.containers[0].image: Invalid value: \" a\": must not have leading or trailing whitespace"
                ]
            ),
            (
                ["imagePullPolicy": "Sometimes"],
                [
                    "spec.containers[0].imagePullPolicy: Unsupported value: \"Sometimes\": supported values: "
                        + "\"Always\", \"IfNotPresent\", \"Never\""
                ]
            ),
            (
                ["ports": [["containerPort": 0], ["containerPort": 70000, "name": "UP"]]],
                [
                    "spec.containers[0].ports[0].containerPort: Required value",
                    "spec.containers[0].ports[1].name: Invalid value: \"UP\": must contain only alpha-numeric "
                        + "characters (a-z, 0-9), and hyphens (-)",
                    "spec.containers[0].ports[1].name: Invalid value: \"UP\": must contain at least one letter "
                        + "(a-z)",
                    "spec.containers[0].ports[1].containerPort: Invalid value: 70000: must be between 1 and "
                        + "65535, inclusive",
                ]
            ),
            (
                ["ports": [["containerPort": 1, "hostPort": 80], ["containerPort": 2, "hostPort": 80]]],
                ["spec.containers[0].ports[1].hostPort: Duplicate value: \"TCP//80\""]
            ),
            (
                [
                    "env": [
                        [
                            "name": "A", "value": "x",
                            "valueFrom": ["fieldRef": ["fieldPath": "metadata.name"]],
                        ]
                    ]
                ],
                [
                    "spec.containers[0].env[0].valueFrom: Invalid value: \"\": may not be specified when `value` "
                        + "is not empty"
                ]
            ),
            (
                ["env": [["name": "A", "valueFrom": ["fieldRef": ["fieldPath": "spec.image"]]]]],
                [
                    "spec.containers[0].env[0].valueFrom.fieldRef.fieldPath: Invalid value: \"spec.image\": error "
                        + "converting fieldPath: field label not supported: spec.image"
                ]
            ),
            (
                ["env": [["name": "A", "valueFrom": ["fieldRef": ["fieldPath": "metadata.labels['app']"]]]]],
                []
            ),
            (
                ["envFrom": [[:]]],
                [
                    "spec.containers[0].envFrom: Invalid value: \"\": must specify one of: `configMapRef` or "
                        + "`secretRef`"
                ]
            ),
            (
                ["resources": ["requests": ["cpu": "2", "memory": "-1"], "limits": ["cpu": "1"]]],
                [
                    "spec.containers[0].resources.requests: Invalid value: \"2\": must be less than or equal to "
                        + "cpu limit of 1",
                    "spec.containers[0].resources.requests[memory]: Invalid value: \"-1\": must be greater than "
                        + "or equal to 0",
                ]
            ),
            (
                ["resources": ["limits": ["gpu": "1"]]],
                [
                    "spec.containers[0].resources.limits[gpu]: Invalid value: \"gpu\": must be a standard resource "
                        + "for containers",
                    "spec.containers[0].resources.requests[gpu]: Invalid value: \"gpu\": must be a standard "
                        + "resource for containers",
                ]
            ),
            (
                ["livenessProbe": ["successThreshold": 2, "httpGet": ["port": 0]]],
                [
                    "spec.containers[0].livenessProbe.httpGet.port: Invalid value: 0: must be between 1 and 65535, "
                        + "inclusive",
                    "spec.containers[0].livenessProbe.successThreshold: Invalid value: 2: must be 1",
                ]
            ),
            (
                ["readinessProbe": ["exec": ["command": ["a"]], "tcpSocket": ["port": 1]]],
                [
                    "spec.containers[0].readinessProbe.tcpSocket: Forbidden: may not specify more than 1 handler type"
                ]
            ),
            (
                ["startupProbe": [:]],
                ["spec.containers[0].startupProbe: Required value: must specify a handler type"]
            ),
            (
                ["volumeMounts": [["name": "v", "mountPath": "/a"]]],
                ["spec.containers[0].volumeMounts[0].name: Not found: \"v\""]
            ),
            (
                ["securityContext": ["privileged": true, "allowPrivilegeEscalation": false]],
                [
                    "spec.containers[0].securityContext: Invalid value: "
                        + "{\"privileged\":true,\"allowPrivilegeEscalation\":false}: cannot set "
                        + "`allowPrivilegeEscalation` to false and `privileged` to true"
                ]
            ),
            (
                ["securityContext": ["seccompProfile": ["type": "Localhost"]]],
                [
                    "spec.containers[0].securityContext.seccompProfile.localhostProfile: Required value: must be "
                        + "set when seccomp type is Localhost"
                ]
            ),
        ] as [(JSONValue, [String])])
    func containers(_ change: JSONValue, _ expected: [String]) { #expect(container(change) == expected) }

    @Test(
        arguments: [
            (["containers": []], ["spec.containers: Required value"]),
            (
                ["restartPolicy": "Maybe"],
                [
                    "spec.restartPolicy: Unsupported value: \"Maybe\": supported values: \"Always\", \"OnFailure\", "
                        + "\"Never\""
                ]
            ),
            (
                ["dnsPolicy": "None"],
                ["spec.dnsConfig: Required value: must provide `dnsConfig` when `dnsPolicy` is None"]
            ),
            (["hostname": "a.b"], ["spec.hostname: Invalid value: \"a.b\": must not contain dots"]),
            (
                ["activeDeadlineSeconds": 0],
                ["spec.activeDeadlineSeconds: Invalid value: 0: must be between 1 and 2147483647, inclusive"]
            ),
            (
                ["tolerations": [["effect": "NoSchedule", "value": "x"]]],
                [
                    "spec.tolerations[0].operator: Invalid value: \"\": operator must be Exists when `key` is "
                        + "empty, which means \"match all values and all keys\""
                ]
            ),
            (
                ["tolerations": [["key": "a", "operator": "Exists", "tolerationSeconds": 5]]],
                [
                    "spec.tolerations[0].effect: Invalid value: \"\": effect must be 'NoExecute' when "
                        + "`tolerationSeconds` is set"
                ]
            ),
            (
                ["ephemeralContainers": [["name": "e", "image": "a"]]],
                ["spec.ephemeralContainers: Forbidden: cannot be set on create"]
            ),
            (
                [
                    "initContainers": [
                        ["name": "c", "image": "a", "readinessProbe": ["exec": ["command": ["a"]]]]
                    ]
                ],
                [
                    "spec.initContainers[0].name: Duplicate value: \"c\"",
                    "spec.initContainers[0].readinessProbe: Forbidden: may not be set for init containers without "
                        + "restartPolicy=Always",
                ]
            ),
            (
                [
                    "affinity": [
                        "nodeAffinity": [
                            "requiredDuringSchedulingIgnoredDuringExecution": ["nodeSelectorTerms": []]
                        ]
                    ]
                ],
                [
                    "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms: "
                        + "Required value: must have at least one node selector term"
                ]
            ),
            (
                ["topologySpreadConstraints": [["topologyKey": "a", "whenUnsatisfiable": "DoNotSchedule"]]],
                [
                    "spec.topologySpreadConstraints[0].maxSkew: Invalid value: 0: must be greater than zero"
                ]
            ),
            (
                ["securityContext": ["sysctls": [["name": "net..x", "value": "1"]], "runAsUser": -1]],
                [
                    "spec.securityContext.runAsUser: Invalid value: -1: must be between 0 and 2147483647, "
                        + "inclusive",
                    "spec.securityContext.sysctls[0].name: Invalid value: \"net..x\": must have at most 253 "
                        + "characters and match regex "
                        + "^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$",
                ]
            ),
        ] as [(JSONValue, [String])])
    func specs(_ change: JSONValue, _ expected: [String]) { #expect(spec(change) == expected) }

    @Test(
        arguments: [
            (["name": "v", "emptyDir": [:]], []),
            (["name": "V", "emptyDir": [:]], 1),
            (
                ["name": "v", "emptyDir": [:], "hostPath": ["path": "/a"]],
                ["spec.volumes[0].hostPath: Forbidden: may not specify more than 1 volume type"]
            ),
            (
                ["name": "v", "hostPath": ["path": "/a/../b"]],
                ["spec.volumes[0].hostPath.path: Invalid value: \"/a/../b\": must not contain '..'"]
            ),
            (["name": "v", "secret": [:]], ["spec.volumes[0].secret.secretName: Required value"]),
            (
                ["name": "v", "configMap": ["name": "c", "defaultMode": 512]],
                [
                    "spec.volumes[0].configMap.defaultMode: Invalid value: 512: must be a number between 0 and "
                        + "0777 (octal), both inclusive"
                ]
            ),
            (
                [
                    "name": "v",
                    "projected": [
                        "sources": [["serviceAccountToken": ["path": "t", "expirationSeconds": 5]]]
                    ],
                ],
                2
            ),
        ] as [(JSONValue, Expectation)])
    func volumes(_ volume: JSONValue, _ expected: Expectation) {
        let found = spec(["volumes": [volume]])
        switch expected {
        case .messages(let messages): #expect(found == messages)
        case .count(let count): #expect(found.count == count)
        }
    }

    enum Expectation: ExpressibleByArrayLiteral, ExpressibleByIntegerLiteral, Sendable {
        case messages([String])
        case count(Int)
        init(arrayLiteral elements: String...) { self = .messages(elements) }
        init(integerLiteral value: Int) { self = .count(value) }
    }

    @Test func updateOfAnImage() {
        let old: JSONValue = ["spec": ["containers": [Self.container]]]
        let new: JSONValue = ["spec": ["containers": [["name": "c", "image": "nginx:2"]]]]
        #expect(updateProblems("", "Pod", from: old, to: new).count == 0)
    }

    @Test func updateOfOtherFields() {
        let old: JSONValue = ["spec": ["containers": [Self.container], "nodeName": "a"]]
        let new: JSONValue = ["spec": ["containers": [Self.container], "nodeName": "b"]]
        #expect(
            updateProblems("", "Pod", from: old, to: new) == [
                "spec: Forbidden: pod updates may not change fields other than `spec.containers[*].image`,"
                    + "`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only "
                    + "additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be "
                    + "set to 1 if it was previously negative)\nspec.nodeName"
            ])
        let more: JSONValue = [
            "spec": ["containers": [Self.container, ["name": "d", "image": "x"]], "nodeName": "a"]
        ]
        #expect(
            updateProblems("", "Pod", from: old, to: more)
                == ["spec.containers: Forbidden: pod updates may not add or remove containers"])
    }

    @Test func tolerationsAreOnlyAdded() {
        func pod(_ tolerations: JSONValue) -> JSONValue {
            ["spec": ["containers": [Self.container], "tolerations": tolerations]]
        }
        let first: JSONValue = ["key": "a", "operator": "Exists", "effect": "NoExecute"]
        var timed = first
        timed["tolerationSeconds"] = 5
        #expect(
            updateProblems("", "Pod", from: pod([first]), to: pod([timed, ["operator": "Exists"]])) == [])
        #expect(
            updateProblems("", "Pod", from: pod([first]), to: pod([])) == [
                "spec.tolerations: Forbidden: existing toleration can not be modified except its "
                    + "tolerationSeconds"
            ])
    }

    @Test func ephemeralContainers() {
        let old = prepared("", "Pod", ["spec": ["containers": [Self.container]]], isNamespaced: true)
        var new = old
        new[path: "spec", "ephemeralContainers"] = [
            ["name": "e", "image": "a:1", "ports": [["containerPort": 1]]]
        ]
        Defaulter.apply(to: &new, group: "", kind: "Pod")
        #expect(
            ObjectValidator.validateEphemeralContainersUpdate(new, old: old).map(\.description)
                == ["spec.ephemeralContainers[0].ports: Forbidden: cannot be set for an Ephemeral Container"])
        #expect(
            ObjectValidator.validateEphemeralContainersUpdate(old, old: new).map(\.description).first?
                .contains("may not be removed") == true)
    }
}
