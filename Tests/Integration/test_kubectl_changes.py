"""What people change, compare, clean up and debug with kubectl, on a real node."""
import json
import re
import time

import pytest

from harness.cluster import wait_for
from harness.host import run
from harness.kubectl import every_kubectl, find_kubectls, newest_kubectl

PAIR = """
apiVersion: v1
kind: ConfigMap
metadata: {name: a, labels: {set: one}}
data: {k: v}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: b, labels: {set: one}}
data: {k: v}
"""
FIRST = PAIR.split("---")[0]
POD = """
apiVersion: v1
kind: Pod
metadata: {name: p}
spec:
  terminationGracePeriodSeconds: 0
  containers:
  - name: main
    image: busybox
    imagePullPolicy: IfNotPresent
    command: [sleep, "36000"]
    resources: {requests: {cpu: 10m, memory: 32Mi}, limits: {cpu: 200m, memory: 64Mi}}
  - name: restarted
    image: busybox
    imagePullPolicy: IfNotPresent
    command: [sleep, "36000"]
    resizePolicy: [{resourceName: memory, restartPolicy: RestartContainer}]
    resources: {requests: {cpu: 10m, memory: 32Mi}, limits: {cpu: 200m, memory: 64Mi}}
"""


def kubectls():
    """The oldest, the newest and edge's own: each takes its while."""
    return [*find_kubectls()[:1], *find_kubectls()[1:][-1:], every_kubectl()[-1]]


@pytest.fixture
def k(node, kubectl):
    return lambda *arguments, **options: node.kubectl(*arguments, using=kubectl, **options)


@pytest.fixture(scope="module")
def _namespaces(node):
    made = []
    yield made
    node.kubectl("delete", "namespace", "--wait=false", *made)


@pytest.fixture
def n(k, _namespaces):
    name = f"c{time.monotonic_ns() % 1000000000}"
    k("create", "namespace", name)
    _namespaces.append(name)
    call = lambda *arguments, **options: k("-n", name, *arguments, **options)  # noqa: E731
    call.namespace = name
    return call


@pytest.fixture
def real(kubectl):
    """For what edge's own kubectl refuses by name."""
    if kubectl.version == "edge":
        pytest.skip("not part of edge kubectl")


def names(n, kind="configmap"):
    return sorted(line for line in n("get", kind, "-o", "name").stdout.split() if "kube-root-ca" not in line)


def test_diff(n, kubectl):
    new = n("diff", "-f", "-", input=FIRST, check=False)
    assert new.returncode == 1 and "+  k: v\n" in new.stdout and "+kind: ConfigMap\n" in new.stdout
    n("apply", "-f", "-", input=PAIR)
    same = n("diff", "-f", "-", input=PAIR)
    assert same.stdout == ""
    for flags in ([], ["--server-side", "--force-conflicts"]):
        changed = n("diff", *flags, "-f", "-", input=PAIR.replace("k: v", "k: w", 1), check=False)
        assert changed.returncode == 1, changed
        assert "-  k: v\n" in changed.stdout and "+  k: w\n" in changed.stdout
        assert f"v1.ConfigMap.{n.namespace}.a" in changed.stdout
    n("create", "secret", "generic", "s", "--from-literal=a=first", "--save-config")
    text = "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {a: second}\n"
    masked = n("diff", "-f", "-", input=text, check=False)
    assert "*** (before)" in masked.stdout and "*** (after)" in masked.stdout
    assert kubectl.version != "edge" or "second" not in masked.stdout
    other = n("diff", "-f", "-", input=PAIR.replace("k: v", "k: w"), check=False, env={"KUBECTL_EXTERNAL_DIFF": "diff -rq"})
    assert other.returncode == 1 and "differ" in other.stdout
    invalid = n("diff", "-f", "-", input=PAIR.replace("data: {k: v}", "data: {k: {}}"), check=False)
    assert invalid.returncode > 1 and invalid.stderr


