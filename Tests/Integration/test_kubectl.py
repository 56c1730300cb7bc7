"""What people do with kubectl every day, with each kubectl of this machine and with edge's own, on a real node."""
import contextlib
import json
import os
import re
import subprocess
import time

import pytest

from harness.cluster import wait_for
from harness.terminal import Terminal

SHARED = """
apiVersion: v1
kind: Pod
metadata: {name: shell, labels: {app: shell}}
spec:
  terminationGracePeriodSeconds: 1
  containers:
  - {name: shell, image: busybox, imagePullPolicy: IfNotPresent, command: [sh, -c, "echo one; echo two; sleep 36000"]}
  - {name: web, image: web, imagePullPolicy: IfNotPresent, ports: [{containerPort: 80}]}
  - {name: cat, image: busybox, imagePullPolicy: IfNotPresent, stdin: true, command: [cat]}
  - name: twice
    image: busybox
    imagePullPolicy: IfNotPresent
    command: [sh, -c, "[ -e /work/seen ] && echo second && exec sleep 36000; touch /work/seen; echo first; exit 1"]
    volumeMounts: [{name: work, mountPath: /work}]
  volumes: [{name: work, emptyDir: {}}]
---
apiVersion: v1
kind: Service
metadata: {name: shell}
spec: {selector: {app: shell}, ports: [{port: 8080, targetPort: 80}]}
"""
SLEEPER = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: roll}
spec:
  replicas: 1
  selector: {matchLabels: {app: roll}}
  template:
    metadata: {labels: {app: roll}}
    spec:
      terminationGracePeriodSeconds: 0
      containers:
      - {name: c, image: busybox, imagePullPolicy: IfNotPresent, command: [sleep, "36000"], env: [{name: A, value: "1"}]}
