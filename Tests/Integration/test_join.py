"""Three hosts, one server and two agents joined by token: the pods of all reach each other, and a cut link heals."""
import shutil
import subprocess
import threading
import time

import pytest

from harness.agent import Agent
from harness.cluster import Cluster, wait_for
from harness.host import Host
from harness.kubectl import EDGE

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
      terminationGracePeriodSeconds: 1
      affinity:
        podAntiAffinity:
          preferredDuringSchedulingIgnoredDuringExecution:
          - {weight: 100, podAffinityTerm: {topologyKey: kubernetes.io/hostname, labelSelector: {matchLabels: {app: web}}}}
      containers:
      - {name: web, image: web, imagePullPolicy: IfNotPresent, ports: [{containerPort: 80}]}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80}]}
"""

# One per node, tied to it whatever becomes of it.
SHELL = """
apiVersion: v1
kind: Pod
metadata: {name: shell-%(number)d, labels: {app: shell}}
spec:
  nodeName: %(node)s
  terminationGracePeriodSeconds: 1
  tolerations: [{operator: Exists}]
  containers:
  - {name: shell, image: busybox, imagePullPolicy: IfNotPresent, command: [sh, -c, "echo hello from $NODE; sleep 36000"],
     env: [{name: NODE, valueFrom: {fieldRef: {fieldPath: spec.nodeName}}}]}
"""


class Three:
    """A server and its two agents."""

    def __init__(self, server, agents):
        self.server = server
        self.agents = agents
        self.hosts = [server.host] + [agent.host for agent in agents]
        self.kubectl = server.kubectl
        self.get = server.get

    def ready(self):
        """The names of the nodes that are ready."""
        return {n["metadata"]["name"] for n in self.get("nodes")["items"] for c in n["status"]["conditions"]
                if c["type"] == "Ready" and c["status"] == "True"}

    def pods(self, selector):
        return [p for p in self.get("pods", "-l", selector)["items"] if "deletionTimestamp" not in p["metadata"]]

    def shell(self, number, *command, check=True):
        return self.kubectl("exec", f"shell-{number}", "--", *command, check=check)


def copy_images(images, directory):
    archives = directory / "data/agent/images"
    archives.mkdir(parents=True)
    for archive in images.glob("*.tar"):
        shutil.copy(archive, archives)


@pytest.fixture(scope="module")
def three(images, tmp_path_factory):
    with Host("server") as host, Host("one") as one, Host("two") as two:
        directory = tmp_path_factory.mktemp("join")
        copy_images(images, directory)
        flags = ("--node-monitor-grace-period", "4s", "--default-not-ready-toleration-seconds", "1",
                 "--default-unreachable-toleration-seconds", "1")
        with Cluster(host, directory, *flags) as server:
            token = (directory / "data/server/token").read_text().strip()
            url = f"https://{host.address}:6443"
            agents = []
            for number, agent_host in enumerate((one, two)):
                place = tmp_path_factory.mktemp(f"agent{number}")
                copy_images(images, place)
                agents.append(Agent(agent_host, place, url, token))
            three = Three(server, agents)
            with agents[0], agents[1]:
                wait_for("three ready nodes", lambda: len(three.ready()) == 3, timeout=40)
                server.apply(WEB + "".join(
                    "---" + SHELL % {"number": n, "node": h.name} for n, h in enumerate(three.hosts)))
                server.kubectl("wait", "--for=condition=Available", "deployment/web", "--timeout=60s", timeout=90)
                server.kubectl("wait", "--for=condition=Ready", "pod", "-l", "app=shell", "--timeout=60s", timeout=90)
                yield three
                server.kubectl("delete", "deployments,pods", "--all", "--grace-period=1", "--timeout=60s", check=False)


def test_pods_are_spread_and_every_one_reaches_every_other(three):
    web = three.pods("app=web")
    assert {p["spec"]["nodeName"] for p in web} == {h.name for h in three.hosts}
    for number, host in enumerate(three.hosts):
        for pod in web:
            address = pod["status"]["podIP"]
            assert "edge test page" in three.shell(number, "wget", "-qO-", f"http://{address}/").stdout
            assert "edge test page" in host.run("curl", "-s", "-m", "5", f"http://{address}/").stdout


def test_services_and_names_work_on_every_node(three):
    address = three.get("service", "web")["spec"]["clusterIP"]
    for number, host in enumerate(three.hosts):
        for _ in range(4):
            assert "edge test page" in host.run("curl", "-s", "-m", "5", f"http://{address}/").stdout
        assert "edge test page" in three.shell(number, "wget", "-qO-", "http://web/").stdout
        # The API, at its Service's address.
        answer = three.shell(number, "wget", "--no-check-certificate", "-qO-",
                             "https://kubernetes.default.svc/version", check=False)
        assert "v1.36" in answer.stdout, answer.stderr


def test_logs_exec_and_port_forward_go_through_the_tunnel(three):
    for number, agent in enumerate(three.agents, 1):
        pod = f"shell-{number}"
        assert three.kubectl("logs", pod).stdout == f"hello from {agent.name}\n"
        assert three.kubectl("logs", pod, "--previous", check=False).returncode != 0
        assert three.kubectl("exec", "-i", pod, "--", "cat", input="through stdin").stdout == "through stdin"
        assert three.kubectl("exec", pod, "--", "sh", "-c", "exit 3", check=False).returncode == 3
        # The kubelet lets nobody in but the API server, and nothing listens for others.
        assert agent.host.run("curl", "-sk", "-m", "2", "https://127.0.0.1:10250/pods").stdout == "Unauthorized\n"
        assert agent.host.run("curl", "-sk", "-m", "2", f"https://{agent.host.address}:10250/", check=False).returncode == 7
    on_agent = next(p for p in three.pods("app=web") if p["spec"]["nodeName"] == three.agents[0].name)
    forward = three.server.host.start(
        *three.server.kubectl_command("port-forward", on_agent["metadata"]["name"], "18080:80"),
        env=three.server.kubectl_environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        assert "edge test page" in wait_for("the forwarded port", lambda: three.server.host.run(
            "curl", "-s", "-m", "2", "http://127.0.0.1:18080/", check=False).stdout, timeout=10)
    finally:
        forward.terminate()
        forward.wait(5)


def test_every_kubectl_streams_through_the_tunnel(three, kubectl):
    assert three.kubectl("exec", "-i", "shell-1", "--", "cat", input="through stdin", using=kubectl).stdout == "through stdin"
    assert three.kubectl("exec", "shell-1", "--", "sh", "-c", "exit 3", check=False, using=kubectl).returncode == 3


def test_a_terminal_works_through_the_tunnel(three):
    command = " ".join(three.server.kubectl_command("exec", "-it", "shell-1", "--", "tty"))
    done = three.server.host.run("script", "-qec", command, "/dev/null", env=three.server.kubectl_environment())
    assert "/dev/pts/" in done.stdout


@pytest.mark.parametrize("arguments", [("logs", "-f", "--tail=0"), ("attach",)], ids=["logs", "attach"])
def test_output_can_be_followed_through_the_tunnel(three, arguments):
    follow = three.server.host.start(
        *three.server.kubectl_command(*arguments, "shell-1"), env=three.server.kubectl_environment(),
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    lines = []
    reader = threading.Thread(target=lambda: lines.extend(iter(follow.stdout.readline, "")), daemon=True)
    reader.start()
    try:
        # Until the stream stands what is said before is nobody's.
        wait_for("a line", lambda: three.shell(1, "sh", "-c", "echo more >/proc/1/fd/1") and "more\n" in lines, timeout=10)
    finally:
        follow.terminate()
        follow.wait(5)


def containers(agent):
    """The processes of the agent's pods."""
    return agent.host.processes("nginx: master|sleep 36000")


