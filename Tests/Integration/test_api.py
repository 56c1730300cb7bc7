"""The API with every kubectl of this machine, without a node."""
import json
import time

import pytest

from harness.cluster import wait_for

DEPLOYMENT = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: NAME, labels: {app: NAME}}
spec:
  replicas: 2
  selector: {matchLabels: {app: NAME}}
  template:
    metadata: {labels: {app: NAME}}
    spec:
      containers:
      - {name: web, image: nginx, ports: [{containerPort: 80}]}
"""


@pytest.fixture
def namespace(api, kubectl):
    name = f"t{kubectl.version.replace('.', '-')}-{time.monotonic_ns() % 1000000}"
    api.kubectl("create", "namespace", name)
    yield name
    api.kubectl("delete", "namespace", name, "--wait=false")


def test_apply_get_delete(api, kubectl, namespace):
    def k(*arguments, **options):
        return api.kubectl("-n", namespace, *arguments, using=kubectl, **options)

    manifest = DEPLOYMENT.replace("NAME", "web")
    assert k("apply", "-f", "-", input=manifest).stdout == "deployment.apps/web created\n"
    assert k("apply", "-f", "-", input=manifest).stdout == "deployment.apps/web unchanged\n"
    changed = manifest.replace("replicas: 2", "replicas: 3")
    assert k("apply", "-f", "-", input=changed).stdout == "deployment.apps/web configured\n"
    wait_for("three pods", lambda: len(json.loads(k("get", "pods", "-o", "json").stdout)["items"]) == 3)
    table = k("get", "deployments").stdout.splitlines()
    assert table[0].split() == ["NAME", "READY", "UP-TO-DATE", "AVAILABLE", "AGE"]
    assert table[1].split()[:4] == ["web", "0/3", "3", "0"]
    assert "0/3 nodes" in k("describe", "pods").stdout or "no nodes available" in k("describe", "pods").stdout
    assert k("delete", "deployment", "web").stdout.startswith('deployment.apps "web" deleted')
    wait_for("the pods to follow", lambda: k("get", "pods", "-o", "name").stdout == "")


def test_create_label_patch_scale(api, kubectl, namespace):
    def k(*arguments, **options):
        return api.kubectl("-n", namespace, *arguments, using=kubectl, **options)

    assert k("create", "configmap", "c", "--from-literal=a=1").stdout == "configmap/c created\n"
    assert k("label", "configmap", "c", "tier=x").stdout == "configmap/c labeled\n"
    assert k("get", "configmap", "-l", "tier=x", "-o", "name").stdout == "configmap/c\n"
    k("patch", "configmap", "c", "--type=merge", "-p", '{"data":{"b":"2"}}')
    k("patch", "configmap", "c", "--type=json", "-p", '[{"op":"remove","path":"/data/a"}]')
    assert json.loads(k("get", "configmap", "c", "-o", "json").stdout)["data"] == {"b": "2"}
    assert k("create", "deployment", "d", "--image=nginx").stdout == "deployment.apps/d created\n"
    assert k("scale", "deployment", "d", "--replicas=2").stdout == "deployment.apps/d scaled\n"
    wait_for("two pods", lambda: len(k("get", "pods", "-o", "name").stdout.split()) == 2)
    k("set", "image", "deployment/d", "nginx=nginx:2")
    wait_for("a second revision", lambda: "2" in k("rollout", "history", "deployment/d").stdout)
    k("rollout", "undo", "deployment/d")
    wait_for("the old image", lambda: k(
        "get", "deployment", "d", "-o", "jsonpath={.spec.template.spec.containers[0].image}").stdout == "nginx")


def test_errors(api, kubectl, namespace):
    def fails(*arguments, **options):
        done = api.kubectl("-n", namespace, *arguments, using=kubectl, check=False, **options)
        assert done.returncode == 1
        return done.stderr

    assert 'Error from server (NotFound): pods "x" not found' in fails("get", "pod", "x")
    api.kubectl("-n", namespace, "create", "configmap", "c")
    assert 'configmaps "c" already exists' in fails("create", "configmap", "c")
    broken = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: broken\n"
    assert "error" in fails("apply", "-f", "-", input=broken)
    unknown = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: typo}\ndatta: {}\n"
    assert 'unknown field "datta"' in fails("apply", "-f", "-", input=unknown)
    invalid = DEPLOYMENT.replace("NAME", "web").replace("replicas: 2", "replicas: -1")
    assert "must be greater than or equal to 0" in fails("apply", "-f", "-", input=invalid)


def test_discovery(api, kubectl, namespace):
    text = api.kubectl("api-resources", using=kubectl).stdout
    assert "deployments" in text and "deploy" in text
    assert "apps/v1" in api.kubectl("api-versions", using=kubectl).stdout.split()
    assert "FIELDS" in api.kubectl("explain", "pod.spec.containers", using=kubectl).stdout
    version = json.loads(api.kubectl("version", "-o", "json", using=kubectl).stdout)
    assert version["serverVersion"]["minor"] == "36"
