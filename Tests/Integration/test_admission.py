"""LimitRanges, ResourceQuotas and Pod Security levels, as users meet them."""
import json

import pytest

from harness.cluster import wait_for

POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: NAME}\nspec: {containers: [{name: c, image: i}]}\n"
LIMITS = """
apiVersion: v1
kind: LimitRange
metadata: {name: limits}
spec:
  limits:
  - {type: Container, default: {cpu: 500m, memory: 64Mi}, defaultRequest: {cpu: 100m}, max: {cpu: "1"}}
"""


@pytest.fixture
def k(api, request):
    name = request.node.name.replace("_", "-").replace("test-", "")
    api.kubectl("create", "namespace", name)

    def run(*arguments, **options):
        return api.kubectl("-n", name, *arguments, **options)

    run.namespace = name
    yield run
    api.kubectl("delete", "namespace", name, "--wait=false")


def test_limit_ranges(k):
    made = k("apply", "-f", "-", input=LIMITS)
    assert "Warning" not in made.stderr
    k("apply", "-f", "-", input=POD.replace("NAME", "a"))
    pod = json.loads(k("get", "pod", "a", "-o", "json").stdout)
    assert pod["spec"]["containers"][0]["resources"] == {
        "requests": {"cpu": "100m", "memory": "64Mi"}, "limits": {"cpu": "500m", "memory": "64Mi"}}
    assert pod["status"]["qosClass"] == "Burstable"
    assert "LimitRanger plugin set: " in pod["metadata"]["annotations"]["kubernetes.io/limit-ranger"]
    greedy = POD.replace("NAME", "b").replace("image: i", "image: i, resources: {limits: {cpu: 2}}")
    failed = k("apply", "-f", "-", input=greedy, check=False)
    assert 'pods "b" is forbidden: maximum cpu usage per Container is 1, but limit is 2' in failed.stderr
    assert "Container" in k("describe", "limits").stdout


def test_pod_security(api, k):
    k("apply", "-f", "-", input=POD.replace("NAME", "before"))
    label = "pod-security.kubernetes.io/"
    labelled = api.kubectl("label", "namespace", k.namespace, label + "enforce=restricted")
    assert f'existing pods in namespace "{k.namespace}" violate the new PodSecurity enforce level "restricted:latest"' \
        in labelled.stderr
    assert "before: allowPrivilegeEscalation != false, unrestricted capabilities, runAsNonRoot != true, seccompProfile" \
        in labelled.stderr
    failed = k("apply", "-f", "-", input=POD.replace("NAME", "after"), check=False)
    assert 'pods "after" is forbidden: violates PodSecurity "restricted:latest": allowPrivilegeEscalation != false' \
        in failed.stderr
    api.kubectl("label", "--overwrite", "namespace", k.namespace, label + "enforce=baseline", label + "warn=restricted")
    warned = k("apply", "-f", "-", input=POD.replace("NAME", "after"))
    assert 'Warning: would violate PodSecurity "restricted:latest"' in warned.stderr
    warned = k("create", "deployment", "d", "--image=i")
    assert 'Warning: would violate PodSecurity "restricted:latest"' in warned.stderr
    hostile = POD.replace("NAME", "bad").replace("spec: {", "spec: {hostNetwork: true, ")
    failed = k("apply", "-f", "-", input=hostile, check=False)
    assert "host namespaces (hostNetwork=true)" in failed.stderr
    failed = api.kubectl("label", "--overwrite", "namespace", k.namespace, label + "enforce=nonsense", check=False)
    assert "must be one of privileged, baseline, restricted" in failed.stderr


QUOTA = """
apiVersion: v1
kind: ResourceQuota
metadata: {name: q}
spec: {hard: {pods: "2", requests.cpu: "1", configmaps: "3", services.nodeports: "1", count/deployments.apps: "1"}}
"""


def test_resource_quotas(k):
    made = k("apply", "-f", "-", input=QUOTA)
    assert "Warning" not in made.stderr
    failed = k("apply", "-f", "-", input=POD.replace("NAME", "silent"), check=False)
    assert 'pods "silent" is forbidden: failed quota: q: must specify requests.cpu for: c' in failed.stderr
    modest = POD.replace("image: i", "image: i, resources: {requests: {cpu: 400m}}")
    k("apply", "-f", "-", input=modest.replace("NAME", "a"))
    k("apply", "-f", "-", "--dry-run=server", input=modest.replace("NAME", "b"))
    k("apply", "-f", "-", input=modest.replace("NAME", "b"))
    failed = k("apply", "-f", "-", input=modest.replace("NAME", "c"), check=False)
    assert 'pods "c" is forbidden: exceeded quota: q, requested: pods=1,requests.cpu=400m, ' \
        'used: pods=2,requests.cpu=800m, limited: pods=2,requests.cpu=1' in failed.stderr
    wait_for("the status", lambda: json.loads(k("get", "quota", "q", "-o", "json").stdout)["status"]["used"] == {
        "configmaps": "1", "count/deployments.apps": "0", "pods": "2", "requests.cpu": "800m", "services.nodeports": "0"})
    # As many as fit, and no more.
    many = "\n---\n".join(f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: c{i}}}\n" for i in range(8))
    assert "exceeded quota" in k("create", "-f", "-", input=many, check=False).stderr
    assert len(k("get", "configmaps", "-o", "name").stdout.split()) == 3
    k("create", "service", "nodeport", "s", "--tcp=80")
    failed = k("create", "service", "nodeport", "t", "--tcp=80", check=False)
    assert "exceeded quota: q, requested: services.nodeports=1, used: services.nodeports=1" in failed.stderr
    k("create", "deployment", "d", "--image=i", "--replicas=1")
    wait_for("an Event about the quota", lambda: "failed quota: q" in k("get", "events").stdout)
    assert "exceeded quota" in k("create", "deployment", "e", "--image=i", check=False).stderr
    k("delete", "pod", "a", "--grace-period=0", "--force")
    k("apply", "-f", "-", input=modest.replace("NAME", "c"))
    assert "requests.cpu" in k("describe", "quota", "q").stdout
