import EdgeAPI
import EdgeJSON
import Testing

struct PodDefaultingTests {
    private func pod(_ spec: JSONValue) -> JSONValue {
        var object = APIObject(["metadata": ["name": "p"], "spec": spec] as JSONObject)
        Defaulter.apply(to: &object, group: "", kind: "Pod")
        var again = object
        Defaulter.apply(to: &again, group: "", kind: "Pod")
        #expect(again == object)
        return object["spec"] ?? .null
    }

    private func container(_ container: JSONValue) -> JSONValue {
        pod(["containers": [container]])["containers"]?.array?.first ?? .null
    }

    @Test func minimalPod() {
        #expect(
            pod(["containers": [["name": "c", "image": "nginx"]]]) == [
                "containers": [
                    [
                        "name": "c", "image": "nginx", "imagePullPolicy": "Always",
                        "terminationMessagePath": "/dev/termination-log", "terminationMessagePolicy": "File",
                    ]
                ],
                "dnsPolicy": "ClusterFirst", "restartPolicy": "Always", "securityContext": [:],
                "terminationGracePeriodSeconds": 30, "schedulerName": "default-scheduler",
                "enableServiceLinks": true,
            ])
    }

    @Test(arguments: [
        ("nginx", "Always"), ("nginx:latest", "Always"), ("nginx:1.27", "IfNotPresent"),
        ("host:5000/nginx", "Always"), ("host:5000/nginx:1", "IfNotPresent"),
        ("nginx@sha256:abc", "IfNotPresent"), ("nginx:latest@sha256:abc", "Always"),
    ])
    func pullPolicy(_ image: String, _ policy: String) {
        #expect(
            container(["name": "c", "image": .string(image)])["imagePullPolicy"] == .string(policy))
    }

    @Test func probes() {
        let container = container([
            "name": "c", "image": "a:1",
            "livenessProbe": ["httpGet": ["port": 80]],
            "readinessProbe": ["grpc": ["port": 1], "periodSeconds": 3],
            "lifecycle": ["preStop": ["httpGet": ["port": "http", "path": "/stop"]]],
        ])
        #expect(
            container["livenessProbe"] == [
                "httpGet": ["port": 80, "path": "/", "scheme": "HTTP"], "timeoutSeconds": 1,
                "periodSeconds": 10, "successThreshold": 1, "failureThreshold": 3,
            ])
        #expect(container["readinessProbe"]?["periodSeconds"] == 3)
        #expect(container["readinessProbe"]?["grpc"] == ["port": 1, "service": ""])
        #expect(
            container[path: "lifecycle", "preStop", "httpGet"]
                == ["port": "http", "path": "/stop", "scheme": "HTTP"])
    }

    @Test func resources() {
        let container = container([
            "name": "c", "image": "a:1",
            "resources": ["limits": ["cpu": "0.5", "memory": "1Gi"], "requests": ["cpu": "1m"]],
        ])
        #expect(
            container["resources"]
                == ["limits": ["cpu": "500m", "memory": "1Gi"], "requests": ["cpu": "1m", "memory": "1Gi"]])
    }

    @Test func portsAndEnvironment() {
        let spec = pod([
            "hostNetwork": true,
            "containers": [
                [
                    "name": "c", "image": "a:1",
                    "ports": [["containerPort": 80], ["containerPort": 53, "protocol": "UDP"]],
                    "env": [["name": "A", "valueFrom": ["fieldRef": ["fieldPath": "metadata.name"]]]],
                ]
            ],
        ])
        let container = spec["containers"]?.array?.first
        #expect(
            container?["ports"] == [
                ["containerPort": 80, "protocol": "TCP", "hostPort": 80],
                ["containerPort": 53, "protocol": "UDP", "hostPort": 53],
            ])
        #expect(
            container?["env"] == [
                [
                    "name": "A",
                    "valueFrom": ["fieldRef": ["fieldPath": "metadata.name", "apiVersion": "v1"]],
                ]
            ])
    }

    @Test(
        arguments: [
            (["name": "v"], ["name": "v", "emptyDir": [:]]),
            (
                ["name": "v", "secret": ["secretName": "s"]],
                ["name": "v", "secret": ["secretName": "s", "defaultMode": 420]]
            ),
            (
                ["name": "v", "hostPath": ["path": "/x"]],
                ["name": "v", "hostPath": ["path": "/x", "type": ""]]
            ),
            (
                ["name": "v", "projected": ["sources": [["serviceAccountToken": ["path": "t"]]]]],
                [
                    "name": "v",
                    "projected": [
                        "sources": [["serviceAccountToken": ["path": "t", "expirationSeconds": 3600]]],
                        "defaultMode": 420,
                    ],
                ]
            ),
            (
                ["name": "v", "configMap": ["name": "c", "defaultMode": 256]],
                ["name": "v", "configMap": ["name": "c", "defaultMode": 256]]
            ),
        ] as [(JSONValue, JSONValue)])
    func volumes(_ volume: JSONValue, _ expected: JSONValue) {
        let spec = pod(["containers": [], "volumes": [volume]])
        #expect(spec["volumes"] == [expected])
    }

    @Test func serviceAccountHasTwoNames() {
        #expect(pod(["serviceAccount": "a"])["serviceAccountName"] == "a")
        #expect(pod(["serviceAccountName": "b"])["serviceAccount"] == "b")
    }
}