def test_apply(n):
    n("apply", "-f", "-", "--server-side", input=PAIR)
    assert n("apply", "-f", "-", "--server-side", "--dry-run=server", input=PAIR).stdout.splitlines()[0].startswith(
        "configmap/a serverside-applied")
    conflict = n("apply", "-f", "-", "--server-side", "--field-manager=other", input=PAIR.replace("k: v", "k: w"),
                 check=False)
    assert 'conflict with "kubectl": .data.k' in conflict.stderr, conflict
    n("apply", "-f", "-", "--server-side", "--field-manager=other", "--force-conflicts",
      input=PAIR.replace("k: v", "k: w"))
    assert n("get", "configmap", "a", "-o", "jsonpath={.data.k}").stdout == "w"
    made = json.loads(n("apply", "-f", "-", "--dry-run=client", "-o", "json", input=PAIR.replace("name: b", "name: c")).stdout)
    assert len(made["items"]) == 2 and names(n) == ["configmap/a", "configmap/b"]
    unknown = n("apply", "-f", "-", input=FIRST + "spec: {x: 1}\n", check=False)
    assert unknown.returncode != 0 and 'unknown field "spec"' in unknown.stderr


def test_prune(n, real):
    n("apply", "-f", "-", input=PAIR)
    n("create", "configmap", "other")
    pruned = n("apply", "-f", "-", "--prune", "-l", "set=one", "--prune-allowlist=core/v1/ConfigMap", input=FIRST)
    assert "configmap/b pruned" in pruned.stdout
    assert names(n) == ["configmap/a", "configmap/other"]
    gate = {"KUBECTL_APPLYSET": "true"}
    flags = ["--server-side", "--force-conflicts", "--prune", "--applyset=set"]
    n("apply", "-f", "-", *flags, input=PAIR, env=gate)
    assert "configmap/b pruned" in n("apply", "-f", "-", *flags, input=FIRST, env=gate).stdout
    assert names(n) == ["configmap/a", "configmap/other"]
    parent = json.loads(n("get", "secret", "set", "-o", "json").stdout)["metadata"]
    assert parent["labels"]["applyset.kubernetes.io/id"].startswith("applyset-")


def test_edit_with_a_conflict(n, node, tmp_path):
    """Somebody else writes while the editor is open: what they changed stays, what both changed is refused."""
    n("create", "configmap", "c", "--from-literal=mine=1", "--from-literal=theirs=1")
    script = tmp_path / "editor"

    def edit(change):
        command = " ".join(node.kubectl_command("-n", n.namespace, "patch", "configmap", "c", "-p", '\'{"data":{"theirs":"2"}}\''))
        script.write_text(f"#!/bin/bash\n{command} >/dev/null\n{change}\n")
        script.chmod(0o755)
        return n("edit", "configmap", "c", env={"EDITOR": str(script), "KUBE_EDITOR": ""}, check=False)

    done = edit("sed -i 's/mine: \"1\"/mine: \"2\"/' $1")
    assert done.returncode == 0 and "configmap/c edited" in done.stdout, done
    data = json.loads(n("get", "configmap", "c", "-o", "json").stdout)["data"]
    assert data == {"mine": "2", "theirs": "2"}
    stale = edit("[ -e $0.once ] || sed -i 's/mine: .*/mine: \"3\"/; s/resourceVersion: .*/resourceVersion: \"1\"/' $1; touch $0.once")
    assert stale.returncode != 0 and "the object has been modified" in stale.stderr + stale.stdout, stale


def test_reconcile_and_tokens(n, k, real):
    where = ["-n", n.namespace, "--dry-run=client", "-o", "yaml"]
    role = k("create", "role", "r", "--verb=get", "--resource=pods", *where).stdout
    binding = k("create", "rolebinding", "rb", "--role=r", f"--serviceaccount={n.namespace}:s", *where).stdout
    user = f"--as=system:serviceaccount:{n.namespace}:s"
    n("create", "serviceaccount", "s")
    assert "reconciled" in n("auth", "reconcile", "-f", "-", input=role).stdout
    assert "reconciled" in n("auth", "reconcile", "-f", "-", input=binding).stdout
    assert n("auth", "can-i", "get", "pods", user).stdout == "yes\n"
    n("auth", "reconcile", "-f", "-", "--remove-extra-permissions", input=role.replace("- get", "- list"))
    assert n("auth", "can-i", "get", "pods", user, check=False).stdout == "no\n"
    listed = n("auth", "can-i", "--list", user).stdout
    assert re.search(r"^pods +\[\] +\[\] +\[list\]$", listed, re.M), listed
    token = n("create", "token", "s", "--duration=10m", "--audience=me").stdout
    assert token.count(".") == 2


