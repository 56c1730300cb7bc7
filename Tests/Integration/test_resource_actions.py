"""What writes do beyond storing an object: evictions under a budget, parts of pods, scale, tokens, admission."""
import base64
import json

import pytest

from harness.cluster import wait_for
from harness.rest import Rest
from test_resources import merged, signing_request

NAMESPACE = "actions"
CORE = f"/api/v1/namespaces/{NAMESPACE}"
NODE = {"Impersonate-User": "system:node:n1", "Impersonate-Group": "system:nodes"}


@pytest.fixture(scope="module")
def rest(api):
    rest = Rest(api)
    assert rest.post("/api/v1/namespaces", {"metadata": {"name": NAMESPACE}}).code == 201
    for name in ["n1", "n2"]:
        assert rest.post("/api/v1/nodes", {"metadata": {"name": name}}).code == 201
    return rest


def made(answer, code=201):
    assert answer.code == code, answer
    return answer.body


def pod(name, change=None):
    return merged(change or {}, {
        "metadata": {"name": name}, "spec": {"nodeName": "n1", "containers": [{"name": "c", "image": "i"}]}})


def ready_pod(rest, name, change=None, ready="True"):
    made(rest.post(f"{CORE}/pods", pod(name, change)))
    made(rest.patch(f"{CORE}/pods/{name}/status", {"status": {"phase": "Running", "conditions": [
        {"type": "Ready", "status": ready}]}}), 200)


def evict(rest, name, **options):
    return rest.post(f"{CORE}/pods/{name}/eviction", {
        "apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": name}, **options})


def budget_status(rest, name):
    return rest.get(f"/apis/policy/v1/namespaces/{NAMESPACE}/poddisruptionbudgets/{name}").body.get("status", {})


def make_budget(rest, name, app, **spec):
    made(rest.post(f"/apis/policy/v1/namespaces/{NAMESPACE}/poddisruptionbudgets", {
        "metadata": {"name": name}, "spec": {"selector": {"matchLabels": {"app": app}}, **spec}}))


def test_evictions_honour_a_budget(rest):
    labels = {"metadata": {"labels": {"app": "one"}}}
    for name in ["one-a", "one-b", "one-c"]:
        ready_pod(rest, name, labels)
    make_budget(rest, "one", "one", minAvailable=2)
    status = wait_for("the budget's status", lambda: budget_status(rest, "one").get("disruptionsAllowed") == 1
                      and budget_status(rest, "one"))
    assert [status[k] for k in ["expectedPods", "currentHealthy", "desiredHealthy", "observedGeneration"]] == [3, 3, 2, 1]
    assert (status["conditions"][0]["type"], status["conditions"][0]["reason"]) == ("DisruptionAllowed", "SufficientPods")
    assert evict(rest, "one-a", deleteOptions={"dryRun": ["All"]}).code == 201
    assert budget_status(rest, "one")["disruptionsAllowed"] == 1
    assert evict(rest, "one-a").code == 201
    gone = rest.get(f"{CORE}/pods/one-a").body
    assert gone["metadata"]["deletionTimestamp"]
    assert [c["reason"] for c in gone["status"]["conditions"] if c["type"] == "DisruptionTarget"] == ["EvictionByEvictionAPI"]
    wait_for("no disruption to be left", lambda: budget_status(rest, "one")["disruptionsAllowed"] == 0)
    refused = evict(rest, "one-b")
    assert refused.code == 429 and refused.message == "Cannot evict pod as it would violate the pod's disruption budget."
    assert refused.body["details"]["causes"] == [{
        "reason": "DisruptionBudget", "message": "The disruption budget one needs 2 healthy pods and has 2 currently"}]
    # One that is not ready costs nothing, as long as enough others are.
    made(rest.patch(f"{CORE}/pods/one-b/status", {"status": {"conditions": [{"type": "Ready", "status": "False"}]}}), 200)
    wait_for("the pod to count no more", lambda: budget_status(rest, "one")["currentHealthy"] == 1)
    assert evict(rest, "one-b").code == 429
    made(rest.patch(f"/apis/policy/v1/namespaces/{NAMESPACE}/poddisruptionbudgets/one",
                    {"spec": {"unhealthyPodEvictionPolicy": "AlwaysAllow"}}), 200)
    assert evict(rest, "one-b").code == 201
    made(rest.post(f"{CORE}/pods", pod("one-pending", labels)))
    assert evict(rest, "one-pending").code == 201
    make_budget(rest, "other", "one", maxUnavailable=1)
    many = evict(rest, "one-c")
    assert many.code == 500 and "This pod has more than one PodDisruptionBudget" in many.message
    assert evict(rest, "nobody").code == 404