"""


@pytest.fixture(scope="module")
def shared(node):
    node.apply(SHARED)
    for flags, said in [(["--previous"], "first\n"), ([], "second\n")]:
        wait_for("the restarted container", lambda: node.kubectl(
            "logs", "shell", "-c", "twice", *flags, check=False).stdout == said)
    node.kubectl("wait", "--for=condition=Ready", "pod/shell", "--timeout=30s")
    return node


@pytest.fixture
def k(shared, kubectl):
    return lambda *arguments, **options: shared.kubectl(*arguments, using=kubectl, **options)


@pytest.fixture
def namespace(shared, kubectl):
    name = f"t{kubectl.version.replace('.', '-')}-{time.monotonic_ns() % 1000000}"
    shared.kubectl("create", "namespace", name)
    yield name
    shared.kubectl("delete", "namespace", name, "--wait=false")


@pytest.fixture
def n(k, namespace):
    return lambda *arguments, **options: k("-n", namespace, *arguments, **options)


@pytest.fixture
def start(shared, kubectl):
    """Starts a kubectl that runs beside the test, and ends it afterwards."""
    with contextlib.ExitStack() as stack:
        def begin(*arguments, **options):
            process = stack.enter_context(subprocess.Popen(
                shared.kubectl_command(*arguments, using=kubectl), env=shared.kubectl_environment(), text=True,
                bufsize=1, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **options))
            stack.callback(process.kill)
            return process
        yield begin


@pytest.fixture
def terminal(shared, kubectl):
    with contextlib.ExitStack() as stack:
        yield lambda *arguments: stack.enter_context(Terminal(
            shared.kubectl_command(*arguments, using=kubectl), env=shared.kubectl_environment()))


def read_line(process, timeout=15):
    os.set_blocking(process.stdout.fileno(), True)
    timer = __import__("threading").Timer(timeout, process.kill)
    timer.start()
    try:
        return process.stdout.readline()
    finally:
        timer.cancel()


# Reading


def test_get_formats(k):
    assert k("get", "pod", "shell", "-o", "name").stdout == "pod/shell\n"
    wide = k("get", "pods", "-o", "wide").stdout.splitlines()
    assert wide[0].split()[5:8] == ["IP", "NODE", "NOMINATED"]
    assert "kind: Pod\n" in k("get", "pod", "shell", "-o", "yaml").stdout
    names = k("get", "pod", "shell", "-o", "jsonpath={.spec.containers[*].name}").stdout
    assert names == "shell web cat twice"
    columns = k("get", "pods", "-l", "app=shell", "-o", "custom-columns=NAME:.metadata.name,NONE:.nope").stdout
    assert columns == "NAME    NONE\nshell   <none>\n"
    assert k("get", "pods", "-l", "app=shell", "--show-labels", "--no-headers").stdout.rstrip().endswith("app=shell")
    assert "shell" in k("get", "pods", "-A", "--field-selector", "status.phase=Running").stdout


def test_get_watch(k, n, start, namespace):
    process = start("-n", namespace, "get", "configmaps", "-w", "--output-watch-events", "-l", "watched=yes")
    n("create", "configmap", "seen", "--from-literal=a=1")
    n("label", "configmap", "seen", "watched=yes")
    n("label", "configmap", "seen", "more=yes")
    n("delete", "configmap", "seen")
    lines = [read_line(process).split() for _ in range(4)]
    assert [line[0] for line in lines] == ["EVENT", "ADDED", "MODIFIED", "DELETED"]
    assert all(line[1] == "seen" for line in lines[1:])


def test_describe(k, shared):
    pod = k("describe", "pod", "shell").stdout
    assert re.search(r"^Name: +shell$", pod, re.M) and re.search(r"Restart Count: +1$", pod, re.M)
    assert "Started container shell" in pod
    node = k("describe", "node").stdout
    assert "Allocated resources:" in node and "shell" in node
    service = k("describe", "service", "shell").stdout
    assert re.search(r"^Endpoints: +10\.42\.\d+\.\d+:80$", service, re.M)
    assert "No resources found" in k("describe", "deployments", "-l", "no=such").stderr


def test_discovery_and_identity(k, kubectl):
    assert k("auth", "can-i", "delete", "pods").stdout == "yes\n"
    assert k("auth", "can-i", "delete", "pods", "--as=jane", check=False).stdout == "no\n"
    assert "selfsubjectreviews" in k("auth", "can-i", "--list", "--as=jane").stdout
    assert "Kubernetes control plane" in k("cluster-info").stdout
    assert "certificate-authority-data: DATA+OMITTED" in k("config", "view").stdout
    assert "deployments" in k("api-resources", "--api-group=apps", "-o", "name").stdout
    assert "replicas" in k("explain", "deployment.spec").stdout
    assert "containerPort" in k("explain", "pod.spec.containers.ports", "--recursive").stdout
    top = k("top", "pods", check=False)
    assert top.returncode == 1 and top.stderr == "error: Metrics API not available\n"
    if kubectl.version not in ("1.27",):
        assert "system:admin" in k("auth", "whoami").stdout


def test_events(k):
    assert "Started container" in k("events", "--for", "pod/shell").stdout
    assert "pod/shell" in k("get", "events", "--field-selector", "involvedObject.name=shell").stdout


# Writing


def test_apply_keeps_what_others_set(n):
    first = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c, labels: {a: '1'}}\ndata: {keep: x, drop: x}\n"
    assert n("apply", "-f", "-", input=first).stdout == "configmap/c created\n"
    n("patch", "configmap", "c", "-p", '{"data":{"other":"y"}}')
    second = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {keep: x, add: z}\n"
    assert n("apply", "-f", "-", input=second).stdout == "configmap/c configured\n"
    found = json.loads(n("get", "configmap", "c", "-o", "json").stdout)
    assert found["data"] == {"keep": "x", "add": "z", "other": "y"} and "labels" not in found["metadata"]
    assert n("apply", "-f", "-", "--dry-run=server", input=first).stdout == "configmap/c configured (server dry run)\n"
    assert "add: z" in n("apply", "view-last-applied", "configmap/c").stdout
    assert n("delete", "-f", "-", input=second).stdout.startswith('configmap "c" deleted')


def test_create_edit_label_annotate(n):
    assert n("create", "secret", "generic", "s", "--from-literal=a=b").stdout == "secret/s created\n"
    assert n("get", "secret", "s", "-o", "jsonpath={.data.a}").stdout == "Yg=="
    assert n("create", "configmap", "c", "--from-literal=count=one").stdout == "configmap/c created\n"
    edited = n("edit", "configmap", "c", env={"KUBE_EDITOR": "sed -i s/one/two/"})
    assert edited.stdout == "configmap/c edited\n"
    assert n("get", "configmap", "c", "-o", "jsonpath={.data.count}").stdout == "two"
    assert "no changes made" in n("edit", "configmap", "c", env={"KUBE_EDITOR": "true"}).stderr \
        + n("edit", "configmap", "c", env={"KUBE_EDITOR": "true"}).stdout
    assert n("label", "configmap", "c", "tier=x").stdout == "configmap/c labeled\n"
    refused = n("label", "configmap", "c", "tier=y", check=False)
    assert refused.returncode == 1 and "already has a value (x), and --overwrite is false" in refused.stderr
    assert n("label", "configmap", "c", "tier-").stdout == "configmap/c unlabeled\n"
    assert n("annotate", "configmap", "c", "note=z").stdout in ("configmap/c annotated\n", "configmap/c annotate\n")
    assert n("get", "configmap", "c", "-o", "jsonpath={.metadata.annotations.note}").stdout == "z"
    assert n("create", "token", "default").stdout.count(".") == 2


def test_rollout(n):
    n("apply", "-f", "-", input=SLEEPER)
    assert n("rollout", "status", "deployment/roll", "--timeout=20s").stdout.endswith("successfully rolled out\n")
    assert n("set", "env", "deployment/roll", "A=2").stdout == "deployment.apps/roll env updated\n"
    n("annotate", "deployment/roll", "kubernetes.io/change-cause=second")
    n("rollout", "status", "deployment/roll", "--timeout=20s")
    history = n("rollout", "history", "deployment/roll").stdout
    assert history.splitlines()[:2] == ["deployment.apps/roll ", "REVISION  CHANGE-CAUSE"]
    assert re.search(r"^2 +second$", history, re.M)
    assert "A:\t2" in n("rollout", "history", "deployment/roll", "--revision=2").stdout
    assert n("rollout", "undo", "deployment/roll").stdout == "deployment.apps/roll rolled back\n"
    n("rollout", "status", "deployment/roll", "--timeout=20s")
    where = "jsonpath={.spec.template.spec.containers[0].env[0].value}"
    assert n("get", "deployment", "roll", "-o", where).stdout == "1"
    assert n("rollout", "restart", "deployment/roll").stdout == "deployment.apps/roll restarted\n"
    n("rollout", "status", "deployment/roll", "--timeout=20s")
    described = n("describe", "deployment", "roll").stdout
    assert "NewReplicaSet:" in described and "ScalingReplicaSet" in described
    assert n("scale", "deployment/roll", "--replicas=2").stdout == "deployment.apps/roll scaled\n"
    n("wait", "--for=jsonpath={.status.readyReplicas}=2", "deployment/roll", "--timeout=20s")
    assert n("expose", "deployment", "roll", "--port=80").stdout == "service/roll exposed\n"
    assert n("get", "service", "roll", "-o", "jsonpath={.spec.selector}").stdout == '{"app":"roll"}'
    assert n("rollout", "pause", "deployment/roll").stdout == "deployment.apps/roll paused\n"
    assert n("rollout", "resume", "deployment/roll").stdout == "deployment.apps/roll resumed\n"


def test_wait(n, start, namespace):
    n("create", "configmap", "c", "--from-literal=a=b")
    assert n("wait", "--for=jsonpath={.data.a}=b", "configmap/c").stdout == "configmap/c condition met\n"
    late = n("wait", "--for=delete", "configmap/c", "--timeout=200ms", check=False)
    assert late.returncode == 1
    # Some versions warn before of a watch that lasted less than a second.
    assert late.stderr.endswith("error: timed out waiting for the condition on configmaps/c\n")
    waiting = start("-n", namespace, "wait", "--for=delete", "configmap/c", "--timeout=20s")
    time.sleep(0.3)
    n("delete", "configmap", "c")
    assert waiting.wait(10) == 0
    assert read_line(waiting) == "configmap/c condition met\n"


# Containers


def test_logs(k, start):
    assert k("logs", "shell", "-c", "twice").stdout == "second\n"
    assert k("logs", "shell", "-c", "twice", "--previous").stdout == "first\n"
    assert k("logs", "shell", "-c", "shell", "--tail=1").stdout != ""
    assert k("logs", "shell", "-c", "shell", "--limit-bytes=3").stdout == "one"
    assert k("logs", "shell", "-c", "twice", "--since=1h").stdout == "second\n"
    assert k("logs", "shell", "-c", "twice", "--since-time=2100-01-01T00:00:00Z").stdout == ""
    stamped = k("logs", "shell", "-c", "twice", "--timestamps").stdout
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z second\n", stamped)
    assert "[pod/shell/twice] second\n" in k("logs", "-l", "app=shell", "--all-containers", "--prefix").stdout
    missing = k("logs", "shell", "-c", "shell", "-p", check=False)
    assert missing.returncode == 1
    assert 'previous terminated container "shell" in pod "shell" not found' in missing.stderr


def test_logs_follow(k, start):
    process = start("logs", "-f", "shell", "-c", "shell", "--tail=0")
    time.sleep(0.3)
    for number in range(3):
        k("exec", "shell", "-c", "shell", "--", "sh", "-c", f"echo tick {number} > /proc/1/fd/1")
        assert read_line(process) == f"tick {number}\n"


def test_exec(k):
    def sh(script, *flags, **options):
        return k("exec", "shell", "-c", "shell", *flags, "--", "sh", "-c", script, **options)

    both = sh("echo out; echo err >&2; exit 7", check=False)
    assert (both.returncode, both.stdout) == (7, "out\n")
    assert both.stderr.startswith("err\n") and "command terminated with exit code 7" in both.stderr
    big = "0123456789abcdef" * 65536
    assert sh("md5sum", "-i", input=big).stdout.split()[0] == __import__("hashlib").md5(big.encode()).hexdigest()
    assert len(sh("head -c 3000000 /dev/zero | tr '\\0' x").stdout) == 3000000
    assert k("exec", "service/shell", "-c", "shell", "--", "echo", "hi").stdout == "hi\n"
    missing = k("exec", "shell", "-c", "shell", "--", "no-such-program", check=False)
    assert missing.returncode != 0 and "no-such-program" in missing.stderr


def test_exec_with_a_terminal(terminal):
    screen = terminal("exec", "-it", "shell", "-c", "shell", "--", "sh")
    screen.read_until("# ")
    screen.type("tty\n")
    screen.read_until("/dev/pts/")
    screen.read_until("# ")
    screen.type("stty size\n")
    screen.read_until("24 80")
    screen.resize(120, 40)
    wait_for("the new size", lambda: screen.type("stty size\n") or "40 120" in screen.read_until("# ") + screen.output)
    screen.type("sleep 100\n")
    time.sleep(0.2)
    screen.type("\x03")
    screen.type("exit 5\n")
    assert screen.wait() == 5


def test_attach(start):
    process = start("attach", "-i", "shell", "-c", "cat")
    time.sleep(0.5)
    process.stdin.write("through cat\n")
    process.stdin.flush()
    line = read_line(process)
    while "pressing enter" in line or not line.strip():
        line = read_line(process)
    assert line == "through cat\n"


@pytest.mark.parametrize("target", ["pod/shell", "service/shell"])
def test_port_forward(shared, start, target):
    process = start("port-forward", target, f":{80 if target.startswith('pod') else 8080}")
    line = read_line(process)
    found = re.fullmatch(r"Forwarding from 127\.0\.0\.1:(\d+) -> 80\n", line)
    assert found, line
    for _ in range(3):
        page = shared.host.run("curl", "-s", "-m", "5", f"http://127.0.0.1:{found.group(1)}/").stdout
        assert "edge test page" in page


def test_cp(k, tmp_path):
    source = tmp_path / "source"
    (source / "inner").mkdir(parents=True)
    (source / "inner/random").write_bytes(os.urandom(700000))
    (source / "text").write_text("text\n")
    k("cp", str(source), "shell:/tmp/copied", "-c", "shell")
    assert k("exec", "shell", "-c", "shell", "--", "cat", "/tmp/copied/text").stdout == "text\n"
    k("cp", "default/shell:/tmp/copied", str(tmp_path / "back"), "-c", "shell")
    assert (tmp_path / "back/inner/random").read_bytes() == (source / "inner/random").read_bytes()
    k("cp", "shell:/tmp/copied/text", str(tmp_path / "one"), "-c", "shell")
    assert (tmp_path / "one").read_text() == "text\n"
    # Into a directory that is there: the file keeps its name.
    k("cp", str(tmp_path / "one"), "shell:/tmp/copied", "-c", "shell")
    assert k("exec", "shell", "-c", "shell", "--", "ls", "/tmp/copied").stdout.split() == ["inner", "one", "text"]
    k("exec", "shell", "-c", "shell", "--", "rm", "-r", "/tmp/copied")


def test_run(n, namespace, terminal):
    done = n("run", "once", "--rm", "-i", "--image=busybox", "--image-pull-policy=IfNotPresent", "--restart=Never",
             "--quiet", "--", "sh", "-c", "cat; echo done", input="given\n", timeout=20)
    assert done.stdout.startswith("given\ndone\n")
    screen = terminal(
        "-n", namespace, "run", "shell", "--rm", "-it", "--image=busybox", "--image-pull-policy=IfNotPresent",
        "--restart=Never", "--", "sh")
    screen.read_until("If you don't see a command prompt, try pressing enter.")
    screen.type("echo $((6*7))-$(tty)\n")
    screen.read_until("42-/dev/pts/")
    screen.type("exit\n")
    assert screen.wait() == 0
    assert 'pod "shell" deleted' in screen.output
    wait_for("the pods to be gone", lambda: n("get", "pods", "-o", "name").stdout == "")