def test_an_agent_that_was_killed_while_its_server_is_away_adopts_its_pods(three):
    agent = three.agents[1]
    before = containers(agent)
    assert len(before) == 2
    agent.host.cut()
    try:
        agent.kill()
        agent.start()
        wait_for("the agent to go on without its server",
                 lambda: "the server is away" in agent.log.read_text(), timeout=15)
        assert containers(agent) == before
    finally:
        agent.host.mend()
    wait_for("the node to be ready", lambda: agent.name in three.ready(), timeout=20)
    wait_for("exec", lambda: three.shell(2, "true", check=False).returncode == 0, timeout=15)
    pod = three.get("pod", "shell-2")
    assert pod["status"]["containerStatuses"][0]["restartCount"] == 0
    wait_for("the pod to be ready again", lambda: any(
        c["type"] == "Ready" and c["status"] == "True" for c in three.get("pod", "shell-2")["status"]["conditions"]))


def test_a_node_that_is_cut_off_is_replaced_and_comes_back(three):
    agent = three.agents[0]
    before = {p["metadata"]["name"] for p in three.pods("app=web") if p["spec"]["nodeName"] == agent.name}
    shell = [p for p in containers(agent) if "sleep" in open(f"/proc/{p}/cmdline").read()]
    agent.host.cut()
    try:
        wait_for("the node to be not ready", lambda: agent.name not in three.ready(), timeout=15)
        wait_for("replacements", lambda: sum(
            p["spec"].get("nodeName", agent.name) != agent.name and p["status"]["phase"] == "Running"
            for p in three.pods("app=web")) == 3, timeout=20)
        failed = three.kubectl("logs", "shell-1", check=False, timeout=40)
        assert failed.returncode != 0 and agent.name in failed.stderr, failed.stderr
        # Long enough for the connections of before to be dead.
        time.sleep(20)
    finally:
        agent.host.mend()
    began = time.monotonic()
    wait_for("the node to be ready again", lambda: agent.name in three.ready(), timeout=15)
    wait_for("logs", lambda: three.kubectl("logs", "shell-1", check=False).stdout.startswith("hello"), timeout=15)
    assert time.monotonic() - began < 15
    names = lambda: {p["metadata"]["name"] for p in three.get("pods", "-l", "app=web")["items"]}
    wait_for("the pods that were replaced to be gone", lambda: not before & names(), timeout=15)
    # The pod that tolerates everything has stayed, and serves again.
    assert [p for p in containers(agent) if "sleep" in open(f"/proc/{p}/cmdline").read()] == shell
    wait_for("the pod that stayed to be ready", lambda: any(
        c["type"] == "Ready" and c["status"] == "True" for c in three.get("pod", "shell-1")["status"]["conditions"]))


