import EdgeAPI
import EdgeJSON
import Testing

@testable import EdgeAPIServer

struct TableLayoutTests {
    private static let template: JSONValue = [
        "spec": ["containers": [["name": "a", "image": "x"], ["name": "b", "image": "y"]]]
    ]
    private static let selector: JSONValue = ["matchLabels": ["app": "web"]]

    @Test(
        arguments: [
            (
                "deployments.apps",
                [
                    "spec": ["replicas": 3, "template": template, "selector": selector],
                    "status": ["readyReplicas": 2, "updatedReplicas": 3, "availableReplicas": 1],
                ],
                ["n", "2/3", "3", "1", "5m", "a,b", "x,y", "app=web"]
            ),
            (
                "replicasets.apps",
                [
                    "spec": ["replicas": 3, "template": template, "selector": selector],
                    "status": ["replicas": 3, "readyReplicas": 2],
                ],
                ["n", "3", "3", "2", "5m", "a,b", "x,y", "app=web"]
            ),
            (
                "statefulsets.apps",
                ["spec": ["replicas": 3, "template": template], "status": ["readyReplicas": 2]],
                ["n", "2/3", "5m", "a,b", "x,y"]
            ),
            (
                "daemonsets.apps",
                [
                    "spec": ["template": template, "selector": selector],
                    "status": ["desiredNumberScheduled": 3, "currentNumberScheduled": 2, "numberReady": 1],
                ],
                ["n", "3", "2", "1", "0", "0", "<none>", "5m", "a,b", "x,y", "app=web"]
            ),
            (
                "jobs.batch",
                [
                    "spec": ["completions": 3, "template": template, "selector": selector],
                    "status": [
                        "succeeded": 1, "startTime": time(90),
                        "conditions": [["type": "Suspended", "status": "False"]],
                    ],
                ],
                ["n", "Running", "1/3", "90s", "5m", "a,b", "x,y", "app=web"]
            ),
            (
                "jobs.batch",
                [
                    "spec": ["parallelism": 2],
                    "status": [
                        "startTime": time(90), "completionTime": time(30),
                        "conditions": [["type": "Complete", "status": "True"]],
                    ],
                ],
                ["n", "Complete", "0/1 of 2", "60s", "5m", "", "", "<none>"]
            ),
            (
                "cronjobs.batch",
                [
                    "spec": [
                        "schedule": "@daily", "suspend": false,
                        "jobTemplate": ["spec": ["template": template]],
                    ], "status": ["active": [[:]], "lastScheduleTime": time(60)],
                ],
                ["n", "@daily", "<none>", "False", "1", "60s", "5m", "a,b", "x,y", "<none>"]
            ),
            (
                "services",
                [
                    "spec": [
                        "type": "NodePort", "clusterIP": "10.43.0.1",
                        "ports": [["port": 80, "nodePort": 30080], ["port": 53, "protocol": "UDP"]],
                        "selector": ["b": "2", "a": "1"],
                    ]
                ],
                ["n", "NodePort", "10.43.0.1", "<none>", "80:30080/TCP,53/UDP", "5m", "a=1,b=2"]
            ),
            (
                "services", ["spec": ["type": "LoadBalancer", "clusterIP": "10.43.0.1"]],
                ["n", "LoadBalancer", "10.43.0.1", "<pending>", "<none>", "5m", "<none>"]
            ),
            (
                "services",
                [
                    "spec": ["type": "LoadBalancer", "externalIPs": ["1.2.3.4"]],
                    "status": ["loadBalancer": ["ingress": [["ip": "5.6.7.8"]]]],
                ],
                ["n", "LoadBalancer", "<none>", "5.6.7.8,1.2.3.4", "<none>", "5m", "<none>"]
            ),
            (
                "nodes",
                [
                    "metadata": ["name": "n", "labels": ["node-role.kubernetes.io/control-plane": ""]],
                    "spec": ["unschedulable": true],
                    "status": [
                        "conditions": [["type": "Ready", "status": "True"]],
                        "addresses": [["type": "InternalIP", "address": "192.168.1.2"]],
                        "nodeInfo": ["kubeletVersion": "v1.36.0", "osImage": "Debian"],
                    ],
                ],
                [
                    "n", "Ready,SchedulingDisabled", "control-plane", "5m", "v1.36.0", "192.168.1.2",
                    "<none>",
                    "Debian", "<unknown>", "<unknown>",
                ]
            ),
            ("namespaces", ["status": ["phase": "Active"]], ["n", "Active", "5m"]),
            ("configmaps", ["data": ["a": "1"], "binaryData": ["b": ""]], ["n", "2", "5m"]),
            ("secrets", ["type": "Opaque", "data": ["a": ""]], ["n", "Opaque", "1", "5m"]),
            ("serviceaccounts", [:], ["n", "0", "5m"]),
            (
                "endpoints",
                [
                    "subsets": [
                        [
                            "addresses": [
                                ["ip": "1.1.1.1"], ["ip": "1.1.1.2"], ["ip": "1.1.1.3"], ["ip": "1.1.1.4"],
                            ], "ports": [["port": 80]],
                        ]
                    ]
                ],
                ["n", "1.1.1.1:80,1.1.1.2:80,1.1.1.3:80 + 1 more...", "5m"]
            ),
            ("endpoints", [:], ["n", "<none>", "5m"]),
            (
                "endpointslices.discovery.k8s.io",
                ["addressType": "IPv4", "endpoints": [["addresses": ["1.1.1.1"]]], "ports": [["port": 80]]],
                ["n", "IPv4", "80", "1.1.1.1", "5m"]
            ),
            (
                "persistentvolumeclaims",
                [
                    "spec": [
                        "volumeName": "v", "storageClassName": "local-path", "volumeMode": "Filesystem",
                    ],
                    "status": [
                        "phase": "Bound", "capacity": ["storage": "1Gi"], "accessModes": ["ReadWriteOnce"],
                    ],
                ],
                ["n", "Bound", "v", "1Gi", "RWO", "local-path", "<unset>", "5m", "Filesystem"]
            ),
            (
                "storageclasses.storage.k8s.io",
                [
                    "metadata": [
                        "name": "n", "annotations": ["storageclass.kubernetes.io/is-default-class": "true"],
                    ], "provisioner": "p",
                ],
                ["n (default)", "p", "Delete", "Immediate", "false", "5m"]
            ),
            (
                "rolebindings.rbac.authorization.k8s.io",
                [
                    "roleRef": ["kind": "Role", "name": "r"],
                    "subjects": [
                        ["kind": "User", "name": "u"],
                        ["kind": "ServiceAccount", "namespace": "a", "name": "s"],
                    ],
                ],
                ["n", "Role/r", "5m", "u", "", "a/s"]
            ),
            (
                "certificatesigningrequests.certificates.k8s.io",
                [
                    "spec": ["signerName": "s/x", "username": "u", "expirationSeconds": 3600],
                    "status": ["conditions": [["type": "Approved", "status": "True"]], "certificate": "x"],
                ],
                ["n", "5m", "s/x", "u", "60m", "Approved,Issued"]
            ),
            (
                "horizontalpodautoscalers.autoscaling",
                [
                    "spec": [
                        "scaleTargetRef": ["kind": "Deployment", "name": "web"], "minReplicas": 1,
                        "maxReplicas": 5,
                        "metrics": [
                            [
                                "type": "Resource",
                                "resource": [
                                    "name": "cpu",
                                    "target": ["type": "Utilization", "averageUtilization": 80],
                                ],
                            ]
                        ],
                    ],
                    "status": [
                        "currentReplicas": 2,
                        "currentMetrics": [
                            [
                                "type": "Resource",
                                "resource": ["name": "cpu", "current": ["averageUtilization": 12]],
                            ]
                        ],
                    ],
                ],
                ["n", "Deployment/web", "cpu: 12%/80%", "1", "5", "2", "5m"]
            ),
            (
                "poddisruptionbudgets.policy",
                ["spec": ["minAvailable": "50%"], "status": ["disruptionsAllowed": 1]],
                ["n", "50%", "N/A", "1", "5m"]
            ),
            ("leases.coordination.k8s.io", ["spec": ["holderIdentity": "h"]], ["n", "h", "5m"]),
            ("widgets.example.com", [:], ["n", "5m"]),
        ] as [(String, JSONValue, [String])])
    func rows(_ resource: String, _ json: JSONValue, _ expected: [String]) {
        var json = json
        if json["metadata"] == nil { json["metadata"] = ["name": "n"] }
        #expect(cells(resource, json) == expected)
    }

    @Test func eventsOfBothGroups() {
        let old: JSONValue = [
            "metadata": ["name": "e"], "involvedObject": ["kind": "Pod", "name": "web", "fieldPath": "f"],
            "type": "Warning", "reason": "Failed", "message": " text\n", "count": 3,
            "firstTimestamp": time(100), "lastTimestamp": time(10),
            "source": ["component": "kubelet", "host": "pi"],
        ]
        #expect(
            cells("events", old)
                == ["10s", "Warning", "Failed", "pod/web", "f", "kubelet, pi", "text", "100s", "3", "e"])
        let new: JSONValue = [
            "metadata": ["name": "e"], "regarding": ["kind": "Pod", "name": "web"], "type": "Normal",
            "reason": "R", "note": "n", "eventTime": time(20), "reportingController": "c",
        ]
        #expect(
            cells("events.events.k8s.io", new)
                == ["20s", "Normal", "R", "pod/web", "", "c", "n", "20s", "1", "e"])
    }
}