def test_certificates(n, k, tmp_path):
    run("openssl", "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout",
        str(tmp_path / "key"), "-subj", "/CN=jane", "-out", str(tmp_path / "request"))
    request = run("base64", "-w0", str(tmp_path / "request")).stdout
    for name in ("yes", "no"):
        k("create", "-f", "-", input=json.dumps({
            "apiVersion": "certificates.k8s.io/v1", "kind": "CertificateSigningRequest",
            "metadata": {"name": f"{n.namespace}-{name}"}, "spec": {
                "request": request, "signerName": "kubernetes.io/kube-apiserver-client", "usages": ["client auth"]}}))
    assert k("certificate", "approve", f"{n.namespace}-yes").stdout.endswith("-yes approved\n")
    assert k("certificate", "deny", f"{n.namespace}-no").stdout.endswith("-no denied\n")
    wait_for("the certificate", lambda: "Approved,Issued" in k("get", "csr", f"{n.namespace}-yes").stdout)
    assert "Denied" in k("get", "csr", f"{n.namespace}-no").stdout
    k("delete", "csr", f"{n.namespace}-yes", f"{n.namespace}-no")


def test_replace(n):
    n("create", "configmap", "c", "--from-literal=a=1")
    before = json.loads(n("get", "configmap", "c", "-o", "json").stdout)
    before["data"] = {"a": "2"}
    n("replace", "-f", "-", input=json.dumps(before))
    stale = n("replace", "-f", "-", input=json.dumps(before), check=False)
    assert "the object has been modified" in stale.stderr
    assert "replaced" in n("replace", "--force", "-f", "-", input=json.dumps(before)).stdout
    after = json.loads(n("get", "configmap", "c", "-o", "json").stdout)
    assert after["data"] == {"a": "2"} and after["metadata"]["uid"] != before["metadata"]["uid"]


def test_node_commands(k, node):
    name = node.host.name
    assert k("cordon", name).stdout == f"node/{name} cordoned\n"
    assert k("uncordon", name).stdout == f"node/{name} uncordoned\n"
    assert k("taint", "node", name, "a=b:PreferNoSchedule").stdout == f"node/{name} tainted\n"
    assert k("taint", "node", name, "a-").stdout == f"node/{name} untainted\n"


def test_kustomize(n, real, tmp_path):
    base = tmp_path / "base"
    base.mkdir()
    (base / "pair.yaml").write_text(PAIR)
    (base / "kustomization.yaml").write_text(
        "resources: [pair.yaml]\nnamePrefix: pre-\nconfigMapGenerator: [{name: gen, literals: [a=b]}]\n")
    (tmp_path / "kustomization.yaml").write_text(f"resources: [base]\nnamespace: {n.namespace}\n")
    assert "name: pre-a" in n("kustomize", str(tmp_path)).stdout
    n("apply", "-k", str(tmp_path))
    found = n("get", "-k", str(tmp_path), "-o", "name").stdout.split()
    assert "configmap/pre-a" in found and any(name.startswith("configmap/pre-gen-") for name in found)
    n("delete", "-k", str(tmp_path))
    assert names(n) == []


def test_explain_old(k, real):
    text = k("explain", "pod.spec.containers.resources", "--output", "plaintext-openapiv2").stdout
    assert "RESOURCE: resources <Object>" in text and "limits\t<map[string]" in text
    assert "maxReplicas" in k("explain", "hpa.spec", "--api-version=autoscaling/v1").stdout


def test_watch_list(n, real):
    n("create", "configmap", "c", "--from-literal=a=b")
    gate = {"KUBE_FEATURE_WatchListClient": "true"}
    assert "configmap/c" in n("get", "configmaps", "-o", "name", env=gate).stdout
    done = n("wait", "--for=jsonpath={.data.a}=b", "configmap/c", "--timeout=5s", env=gate)
    assert done.stdout == "configmap/c condition met\n"


@pytest.fixture
def pod(n):
    n("apply", "-f", "-", input=POD)
    n("wait", "--for=condition=Ready", "pod/p", "--timeout=20s")
    return n


DEBUG = ["debug", "p", "--image=busybox", "--image-pull-policy=IfNotPresent", "--profile=general"]


def ephemeral(n):
    status = json.loads(n("get", "pod", "p", "-o", "json").stdout)["status"]
    return {c["name"]: c["state"] for c in status.get("ephemeralContainerStatuses", [])}