def test_agents_come_back_to_a_server_that_was_killed(three):
    before = [containers(agent) for agent in three.agents]
    three.server.kill()
    three.server.start()
    for number in (1, 2):
        wait_for("exec", lambda: three.shell(number, "true", check=False).returncode == 0, timeout=15)
    three.kubectl("scale", "deployment/web", "--replicas=6")
    wait_for("more pods", lambda: sum(p["status"]["phase"] == "Running" for p in three.pods("app=web")) == 6, timeout=15)
    assert all(set(old) <= set(containers(agent)) for old, agent in zip(before, three.agents))
    three.kubectl("scale", "deployment/web", "--replicas=3")
    wait_for("fewer pods", lambda: len(three.get("pods", "-l", "app=web")["items"]) == 3)
    wait_for("three ready nodes", lambda: len(three.ready()) == 3)


def test_routes_to_other_nodes_are_repaired(three):
    agent = three.agents[0]
    pod = next(p for p in three.pods("app=web") if p["spec"]["nodeName"] == three.server.host.name)
    tunnel = next(line.split()[1].rstrip(":") for line in agent.host.ip("-o", "link", "show", "type", "vxlan").stdout.splitlines())
    agent.host.ip("link", "del", tunnel)
    wait_for("the tunnel to be made anew", lambda: "edge test page" in three.shell(
        1, "wget", "-qO-", f"http://{pod['status']['podIP']}/", check=False).stdout, timeout=15)


# Joining that must fail.

@pytest.fixture
def stranger(tmp_path):
    with Host("stranger") as host:
        yield lambda three, token: Agent(
            host, tmp_path / "stranger", f"https://{three.server.host.address}:6443", token)


def refused(agent, three):
    """The message with which it ends, having changed nothing."""
    links = agent.host.ip("-o", "link").stdout
    done = agent.run()
    assert done.returncode == 1, done
    assert agent.host.ip("-o", "link").stdout == links
    assert list(agent.directory.rglob("*")) == []
    assert agent.name not in [n["metadata"]["name"] for n in three.get("nodes")["items"]]
    return done.stderr


def test_a_wrong_token_is_refused(three, stranger):
    token = three.agents[0].token[:-4] + "0000"
    assert "does not accept the token" in refused(stranger(three, token), three)


def test_an_altered_hash_is_noticed_before_the_token_is_shown(three, stranger):
    token = three.agents[0].token
    altered = "K10" + ("0" if token[3] != "0" else "1") + token[4:]
    assert "does not have the hash of the token" in refused(stranger(three, altered), three)


def test_a_malformed_token_is_refused(three, stranger):
    assert "token" in refused(stranger(three, "K10abc"), three)


def token_command(three, *arguments):
    return three.server.host.run(EDGE, "token", *arguments, "--kubeconfig", three.server.kubeconfig).stdout


def test_bootstrap_tokens_are_made_and_expire(three, stranger):
    short = token_command(three, "create", "--ttl", "1s", "--description", "short").strip()
    assert short.startswith(three.agents[0].token.split("::")[0] + "::")
    time.sleep(1.5)
    message = refused(stranger(three, short), three)
    assert "bootstrap token" in message and "expired" in message
    good = token_command(three, "create").strip()
    identifier = good.split("::")[1].split(".")[0]
    assert identifier in token_command(three, "list")
    agent = stranger(three, good)
    with agent:
        wait_for("the node", lambda: agent.name in three.ready(), timeout=30)
    three.kubectl("delete", "node", agent.name)
    token_command(three, "delete", identifier)
    assert identifier not in token_command(three, "list")
