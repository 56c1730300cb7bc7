"""LimitRanges, ResourceQuotas and Pod Security levels, as users meet them."""
import json

import pytest

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