def test_a_budget_in_percent_counts_what_owners_want(rest):
    apps = f"/apis/apps/v1/namespaces/{NAMESPACE}/replicasets"
    owner = made(rest.post(apps, {"metadata": {"name": "r"}, "spec": {
        "replicas": 4, "selector": {"matchLabels": {"app": "two"}},
        "template": {"metadata": {"labels": {"app": "two"}}, "spec": {"nodeName": "n2", "containers": [{"name": "c", "image": "i"}]}}}}))
    make_budget(rest, "two", "two", maxUnavailable="25%")
    status = wait_for("the budget's status", lambda: budget_status(rest, "two").get("expectedPods") == 4
                      and budget_status(rest, "two"))
    assert (status["desiredHealthy"], status["currentHealthy"], status["disruptionsAllowed"]) == (3, 0, 0)
    made(rest.post(f"{CORE}/pods", pod("two-odd", {"metadata": {"labels": {"app": "two"}, "ownerReferences": [
        {"apiVersion": "batch/v1", "kind": "Job", "name": "j", "uid": "u", "controller": True}]}})))
    wait_for("the failure", lambda: "found no controllers for pod" in budget_status(rest, "two")["conditions"][0]["message"])
    made(rest.delete(f"{apps}/{owner['metadata']['name']}"), 200)


def test_kubectl_drains_under_a_budget(api, rest):
    ready_pod(rest, "three-a", {"metadata": {"labels": {"app": "three"}}, "spec": {"nodeName": "n2"}})
    make_budget(rest, "three", "three", minAvailable=1)
    wait_for("the budget's status", lambda: budget_status(rest, "three").get("expectedPods") == 1)
    drained = api.kubectl("drain", "n2", "--force", "--timeout=2s", "--pod-selector=app=three", check=False)
    assert drained.returncode != 0
    assert "Cannot evict pod as it would violate the pod's disruption budget" in drained.stderr, drained.stderr
    made(rest.delete(f"/apis/policy/v1/namespaces/{NAMESPACE}/poddisruptionbudgets/three"), 200)
    assert evict(rest, "three-a").code == 201


def test_ephemeral_containers(rest):
    made(rest.post(f"{CORE}/pods", pod("debugged")))
    path = f"{CORE}/pods/debugged/ephemeralcontainers"
    debugger = {"spec": {"ephemeralContainers": [{"name": "d", "image": "debug", "targetContainerName": "c"}]}}
    answer = made(rest.patch(path, debugger, "strategic-merge-patch+json"), 200)
    assert answer["spec"]["ephemeralContainers"][0]["terminationMessagePolicy"] == "File"
    assert answer["metadata"]["generation"] == 2
    changed = {"spec": {"ephemeralContainers": [{"name": "d", "image": "other"}]}}
    refused = rest.patch(path, changed, "strategic-merge-patch+json")
    assert refused.code == 422 and 'existing ephemeral containers "d" may not be changed' in refused.message, refused
    gone = rest.patch(path, {"spec": {"ephemeralContainers": []}})
    assert gone.code == 422 and 'existing ephemeral containers "d" may not be removed' in gone.message, gone
    duplicate = rest.patch(path, {"spec": {"ephemeralContainers": [{"name": "c", "image": "x"}]}}, "strategic-merge-patch+json")
    assert duplicate.code == 422 and 'Duplicate value: "c"' in duplicate.message
    # Nothing else is changed here, nor these containers elsewhere.
    other = made(rest.patch(path, {"metadata": {"labels": {"a": "b"}}, "spec": {"activeDeadlineSeconds": 5}}), 200)
    assert "labels" not in other["metadata"] and "activeDeadlineSeconds" not in other["spec"]
    assert rest.patch(f"{CORE}/pods/debugged", changed, "strategic-merge-patch+json").code == 422


