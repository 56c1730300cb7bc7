import EdgeAPI
import EdgeJSON
import Testing

struct ClusterValidationTests {
    @Test func configMaps() {
        #expect(problems("", "ConfigMap", ["data": ["a.b": "x"], "binaryData": ["c": "eA=="]]) == [])
        #expect(problems("", "ConfigMap", ["data": ["a": "x"], "binaryData": ["a": "eA=="]]).count == 2)
        let big = JSONValue.string(String(repeating: "x", count: 1024 * 1024 + 1))
        #expect(
            problems("", "ConfigMap", ["data": ["a": big]])
                == [": Too long: may not be more than 1048576 bytes"])
        #expect(
            updateProblems(
                "", "ConfigMap", from: ["immutable": true, "data": ["a": "1"]], to: ["data": ["a": "2"]])
                == [
                    "immutable: Forbidden: field is immutable when `immutable` is set",
                    "data: Forbidden: field is immutable when `immutable` is set",
                ])
    }

    @Test(
        arguments: [
            ("Opaque", [:], []),
            ("kubernetes.io/tls", ["tls.crt": ""], ["data[tls.key]: Required value"]),
            (
                "kubernetes.io/basic-auth", [:],
                ["data[username]: Required value", "data[password]: Required value"]
            ),
            ("kubernetes.io/ssh-auth", ["ssh-privatekey": "eA=="], []),
            ("kubernetes.io/dockerconfigjson", [".dockerconfigjson": "e30="], []),
            (
                "kubernetes.io/dockerconfigjson", [".dockerconfigjson": "e3s="],
                [
                    "data[.dockerconfigjson]: Invalid value: \"<secret contents redacted>\": expected a string as "
                        + "object key"
                ]
            ),
            (
                "kubernetes.io/service-account-token", [:],
                ["metadata.annotations[kubernetes.io/service-account.name]: Required value"]
            ),
        ] as [(String, JSONValue, [String])])
    func secrets(_ type: String, _ data: JSONValue, _ expected: [String]) {
        #expect(problems("", "Secret", ["type": .string(type), "data": data]) == expected)
    }

    @Test func secretTypesAreImmutable() {
        #expect(
            updateProblems("", "Secret", from: ["type": "a"], to: ["type": "b"])
                == ["type: Invalid value: \"b\": field is immutable"])
    }

    @Test func nodes() {
        let taint: JSONValue = ["key": "a", "effect": "NoSchedule"]
        #expect(problems("", "Node", ["spec": ["taints": [taint]]], isNamespaced: false) == [])
        #expect(
            problems("", "Node", ["spec": ["taints": [taint, taint]]], isNamespaced: false)
                == ["spec.taints[1]: Duplicate value: {\"key\":\"a\",\"effect\":\"NoSchedule\"}"])
        #expect(
            updateProblems(
                "", "Node", from: ["spec": ["podCIDR": "10.42.0.0/24"]],
                to: ["spec": ["podCIDR": "10.42.1.0/24"]], isNamespaced: false)
                == [
                    "spec.podCIDRs: Forbidden: node updates may not change podCIDR except from \"\" to valid"
                ])
    }

    @Test func roles() {
        let group = "rbac.authorization.k8s.io"
        #expect(
            problems(group, "Role", ["rules": [["verbs": [], "apiGroups": [""], "resources": ["pods"]]]])
                == ["rules[0].verbs: Required value: verbs must contain at least one value"])
        #expect(
            problems(
                group, "ClusterRole", ["rules": [["verbs": ["get"], "nonResourceURLs": ["/healthz"]]]],
                isNamespaced: false) == [])
        #expect(
            problems(group, "Role", ["rules": [["verbs": ["get"], "nonResourceURLs": ["/healthz"]]]]) == [
                "rules[0].nonResourceURLs: Invalid value: [\"/healthz\"]: namespaced rules cannot apply to "
                    + "non-resource URLs"
            ])
        func binding(_ role: String) -> JSONValue {
            [
                "roleRef": ["kind": "Role", "name": .string(role)],
                "subjects": [["kind": "User", "name": "u"]],
            ]
        }
        #expect(problems(group, "RoleBinding", binding("a")) == [])
        #expect(updateProblems(group, "RoleBinding", from: binding("a"), to: binding("b")).count == 1)
        #expect(
            problems(
                group, "ClusterRoleBinding",
                [
                    "roleRef": ["kind": "ClusterRole", "name": "a"],
                    "subjects": [["kind": "ServiceAccount", "name": "s"]],
                ],
                isNamespaced: false) == ["subjects[0].namespace: Required value"])
    }

    @Test func priorityClasses() {
        let group = "scheduling.k8s.io"
        #expect(
            problems(group, "PriorityClass", ["value": 1_000_000_001], isNamespaced: false) == [
                "value: Forbidden: maximum allowed value of a user defined priority is 1000000000"
            ])
        #expect(
            problems(
                group, "PriorityClass",
                ["metadata": ["name": "system-node-critical"], "value": 2_000_001_000], isNamespaced: false)
                == [])
        #expect(
            updateProblems(group, "PriorityClass", from: ["value": 1], to: ["value": 2], isNamespaced: false)
                == ["value: Forbidden: may not be changed in an update."])
    }

    @Test func claims() {
        func claim(_ size: String, volume: String = "", phase: JSONValue = "Pending") -> JSONValue {
            [
                "spec": [
                    "accessModes": ["ReadWriteOnce"], "volumeName": .string(volume),
                    "resources": ["requests": ["storage": .string(size)]],
                ],
                "status": ["phase": phase, "capacity": ["storage": "1Gi"]],
            ]
        }
        #expect(problems("", "PersistentVolumeClaim", claim("1Gi")) == [])
        #expect(
            problems("", "PersistentVolumeClaim", ["spec": [:]]) == [
                "spec.accessModes: Required value: at least 1 access mode is required",
                "spec.resources[storage]: Required value",
            ])
        #expect(
            updateProblems("", "PersistentVolumeClaim", from: claim("1Gi"), to: claim("1Gi", volume: "v"))
                == [])
        #expect(updateProblems("", "PersistentVolumeClaim", from: claim("1Gi"), to: claim("2Gi")).count == 1)
        let bound = claim("1Gi", volume: "v", phase: "Bound")
        #expect(
            updateProblems(
                "", "PersistentVolumeClaim", from: bound, to: claim("2Gi", volume: "v", phase: "Bound")) == []
        )
        #expect(
            updateProblems(
                "", "PersistentVolumeClaim", from: bound, to: claim("1Mi", volume: "v", phase: "Bound"))
                == ["spec.resources.requests.storage: Forbidden: field can not be less than status.capacity"])
    }

    @Test func volumes() {
        let spec: JSONValue = [
            "capacity": ["storage": "1Gi"], "accessModes": ["ReadWriteOnce"], "hostPath": ["path": "/data"],
        ]
        #expect(problems("", "PersistentVolume", ["spec": spec], isNamespaced: false) == [])
        var local = spec
        local["hostPath"] = nil
        local["local"] = ["path": "/data"]
        #expect(
            problems("", "PersistentVolume", ["spec": local], isNamespaced: false)
                == ["metadata.annotations: Required value: Local volume requires node affinity"])
        #expect(
            updateProblems(
                "", "PersistentVolume", from: ["spec": spec], to: ["spec": local], isNamespaced: false
            )
            .contains(
                "spec.persistentvolumesource: Forbidden: spec.persistentvolumesource is immutable after creation"
            ))
    }

    @Test func statusUpdates() {
        let old = prepared("apps", "Deployment", ["spec": [:]], isNamespaced: true)
        var new = old
        new["status"] = ["replicas": 1, "readyReplicas": 2]
        #expect(
            ObjectValidator.validateStatusUpdate(new, old: old, group: "apps", kind: "Deployment")
                .map(\.description)
                == ["status.readyReplicas: Invalid value: 2: cannot be greater than status.replicas"])
    }

    @Test func smallKinds() {
        #expect(
            problems("coordination.k8s.io", "Lease", ["spec": ["leaseDurationSeconds": 0]])
                == ["spec.leaseDurationSeconds: Invalid value: 0: must be greater than 0"])
        #expect(
            problems("", "Event", ["involvedObject": ["namespace": "other"]])
                == ["involvedObject.namespace: Invalid value: \"other\": does not match event.namespace"])
        #expect(
            problems("policy", "PodDisruptionBudget", ["spec": ["minAvailable": 1, "maxUnavailable": "50%"]])
                .count == 1)
        #expect(
            problems("storage.k8s.io", "StorageClass", [:], isNamespaced: false) == [
                "provisioner: Required value"
            ])
        #expect(
            problems(
                "", "LimitRange",
                ["spec": ["limits": [["type": "Container", "min": ["cpu": "2"], "max": ["cpu": "1"]]]]]
            ).isEmpty == false)
        #expect(ObjectValidator.knows(group: "apps", kind: "Deployment"))
    }
}