def test_debug(pod, node):
    pod(*DEBUG, "--target=main", "-c", "inside", "--", "sh", "-c", "ps; sleep 36000")
    wait_for("the container", lambda: "running" in ephemeral(pod).get("inside", {}))
    wait_for("its log", lambda: "ps" in pod("logs", "p", "-c", "inside").stdout)
    assert "sleep 36000" in pod("logs", "p", "-c", "inside").stdout.split("\n")[1], "process 1 is the target's"
    assert pod("exec", "p", "-c", "inside", "--", "sh", "-c", "tr '\\0' ' ' </proc/1/cmdline").stdout == "sleep 36000 "
    shown = pod(*DEBUG, "-c", "spoken", "-i", "--", "sh", "-c", "read -r line; echo got $line; echo done", input="given\n").stdout
    assert "got given" in shown and "done" in shown
    wait_for("its end", lambda: ephemeral(pod)["spoken"].get("terminated", {}).get("exitCode") == 0)
    pod(*DEBUG, "-c", "lost", "--target=nobody", check=False)
    pod(*DEBUG, "--copy-to=copy", "-c", "extra", "--", "sleep", "36000")
    pod("wait", "--for=condition=Ready", "pod/copy", "--timeout=20s")
    copy = json.loads(pod("get", "pod", "copy", "-o", "json").stdout)["spec"]
    assert copy["shareProcessNamespace"] and [c["name"] for c in copy["containers"]][-1] == "extra"
    said = pod("debug", f"node/{node.host.name}", "--image=busybox", "--image-pull-policy=IfNotPresent",
               "--profile=general", "-i", "--", "ls", "/host/etc/hostname").stdout
    assert "node-debugger-" in said and "/host/etc/hostname" in said
    pod("delete", "pods", "--all", "--force", "--grace-period=0")


def test_resize(pod, kubectl):
    """Through the newest kubectl: older ones do not know the subresource."""
    if kubectl.version != newest_kubectl().version:
        pytest.skip("one version is enough")

    def resize(container, **resources):
        pod("patch", "pod", "p", "--subresource=resize", "--patch", json.dumps(
            {"spec": {"containers": [{"name": container, "resources": resources}]}}))

    def status(container):
        found = json.loads(pod("get", "pod", "p", "-o", "json").stdout)["status"]
        conditions = {c["type"]: c for c in found["conditions"]}
        return next(c for c in found["containerStatuses"] if c["name"] == container), conditions

    before, _ = status("main")
    assert before["allocatedResources"] == {"cpu": "10m", "memory": "32Mi"}
    resize("main", limits={"cpu": "300m", "memory": "96Mi"}, requests={"cpu": "20m"})
    wait_for("the new limits", lambda: status("main")[0]["resources"]["limits"] == {"cpu": "300m", "memory": "96Mi"})
    after, conditions = status("main")
    assert after["containerID"] == before["containerID"] and after["allocatedResources"]["cpu"] == "20m"
    assert not [c for c in conditions if c.startswith("PodResize")]
    script = "cat /sys/fs/cgroup/memory.max 2>/dev/null || cat /sys/fs/cgroup/memory/memory.limit_in_bytes"
    assert pod("exec", "p", "-c", "main", "--", "sh", "-c", script).stdout.strip() == str(96 << 20)
    resize("restarted", limits={"memory": "96Mi"})
    wait_for("the restart", lambda: status("restarted")[0]["restartCount"] == 1)
    wait_for("the new limit", lambda: status("restarted")[0]["resources"]["limits"]["memory"] == "96Mi")
    resize("main", requests={"cpu": "100"}, limits={"cpu": "200"})
    pending = wait_for("the refusal", lambda: status("main")[1].get("PodResizePending"))
    assert pending["reason"] == "Infeasible" and "Node didn't have enough capacity: cpu" in pending["message"]
    assert status("main")[0]["resources"]["limits"]["cpu"] == "300m"
    resize("main", requests={"cpu": "20m"}, limits={"cpu": "300m"})
    wait_for("the condition to go", lambda: "PodResizePending" not in status("main")[1])
    pod("delete", "pods", "--all", "--force", "--grace-period=0")


def test_every_resource(node):
    """In wide form, with the newest kubectl."""
    for resource in node.kubectl("api-resources", "--verbs=list", "-o", "name").stdout.split():
        shown = node.kubectl("get", resource, "-A", "-o", "wide")
        assert shown.stdout or "No resources found" in shown.stderr, resource
