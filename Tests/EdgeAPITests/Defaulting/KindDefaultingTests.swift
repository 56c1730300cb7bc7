import EdgeAPI
import EdgeJSON
import Testing

struct KindDefaultingTests {
    private func defaulted(_ group: String, _ kind: String, _ json: JSONValue) -> JSONValue {
        var object = APIObject(json.object ?? JSONObject())
        Defaulter.apply(to: &object, group: group, kind: kind)
        var again = object
        Defaulter.apply(to: &again, group: group, kind: kind)
        #expect(again == object)
        return object.value
    }

    @Test func deployment() {
        let spec = defaulted("apps", "Deployment", ["spec": ["template": ["spec": ["containers": []]]]])[
            "spec"]
        #expect(spec?["replicas"] == 1 && spec?["revisionHistoryLimit"] == 10)
        #expect(spec?["progressDeadlineSeconds"] == 600)
        #expect(
            spec?["strategy"] == [
                "type": "RollingUpdate", "rollingUpdate": ["maxUnavailable": "25%", "maxSurge": "25%"],
            ])
        #expect(spec?[path: "template", "spec", "restartPolicy"] == "Always")
        // Only pods get this one.
        #expect(spec?[path: "template", "spec", "enableServiceLinks"] == nil)
    }

    @Test func recreateHasNoRollingUpdate() {
        let object = defaulted("apps", "Deployment", ["spec": ["strategy": ["type": "Recreate"]]])
        #expect(object[path: "spec", "strategy"] == ["type": "Recreate"])
    }

    @Test func templatesKeepLimitsOnly() {
        let template: JSONValue = [
            "spec": ["containers": [["name": "c", "image": "a", "resources": ["limits": ["cpu": "1"]]]]]
        ]
        let object = defaulted("apps", "ReplicaSet", ["spec": ["template": template]])
        let containers = object[path: "spec", "template", "spec", "containers"]?.array
        #expect(containers?.first?["resources"] == ["limits": ["cpu": "1"]])
    }

    @Test func statefulSet() {
        let object = defaulted(
            "apps", "StatefulSet",
            ["spec": ["volumeClaimTemplates": [["spec": ["accessModes": ["ReadWriteOnce"]]]]]])
        let spec = object["spec"]
        #expect(spec?["updateStrategy"] == ["type": "RollingUpdate", "rollingUpdate": ["partition": 0]])
        #expect(spec?["podManagementPolicy"] == "OrderedReady")
        #expect(
            spec?["persistentVolumeClaimRetentionPolicy"] == [
                "whenDeleted": "Retain", "whenScaled": "Retain",
            ])
        #expect(spec?["volumeClaimTemplates"]?.array?.first?[path: "spec", "volumeMode"] == "Filesystem")
        #expect(spec?["volumeClaimTemplates"]?.array?.first?["kind"] == "PersistentVolumeClaim")
    }

    @Test func daemonSet() {
        #expect(
            defaulted("apps", "DaemonSet", ["spec": [:]])[path: "spec", "updateStrategy"]
                == ["type": "RollingUpdate", "rollingUpdate": ["maxUnavailable": 1, "maxSurge": 0]])
    }

    @Test(
        arguments: [
            ([:], 1, 1), (["parallelism": 3], nil, 3), (["completions": 5], 5, 1),
        ] as [(JSONValue, Int?, Int)])
    func jobCounts(_ spec: JSONValue, _ completions: Int?, _ parallelism: Int) {
        let spec = defaulted("batch", "Job", ["spec": spec])["spec"]
        #expect(spec?["completions"]?.int.map { Int($0) } == completions)
        #expect(spec?["parallelism"]?.int == Int64(parallelism))
        #expect(spec?["backoffLimit"] == 6 && spec?["completionMode"] == "NonIndexed")
        #expect(spec?["suspend"] == false && spec?["podReplacementPolicy"] == "TerminatingOrFailed")
    }

    @Test func jobTakesLabelsOfItsTemplate() {
        let object = defaulted("batch", "Job", ["spec": ["template": ["metadata": ["labels": ["a": "b"]]]]])
        #expect(object[path: "metadata", "labels"] == ["a": "b"])
    }

    @Test func cronJob() {
        let spec = defaulted("batch", "CronJob", ["spec": ["jobTemplate": ["spec": ["template": [:]]]]])[
            "spec"]
        #expect(spec?["concurrencyPolicy"] == "Allow" && spec?["suspend"] == false)
        #expect(spec?["successfulJobsHistoryLimit"] == 3 && spec?["failedJobsHistoryLimit"] == 1)
        #expect(spec?[path: "jobTemplate", "spec", "template", "spec", "dnsPolicy"] == "ClusterFirst")
        #expect(spec?[path: "jobTemplate", "spec", "completions"] == nil)
    }

    @Test func service() {
        let object = defaulted(
            "", "Service",
            ["spec": ["ports": [["port": 80], ["port": 53, "protocol": "UDP", "targetPort": "dns"]]]])
        #expect(
            object["spec"] == [
                "ports": [
                    ["port": 80, "protocol": "TCP", "targetPort": 80],
                    ["port": 53, "protocol": "UDP", "targetPort": "dns"],
                ],
                "sessionAffinity": "None", "type": "ClusterIP", "internalTrafficPolicy": "Cluster",
            ])
    }

    @Test func serviceTypes() {
        let balancer = defaulted(
            "", "Service", ["spec": ["type": "LoadBalancer", "sessionAffinity": "ClientIP"]])["spec"]
        #expect(balancer?["externalTrafficPolicy"] == "Cluster")
        #expect(balancer?["allocateLoadBalancerNodePorts"] == true)
        #expect(balancer?[path: "sessionAffinityConfig", "clientIP", "timeoutSeconds"] == 10800)
        let name = defaulted("", "Service", ["spec": ["type": "ExternalName", "externalName": "a.b"]])["spec"]
        #expect(name?["internalTrafficPolicy"] == nil)
    }

    @Test func secretTakesStringData() {
        let object = defaulted(
            "", "Secret", ["data": ["a": "eA==", "b": "eQ=="], "stringData": ["b": "z", "c": "w"]])
        #expect(object["data"] == ["a": "eA==", "b": "eg==", "c": "dw=="])
        #expect(object["stringData"] == nil && object["type"] == "Opaque")
    }

    @Test func namespaceNamesItself() {
        let object = defaulted("", "Namespace", ["metadata": ["name": "prod"]])
        #expect(object[path: "metadata", "labels"] == ["kubernetes.io/metadata.name": "prod"])
    }

    @Test func limitRange() {
        let object = defaulted(
            "", "LimitRange",
            ["spec": ["limits": [["type": "Container", "max": ["cpu": "2"], "min": ["memory": "1Mi"]]]]])
        let limit = object[path: "spec", "limits"]?.array?.first
        #expect(limit?["default"] == ["cpu": "2"])
        #expect(limit?["defaultRequest"] == ["cpu": "2", "memory": "1Mi"])
    }

    @Test func networkPolicy() {
        #expect(
            defaulted("networking.k8s.io", "NetworkPolicy", ["spec": [:]])[path: "spec", "policyTypes"]
                == ["Ingress"])
        let egress = defaulted(
            "networking.k8s.io", "NetworkPolicy", ["spec": ["egress": [["ports": [["port": 1]]]]]])
        #expect(egress[path: "spec", "policyTypes"] == ["Ingress", "Egress"])
        #expect(egress[path: "spec", "egress"] == [["ports": [["port": 1, "protocol": "TCP"]]]])
    }

    @Test func bindings() {
        let object = defaulted(
            "rbac.authorization.k8s.io", "RoleBinding",
            ["roleRef": ["kind": "Role"], "subjects": [["kind": "User"], ["kind": "ServiceAccount"]]])
        #expect(object[path: "roleRef", "apiGroup"] == "rbac.authorization.k8s.io")
        #expect(
            object["subjects"] == [
                ["kind": "User", "apiGroup": "rbac.authorization.k8s.io"], ["kind": "ServiceAccount"],
            ])
    }

    @Test func storage() {
        #expect(
            defaulted("storage.k8s.io", "StorageClass", [:])
                == ["reclaimPolicy": "Delete", "volumeBindingMode": "Immediate"])
        let volume = defaulted("", "PersistentVolume", ["spec": ["capacity": ["storage": "1024Mi"]]])
        #expect(volume[path: "spec", "persistentVolumeReclaimPolicy"] == "Retain")
        #expect(volume[path: "spec", "capacity", "storage"] == "1Gi")
        #expect(volume[path: "status", "phase"] == "Pending")
    }

    @Test func leavesUnknownKindsAlone() {
        #expect(defaulted("example.com", "Widget", ["spec": ["a": 1]]) == ["spec": ["a": 1]])
    }
}