def test_resize(rest):
    resources = {"requests": {"cpu": "100m", "memory": "64Mi"}, "limits": {"cpu": "200m"}}
    made(rest.post(f"{CORE}/pods", pod("resized", {"spec": {"containers": [{"name": "c", "image": "i", "resources": resources}]}})))
    path = f"{CORE}/pods/resized/resize"

    def resize(wanted):
        return rest.patch(path, {"spec": {"containers": [{"name": "c", "resources": wanted}]}}, "strategic-merge-patch+json")

    answer = made(resize({"requests": {"cpu": "150m"}}), 200)
    assert answer["spec"]["containers"][0]["resources"]["requests"] == {"cpu": "150m", "memory": "64Mi"}
    assert answer["metadata"]["generation"] == 2
    for wanted, words in [
            ({"limits": {"cpu": None}}, "resource limits cannot be removed"),
            ({"requests": {"memory": None}}, "resource requests cannot be removed"),
            ({"requests": {"ephemeral-storage": "1Gi"}}, "only cpu and memory resources are mutable"),
            ({"requests": {"cpu": "200m"}, "limits": {"cpu": "200m", "memory": "64Mi"}}, "Pod QOS Class may not change as a result of resizing"),
            ({"requests": {"cpu": "300m"}}, "must be less than or equal to cpu limit of 200m")]:
        refused = resize(wanted)
        assert refused.code == 422 and words in refused.message, refused
    ignored = made(rest.patch(path, {"metadata": {"labels": {"a": "b"}}}), 200)
    assert "labels" not in ignored["metadata"]
    direct = rest.patch(f"{CORE}/pods/resized", {"spec": {"containers": [{"name": "c", "resources": {"requests": {"cpu": "160m"}}}]}},
                        "strategic-merge-patch+json")
    assert direct.code == 422 and "pod updates may not change fields other than" in direct.message


@pytest.mark.parametrize("prefix,plural,kind", [
    ("/api/v1", "replicationcontrollers", "ReplicationController"), ("/apis/apps/v1", "deployments", "Deployment"),
    ("/apis/apps/v1", "replicasets", "ReplicaSet"), ("/apis/apps/v1", "statefulsets", "StatefulSet")])
def test_scale(rest, prefix, plural, kind):
    labels = {"app": "scaled"}
    path = f"{prefix}/namespaces/{NAMESPACE}/{plural}"
    made(rest.post(path, {"metadata": {"name": "s"}, "spec": {
        "replicas": 0, "selector": labels if kind == "ReplicationController" else {"matchLabels": labels},
        "template": {"metadata": {"labels": labels}, "spec": {"containers": [{"name": "c", "image": "i"}]}}}}))
    scale = made(rest.get(f"{path}/s/scale"), 200)
    assert scale["kind"] == "Scale" and scale["spec"] == {"replicas": 0} or scale["spec"] == {}
    assert scale["status"]["selector"] == "app=scaled"
    scale["spec"]["replicas"] = 1
    # Controllers write too: over whatever is there first, then over what is gone for certain.
    del scale["metadata"]["resourceVersion"]
    assert made(rest.put(f"{path}/s/scale", scale), 200)["spec"]["replicas"] == 1
    assert rest.get(f"{path}/s").body["spec"]["replicas"] == 1
    scale["metadata"]["resourceVersion"] = "1"
    stale = rest.put(f"{path}/s/scale", scale)
    assert stale.code == 409, stale
    refused = rest.patch(f"{path}/s/scale", {"spec": {"replicas": -1}})
    assert refused.code == 422 and "spec.replicas: Invalid value: -1: must be greater than or equal to 0" in refused.message
    made(rest.delete(f"{path}/s"), 200)


