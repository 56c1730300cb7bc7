"""Objects that are served in two versions: HorizontalPodAutoscalers and Events."""
import json
import re
import time

import pytest

SECOND = """
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: h}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
  minReplicas: 2
  maxReplicas: 5
  metrics:
  - {type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 60}}}
  - {type: Resource, resource: {name: memory, target: {type: AverageValue, averageValue: 100Mi}}}
  - {type: Pods, pods: {metric: {name: hits}, target: {type: AverageValue, averageValue: "5"}}}
  behavior: {scaleDown: {stabilizationWindowSeconds: 10}}
"""


@pytest.fixture
def k(api, kubectl, request):
    name = re.sub(r"[^a-z0-9]+", "-", request.node.name.lower()).strip("-").replace("test-", "")
    api.kubectl("create", "namespace", name)

    def run(*arguments, **options):
        return api.kubectl("-n", name, *arguments, using=kubectl, **options)

    run.namespace = name
    yield run
    api.kubectl("delete", "namespace", name, "--wait=false")


def get(k, *what):
    return json.loads(k("get", *what, "-o", "json").stdout)


def test_autoscalers(k):
    k("create", "deployment", "web", "--image=nginx")
    k("autoscale", "deployment", "web", "--min=1", "--max=3", "--cpu-percent=50")
    first = get(k, "horizontalpodautoscalers.v1.autoscaling", "web")
    assert first["apiVersion"] == "autoscaling/v1" and first["spec"]["targetCPUUtilizationPercentage"] == 50
    second = get(k, "horizontalpodautoscalers.v2.autoscaling", "web")
    assert second["spec"]["metrics"] == [
        {"type": "Resource", "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 50}}}]
    assert second["metadata"]["uid"] == first["metadata"]["uid"]
    k("apply", "-f", "-", input=SECOND)
    before = get(k, "horizontalpodautoscalers.v2.autoscaling", "h")
    shown = get(k, "horizontalpodautoscalers.v1.autoscaling", "h")
    assert shown["spec"]["targetCPUUtilizationPercentage"] == 60
    annotations = shown["metadata"]["annotations"]
    assert json.loads(annotations["autoscaling.alpha.kubernetes.io/metrics"]) == [
        {"type": "Resource", "resource": {"name": "memory", "targetAverageValue": "100Mi"}},
        {"type": "Pods", "pods": {"metricName": "hits", "targetAverageValue": "5"}}]
    # Written back, nothing is lost.
    shown["spec"]["maxReplicas"] = 7
    k("replace", "-f", "-", input=json.dumps(shown))
    after = get(k, "horizontalpodautoscalers.v2.autoscaling", "h")
    assert after["spec"] == dict(before["spec"], maxReplicas=7)
    assert set(after["metadata"]["annotations"]) == set(before["metadata"]["annotations"])
    k("patch", "horizontalpodautoscalers.v1.autoscaling", "h", "--type=merge", "-p", '{"spec":{"targetCPUUtilizationPercentage":70}}')
    assert get(k, "horizontalpodautoscalers.v2.autoscaling", "h")["spec"]["metrics"][0]["resource"]["target"]["averageUtilization"] == 70
    applied = "apiVersion: autoscaling/v1\nkind: HorizontalPodAutoscaler\nmetadata: {name: h}\nspec: {minReplicas: 3}\n"
    k("apply", "--server-side", "--force-conflicts", "--field-manager=me", "-f", "-", input=applied)
    assert get(k, "horizontalpodautoscalers.v2.autoscaling", "h")["spec"]["minReplicas"] == 3
    listed = get(k, "horizontalpodautoscalers.v1.autoscaling")
    assert {item["apiVersion"] for item in listed["items"]} == {"autoscaling/v1"}
    table = k("get", "horizontalpodautoscalers.v1.autoscaling", "web").stdout.splitlines()
    assert table[0].split()[:3] == ["NAME", "REFERENCE", "TARGETS"] and "Deployment/web" in table[1]
    assert k("get", "horizontalpodautoscalers.v2.autoscaling", "web").stdout.splitlines()[1].split()[:3] == table[1].split()[:3]
    assert "targetCPUUtilizationPercentage" in k("explain", "hpa.spec", "--api-version=autoscaling/v1").stdout


def test_events(k):
    event = {
        "apiVersion": "events.k8s.io/v1", "kind": "Event", "metadata": {"name": "e"}, "eventTime":
        time.strftime("%Y-%m-%dT%H:%M:%S.000000Z", time.gmtime()), "reportingController": "c", "reportingInstance": "i", "action": "Doing",
        "reason": "Done", "note": "hello there", "type": "Normal",
        "regarding": {"kind": "Pod", "namespace": k.namespace, "name": "p", "apiVersion": "v1"}}
    k("create", "-f", "-", input=json.dumps(event))
    core = get(k, "events.v1.", "e")
    assert core["apiVersion"] == "v1" and core["message"] == "hello there"
    assert core["involvedObject"]["name"] == "p" and core["reportingComponent"] == "c"
    newer = get(k, "events.v1.events.k8s.io", "e")
    assert newer["note"] == "hello there" and newer["regarding"] == event["regarding"]
    assert newer["metadata"]["uid"] == core["metadata"]["uid"]
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    k("create", "-f", "-", input=json.dumps({
        "apiVersion": "v1", "kind": "Event", "metadata": {"name": "old"}, "reason": "Old", "message": "old one",
        "type": "Warning", "count": 3, "firstTimestamp": now, "lastTimestamp": now,
        "source": {"component": "kubelet"}, "involvedObject": {"kind": "Pod", "namespace": k.namespace, "name": "q"}}))
    newer = get(k, "events.v1.events.k8s.io", "old")
    assert newer["deprecatedCount"] == 3 and newer["deprecatedSource"] == {"component": "kubelet"}
    for resource in ("events", "events.v1.events.k8s.io"):
        lines = k("get", resource).stdout.splitlines()
        assert lines[0].split()[:2] == ["LAST", "SEEN"] and len(lines) == 3
        assert any("pod/p" in line and "hello there" in line for line in lines)
    assert "hello there" in k("events", "--for", "pod/p").stdout
    assert [e["metadata"]["name"] for e in get(
        k, "events.v1.events.k8s.io", "--field-selector", "regarding.name=q")["items"]] == ["old"]
    failed = k("create", "-f", "-", input=json.dumps(dict(event, metadata={"name": "x"}, action="")), check=False)
    assert "action: Required value" in failed.stderr
    watched = k("get", "events.v1.events.k8s.io", "--watch", "-o", "jsonpath={.note} ", "--request-timeout=2s", check=False)
    assert "hello there" in watched.stdout and "old one" in watched.stdout
