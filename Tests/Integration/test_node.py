"""A server with its own node: pods behind a Service, names, logs, exec, and their life across a crash of edge."""
import json

import pytest

from harness.cluster import wait_for

WEB = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 3
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - {name: web, image: web, imagePullPolicy: IfNotPresent, ports: [{containerPort: 80}]}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {type: NodePort, selector: {app: web}, ports: [{port: 80, nodePort: 30080}]}
---
apiVersion: v1
kind: Pod
metadata: {name: shell}
spec:
  terminationGracePeriodSeconds: 1
  containers:
  - {name: shell, image: busybox, imagePullPolicy: IfNotPresent, command: [sh, -c, "echo hello; sleep 36000"]}
"""


@pytest.fixture(scope="module")
def web(node):
    node.apply(WEB)
    node.kubectl("wait", "--for=condition=Available", "deployment/web", "--timeout=60s", timeout=90)
    node.kubectl("wait", "--for=condition=Ready", "pod/shell", "--timeout=60s", timeout=90)
    return node


def pids(cluster):
    """The processes of the pods' containers."""
    return cluster.host.processes("nginx: master|sleep 36000")


def test_the_node_is_ready(node):
    conditions = wait_for("the node", lambda: [
        c for n in node.get("nodes")["items"] for c in n["status"]["conditions"] if c["type"] == "Ready"])
    wait_for("the node to be ready", lambda: "Ready" in node.kubectl("get", "nodes").stdout.split())
    assert conditions


def test_services_reach_the_pods(web):
    address = web.get("service", "web")["spec"]["clusterIP"]
    assert "edge test page" in web.host.run("curl", "-s", "-m", "5", f"http://{address}/").stdout
    assert "edge test page" in web.host.run("curl", "-s", "-m", "5", f"http://{web.host.address}:30080/").stdout


def test_pods_resolve_services(web):
    for name in ["web", "web.default", "web.default.svc.cluster.local"]:
        assert "edge test page" in web.kubectl("exec", "shell", "--", "wget", "-qO-", f"http://{name}/").stdout


def test_logs_and_exec(web, kubectl):
    assert web.kubectl("logs", "shell", using=kubectl).stdout == "hello\n"
    assert web.kubectl("exec", "shell", "--", "echo", "hi", using=kubectl).stdout == "hi\n"
    assert web.kubectl("exec", "-i", "shell", "--", "cat", input="through stdin", using=kubectl).stdout == "through stdin"
    failed = web.kubectl("exec", "shell", "--", "sh", "-c", "exit 3", check=False, using=kubectl)
    assert failed.returncode == 3


def test_pods_survive_a_kill_of_edge(web):
    before = pids(web)
    assert len(before) == 4
    web.kill()
    assert pids(web) == before
    web.start()
    wait_for("the pods to be adopted", lambda: web.kubectl("exec", "shell", "--", "true", check=False).returncode == 0)
    assert pids(web) == before
    restarts = [s["restartCount"] for p in web.get("pods")["items"] for s in p["status"]["containerStatuses"]]
    assert restarts == [0, 0, 0, 0]
    assert web.kubectl("logs", "shell").stdout == "hello\n"


def test_a_killed_container_is_restarted_and_a_deleted_pod_replaced(web):
    web.kubectl("exec", "shell", "--", "kill", "1", check=False)
    name = web.get("pods", "-l", "app=web")["items"][0]["metadata"]["name"]
    web.kubectl("delete", "pod", name)
    wait_for("a new pod", lambda: name not in web.kubectl("get", "pods", "-o", "name").stdout
             and web.get("deployment", "web")["status"].get("readyReplicas") == 3)