def claims(token):
    payload = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))


def test_tokens_bound_to_objects(rest):
    made(rest.post(f"{CORE}/serviceaccounts", {"metadata": {"name": "account"}}))
    made(rest.post(f"{CORE}/secrets", {"metadata": {"name": "bound"}}))
    made(rest.post(f"{CORE}/pods", pod("bound", {"spec": {"serviceAccountName": "account"}})))
    made(rest.post(f"{CORE}/pods", pod("stranger")))

    def request(kind, name, **more):
        return rest.post(f"{CORE}/serviceaccounts/account/token", {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {
            "boundObjectRef": {"apiVersion": "v1", "kind": kind, "name": name, **more}}})

    for kind, name in [("Pod", "bound"), ("Secret", "bound"), ("Node", "n2")]:
        token = made(request(kind, name))["status"]["token"]
        assert claims(token)["kubernetes.io"][kind.lower()]["name"] == name
        headers = {"Authorization": f"Bearer {token}"}
        assert rest.get("/api", headers=headers).code == 200
    assert request("Pod", "nobody").code == 404
    refused = request("Pod", "stranger")
    assert refused.code == 400 and "running with different serviceaccount name" in refused.message
    assert request("Service", "x").code == 400
    refused = request("Pod", "bound", uid="other")
    assert refused.code == 409 and "does not match the UID in record" in refused.message


def test_priority(rest):
    classes = "/apis/scheduling.k8s.io/v1/priorityclasses"
    made(rest.post(classes, {"metadata": {"name": "urgent"}, "value": 100, "preemptionPolicy": "Never"}))
    answer = made(rest.post(f"{CORE}/pods", pod("urgent", {"spec": {"priorityClassName": "urgent"}})))
    assert (answer["spec"]["priority"], answer["spec"]["preemptionPolicy"]) == (100, "Never")
    refused = rest.post(f"{CORE}/pods", pod("liar", {"spec": {"priorityClassName": "urgent", "priority": 5}}))
    assert refused.code == 403 and "the integer value of priority (5) must not be provided in pod spec" in refused.message
    refused = rest.post(f"{CORE}/pods", pod("liar", {"spec": {"priorityClassName": "urgent", "preemptionPolicy": "PreemptLowerPriority"}}))
    assert refused.code == 403 and "the string value of PreemptionPolicy (PreemptLowerPriority)" in refused.message
    made(rest.post(classes, {"metadata": {"name": "usual"}, "value": 7, "globalDefault": True}))
    refused = rest.post(classes, {"metadata": {"name": "usual2"}, "value": 8, "globalDefault": True})
    assert refused.code == 403 and "PriorityClass usual is already marked as default. Only one default can exist" in refused.message
    assert made(rest.post(f"{CORE}/pods", pod("usual")))["spec"]["priorityClassName"] == "usual"
    made(rest.delete(f"{classes}/usual"), 200)
    # Who replaces a pod without what was filled in does not change it.
    body = rest.get(f"{CORE}/pods/usual").body
    del body["spec"]["priority"], body["spec"]["preemptionPolicy"]
    assert made(rest.put(f"{CORE}/pods/usual", body), 200)["spec"]["priority"] == 7


def test_runtime_classes(rest):
    made(rest.post("/apis/node.k8s.io/v1/runtimeclasses", {
        "metadata": {"name": "box"}, "handler": "box", "overhead": {"podFixed": {"cpu": "10m"}},
        "scheduling": {"nodeSelector": {"box": "yes"}, "tolerations": [{"key": "box", "operator": "Exists"}]}}))
    answer = made(rest.post(f"{CORE}/pods", pod("boxed", {"spec": {"runtimeClassName": "box"}})))["spec"]
    assert answer["overhead"] == {"cpu": "10m"} and answer["nodeSelector"] == {"box": "yes"}
    assert {"key": "box", "operator": "Exists"} in answer["tolerations"]
    refused = rest.post(f"{CORE}/pods", pod("b2", {"spec": {"runtimeClassName": "box", "nodeSelector": {"box": "no"}}}))
    assert refused.code == 403 and "conflict: runtimeClass.scheduling.nodeSelector[box] = yes; pod.spec.nodeSelector[box] = no" in refused.message
    refused = rest.post(f"{CORE}/pods", pod("b3", {"spec": {"runtimeClassName": "box", "overhead": {"cpu": "1"}}}))
    assert refused.code == 403 and "Pod's Overhead doesn't match RuntimeClass's defined Overhead" in refused.message


def test_default_classes(rest):
    classes = "/apis/storage.k8s.io/v1/storageclasses"
    annotation = {"storageclass.kubernetes.io/is-default-class": "true"}
    made(rest.post(classes, {"metadata": {"name": "fast", "annotations": annotation}, "provisioner": "p.example", "allowVolumeExpansion": True}))
    claim = {"metadata": {"name": "c"}, "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}}
    path = f"{CORE}/persistentvolumeclaims"
    answer = made(rest.post(path, claim))
    assert answer["spec"]["storageClassName"] == "fast"
    assert made(rest.post(path, merged({"metadata": {"name": "d"}, "spec": {"storageClassName": ""}}, claim)))["spec"]["storageClassName"] == ""
    # A bound claim of a class that allows it may grow, and no other.
    for name, code in [("c", 200), ("d", 403)]:
        made(rest.patch(f"{path}/{name}/status", {"status": {"phase": "Bound", "capacity": {"storage": "1Gi"}}}), 200)
        grown = rest.patch(f"{path}/{name}", {"spec": {"resources": {"requests": {"storage": "2Gi"}}}})
        assert grown.code == code, grown
    assert "the storageclass that provisions the pvc must support resize" in grown.message
    ingress = {"metadata": {"name": "i"}, "spec": {"defaultBackend": {"service": {"name": "s", "port": {"number": 80}}}}}
    annotation = {"ingressclass.kubernetes.io/is-default-class": "true"}
    made(rest.post("/apis/networking.k8s.io/v1/ingressclasses", {"metadata": {"name": "web", "annotations": annotation}, "spec": {"controller": "e.example/i"}}))
    assert made(rest.post(f"/apis/networking.k8s.io/v1/namespaces/{NAMESPACE}/ingresses", ingress))["spec"]["ingressClassName"] == "web"


def test_claims_in_use_are_kept(rest):
    path = f"{CORE}/persistentvolumeclaims"
    made(rest.post(path, {"metadata": {"name": "used"}, "spec": {
        "accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}, "storageClassName": "x"}}))
    made(rest.post(f"{CORE}/pods", pod("user", {"spec": {"volumes": [{"name": "v", "persistentVolumeClaim": {"claimName": "used"}}]}})))
    made(rest.delete(f"{path}/used"), 200)
    assert rest.get(f"{path}/used").body["metadata"]["deletionTimestamp"]
    made(rest.delete(f"{CORE}/pods/user", gracePeriodSeconds=0), 200)
    wait_for("the claim to go", lambda: rest.get(f"{path}/used").code == 404)
    made(rest.post("/api/v1/persistentvolumes", {"metadata": {"name": "vol"}, "spec": {
        "capacity": {"storage": "1Gi"}, "accessModes": ["ReadWriteOnce"], "hostPath": {"path": "/tmp/x"}}}))
    made(rest.patch("/api/v1/persistentvolumes/vol/status", {"status": {"phase": "Bound"}}), 200)
    made(rest.delete("/api/v1/persistentvolumes/vol"), 200)
    assert rest.get("/api/v1/persistentvolumes/vol").code == 200
    made(rest.patch("/api/v1/persistentvolumes/vol/status", {"status": {"phase": "Released"}}), 200)
    wait_for("the volume to go", lambda: rest.get("/api/v1/persistentvolumes/vol").code == 404)


def test_a_namespace_goes_with_claims_in_use(rest):
    made(rest.post("/api/v1/namespaces", {"metadata": {"name": "going"}}))
    core = "/api/v1/namespaces/going"
    wait_for("the account", lambda: rest.get(f"{core}/serviceaccounts/default").code == 200)
    made(rest.post(f"{core}/persistentvolumeclaims", {"metadata": {"name": "used"}, "spec": {
        "accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}, "storageClassName": "x"}}))
    made(rest.post(f"{core}/pods", {"metadata": {"name": "user"}, "spec": {
        "schedulerName": "nobody", "containers": [{"name": "c", "image": "i"}],
        "volumes": [{"name": "v", "persistentVolumeClaim": {"claimName": "used"}}]}}))
    made(rest.delete("/api/v1/namespaces/going"), 200)
    wait_for("the namespace to go", lambda: rest.get("/api/v1/namespaces/going").code == 404)


def test_resizes_count(rest):
    made(rest.post("/api/v1/namespaces", {"metadata": {"name": "counted"}}))
    core = "/api/v1/namespaces/counted"
    wait_for("the account", lambda: rest.get(f"{core}/serviceaccounts/default").code == 200)
    made(rest.post(f"{core}/resourcequotas", {"metadata": {"name": "q"}, "spec": {"hard": {"requests.cpu": "1"}}}))
    container = {"name": "c", "image": "i", "resources": {"requests": {"cpu": "500m"}}}
    made(rest.post(f"{core}/pods", {"metadata": {"name": "p"}, "spec": {"schedulerName": "nobody", "containers": [container]}}))

    def resize(cpu):
        return rest.patch(f"{core}/pods/p/resize", {"spec": {"containers": [{"name": "c", "resources": {"requests": {"cpu": cpu}}}]}},
                          "strategic-merge-patch+json")

    refused = resize("1100m")
    assert refused.code == 403 and "exceeded quota: q, requested: requests.cpu=600m, used: requests.cpu=500m, limited: requests.cpu=1" in refused.message
    made(resize("1"), 200)


def test_certificate_requests(rest):
    path = "/apis/certificates.k8s.io/v1/certificatesigningrequests"
    body = {"metadata": {"name": "mine"}, "spec": {"signerName": "example.com/mine", "usages": ["client auth"], "request": signing_request()}}
    made(rest.post(path, body))
    made(rest.post("/apis/rbac.authorization.k8s.io/v1/clusterroles", {"metadata": {"name": "approver"}, "rules": [
        {"apiGroups": ["certificates.k8s.io"], "resources": ["certificatesigningrequests", "certificatesigningrequests/approval",
                                                            "certificatesigningrequests/status"], "verbs": ["*"]}]}))
    made(rest.post("/apis/rbac.authorization.k8s.io/v1/clusterrolebindings", {"metadata": {"name": "approver"}, "roleRef": {
        "kind": "ClusterRole", "name": "approver", "apiGroup": "rbac.authorization.k8s.io"}, "subjects": [{"kind": "User", "name": "eve"}]}))
    approval = {"status": {"conditions": [{"type": "Approved", "status": "True", "reason": "r", "message": "m"}]}}
    refused = rest.patch(f"{path}/mine/approval", approval, headers={"Impersonate-User": "eve"})
    assert refused.code == 403 and 'user not permitted to approve requests with signerName "example.com/mine"' in refused.message, refused
    made(rest.patch(f"{path}/mine/approval", approval), 200)
    both = {"status": {"conditions": approval["status"]["conditions"] + [{"type": "Denied", "status": "True", "reason": "r"}]}}
    refused = rest.patch(f"{path}/mine/approval", both)
    assert refused.code == 422 and "Approved and Denied conditions are mutually exclusive" in refused.message
    refused = rest.patch(f"{path}/mine/approval", {"status": {"conditions": []}})
    assert refused.code == 422 and 'updates may not remove a condition of type "Approved"' in refused.message
    certificate = {"status": {"certificate": base64.b64encode(b"-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n").decode()}}
    refused = rest.patch(f"{path}/mine/status", certificate, headers={"Impersonate-User": "eve"})
    assert refused.code == 403 and 'user not permitted to sign requests with signerName "example.com/mine"' in refused.message


def test_nodes_are_kept_to_what_is_theirs(rest):
    for change, words in [
            ({"metadata": {"labels": {"node-restriction.kubernetes.io/x": "y"}}}, "is not allowed to modify labels: node-restriction.kubernetes.io/x"),
            ({"metadata": {"labels": {"app.k8s.io/x": "y"}}}, "is not allowed to modify labels: app.k8s.io/x"),
            ({"spec": {"taints": []}}, 'node "n1" is not allowed to modify taints')]:
        refused = rest.patch("/api/v1/nodes/n1", change, headers=NODE)
        assert refused.code == 403 and words in refused.message, refused
    made(rest.patch("/api/v1/nodes/n1", {"metadata": {"labels": {"kubernetes.io/arch": "z", "mine": "x"}}}, headers=NODE), 200)
    other = rest.patch("/api/v1/nodes/n2", {"metadata": {"labels": {"mine": "x"}}}, headers=NODE)
    assert other.code == 403 and 'node "n1" is not allowed to modify node "n2"' in other.message
    plain = rest.post(f"{CORE}/pods", pod("plain"), headers=NODE)
    assert plain.code == 403 and 'pod does not have "kubernetes.io/config.mirror" annotation' in plain.message
    uid = rest.get("/api/v1/nodes/n1").body["metadata"]["uid"]
    mirror = {"metadata": {"annotations": {"kubernetes.io/config.mirror": "x"}}}
    ownerless = rest.post(f"{CORE}/pods", pod("mirror", mirror), headers=NODE)
    assert ownerless.code == 403 and "can only create pods with an owner reference set to itself" in ownerless.message
    owner = {"apiVersion": "v1", "kind": "Node", "name": "n1", "uid": "wrong", "controller": True}
    mirror["metadata"]["ownerReferences"] = [owner]
    wrong = rest.post(f"{CORE}/pods", pod("mirror", mirror), headers=NODE)
    assert wrong.code == 403 and "node n1 UID mismatch" in wrong.message
    owner["uid"] = uid
    made(rest.post(f"{CORE}/pods", pod("mirror", mirror), headers=NODE))
    relabelled = rest.patch(f"{CORE}/pods/mirror/status", {"metadata": {"labels": {"a": "b"}}}, headers=NODE)
    assert relabelled.code == 403 and "cannot update labels through pod status" in relabelled.message
    csinodes = "/apis/storage.k8s.io/v1/csinodes"
    made(rest.post(csinodes, {"metadata": {"name": "n1"}, "spec": {"drivers": []}}, headers=NODE))
    refused = rest.post(csinodes, {"metadata": {"name": "n2"}, "spec": {"drivers": []}}, headers=NODE)
    assert refused.code == 403 and "can only access CSINode with the same name as the requesting node" in refused.message


def test_endpoints_are_mirrored(rest):
    made(rest.post(f"{CORE}/services", {"metadata": {"name": "outside"}, "spec": {"ports": [{"port": 80}]}}))
    made(rest.post(f"{CORE}/endpoints", {"metadata": {"name": "outside", "labels": {"l": "x"}}, "subsets": [
        {"addresses": [{"ip": "10.9.0.1"}, {"ip": "fd00::1"}], "notReadyAddresses": [{"ip": "10.9.0.2"}], "ports": [{"port": 8080}]}]}))
    path = f"/apis/discovery.k8s.io/v1/namespaces/{NAMESPACE}/endpointslices"

    def slices():
        found = rest.get(path, labelSelector="kubernetes.io/service-name=outside").body["items"]
        return sorted((s["addressType"], [(e["addresses"][0], e["conditions"]["ready"]) for e in s["endpoints"]],
                       s["ports"][0]["port"], s["metadata"]["labels"]["l"]) for s in found)

    both = [("IPv4", [("10.9.0.1", True), ("10.9.0.2", False)], 8080, "x"), ("IPv6", [("fd00::1", True)], 8080, "x")]
    wait_for("the mirror", lambda: slices() == both)
    made(rest.patch(f"{CORE}/endpoints/outside", {"subsets": [{"addresses": [{"ip": "10.9.0.3"}], "ports": [{"port": 81}]}]}), 200)
    wait_for("the mirror to follow", lambda: slices() == [("IPv4", [("10.9.0.3", True)], 81, "x")])
    made(rest.delete(f"{CORE}/endpoints/outside"), 200)
    wait_for("the mirror to go", lambda: slices() == [])


@pytest.mark.parametrize("place,kind,spec,code,words", [
    ("/apis/authorization.k8s.io/v1/subjectaccessreviews", "SubjectAccessReview", {"user": "u"}, 422,
     "spec.resourceAttributes: Invalid value: null: exactly one of nonResourceAttributes or resourceAttributes must be specified"),
    ("/apis/authorization.k8s.io/v1/subjectaccessreviews", "SubjectAccessReview", {"resourceAttributes": {"verb": "get"}}, 422,
     "spec.user: Invalid value: \"\": at least one of user or group must be specified"),
    (f"/apis/authorization.k8s.io/v1/namespaces/{NAMESPACE}/localsubjectaccessreviews", "LocalSubjectAccessReview",
     {"user": "u", "resourceAttributes": {"namespace": "other"}}, 422,
     "spec.resourceAttributes.namespace: Invalid value: \"other\": must match metadata.namespace"),
    ("/apis/authentication.k8s.io/v1/tokenreviews", "TokenReview", {}, 400, "token is required for TokenReview in authentication")])
def test_questions_that_are_none(rest, place, kind, spec, code, words):
    answer = rest.post(place, {"apiVersion": "/".join(place.split("/")[2:4]), "kind": kind, "spec": spec})
    assert answer.code == code and words in answer.message, answer


def test_services_change_their_type(rest):
    path = f"{CORE}/services/turning"
    first = made(rest.post(f"{CORE}/services", {"metadata": {"name": "turning"}, "spec": {"ports": [{"port": 80}]}}))["spec"]

    def turn(**spec):
        return made(rest.patch(path, {"spec": spec}), 200)["spec"]

    node = turn(type="NodePort")
    assert node["ports"][0]["nodePort"] >= 30000 and node["externalTrafficPolicy"] == "Cluster"
    assert node["clusterIP"] == first["clusterIP"]
    back = turn(type="ClusterIP")
    assert "nodePort" not in back["ports"][0] and "externalTrafficPolicy" not in back
    balanced = turn(type="LoadBalancer", externalTrafficPolicy="Local")
    assert balanced["allocateLoadBalancerNodePorts"] is True and balanced["healthCheckNodePort"] >= 30000
    assert balanced["healthCheckNodePort"] != balanced["ports"][0]["nodePort"]
    refused = rest.patch(path, {"spec": {"healthCheckNodePort": 32000}})
    assert refused.code == 422 and "spec.healthCheckNodePort: Forbidden: field is immutable" in refused.message
    made(rest.patch(path + "/status", {"status": {"loadBalancer": {"ingress": [{"ip": "192.0.2.250"}]}}}), 200)
    name = turn(type="ExternalName", externalName="a.example")
    assert "clusterIP" not in name and "clusterIPs" not in name and "healthCheckNodePort" not in name
    again = turn(type="ClusterIP", externalName=None)
    assert again["clusterIP"].startswith("10.43.")
    made(rest.delete(path), 200)
