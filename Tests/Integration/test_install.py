"""install.sh on a clean machine, what it brings up, and that `edge uninstall` leaves the machine as it was."""
import os
import pathlib
import re
import shutil
import subprocess

import pytest

from harness.cluster import wait_for
from harness.host import Host, run
from harness.kubectl import EDGE
from harness.machine import PATH, Machine
from harness.registry import Registry

ROOT = pathlib.Path(__file__).resolve().parents[2]
INSTALL = ROOT / "install.sh"


def settings(machine, **more):
    """The environment of an installation: this binary, and a group of its own for the cgroups of this test."""
    return {"INSTALL_EDGE_BIN": EDGE, "INSTALL_EDGE_EXEC": f"--node-name {machine.name} --cgroup-root {machine.name}",
            **more}


@pytest.fixture(scope="module")
def registry(images, tmp_path_factory):
    with Host("registry") as host, Registry(host, tmp_path_factory.mktemp("registry")) as registry:
        registry.push(images / "web.tar", "library/nginx:1.29")
        registry.push(images / "busybox.tar", "library/busybox:latest")
        yield registry


@pytest.fixture
def machine(request, tmp_path):
    with Machine(request.node.name, tmp_path / "machine") as made:
        yield made


def traces(machine):
    """What an installation could leave: files, the network, cgroups, mounts, processes."""
    namespace = os.stat(f"/run/netns/{machine.name}").st_ino
    processes = 0
    for path in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            processes += os.stat(path / "ns/net").st_ino == namespace
        except OSError:
            continue
    return {
        "files": machine.files(),
        "links": machine.run("ip", "-o", "link").stdout,
        "routes": machine.run("ip", "route", "show", "table", "all").stdout,
        "nft": machine.run("nft", "list", "ruleset").stdout,
        "mounts": sorted(line.split()[4] for line in machine.run("cat", "/proc/self/mountinfo").stdout.splitlines()),
        "cgroups": sorted(str(p) for p in pathlib.Path("/sys/fs/cgroup").glob(f"**/{machine.name}*")),
        "processes": processes,
    }


def test_a_clean_machine_becomes_a_cluster_and_is_clean_again(machine, registry):
    wait_for("the link", machine.is_settled)
    machine.shell("mkdir /etc/edge && cat >/etc/edge/registries.yaml <<'END'\n" + registry.mirror() + "END\n")
    before = traces(machine)

    done = machine.shell(f"{INSTALL}", **settings(machine))
    assert f"node {machine.name}: Ready" in done.stdout
    assert "kubeconfig: /etc/edge/edge.yaml" in done.stdout
    assert re.search(rf"EDGE_URL=https://{machine.address}:6443 EDGE_TOKEN=K10[0-9a-f]{{64}}::\S+ ", done.stdout)
    assert "waiting for the node to be Ready" in done.stderr
    assert machine.shell("readlink /usr/local/bin/kubectl").stdout == "edge\n"

    kubectl = "edge kubectl --request-timeout=30s"
    machine.shell(f"{kubectl} apply -f {ROOT}/examples/web.yaml")
    machine.shell("kubectl wait --for=condition=Available deployment/web --timeout=90s")
    pods = set(machine.shell(f"{kubectl} get pods -l app=web -o jsonpath='{{.items[*].metadata.name}}'").stdout.split())
    assert len(pods) == 3

    cluster_ip = machine.shell(f"{kubectl} get service web -o jsonpath='{{.spec.clusterIP}}'").stdout
    for address in [f"{cluster_ip}/hostname", f"{machine.address}:30080/hostname"]:
        wait_for(f"all pods behind {address}", lambda: pods == {
            machine.shell(f"curl -s -m 5 http://{address}").stdout.strip() for _ in range(20)})
    # From another host too.
    outside = run(*registry.host.inside("curl", "-s", "-m", "5", f"http://{machine.address}:30080/")).stdout
    assert "edge test page" in outside

    machine.shell(f"{kubectl} run shell --image=busybox --restart=Never -- sleep 3600")
    machine.shell(f"{kubectl} wait --for=condition=Ready pod/shell --timeout=60s")
    for name in ["web", "web.default", "web.default.svc.cluster.local"]:
        assert "edge test page" in machine.shell(f"{kubectl} exec shell -- wget -qO- http://{name}/").stdout

    # Once more: nothing restarts.
    runs = machine.shell("cat /run/edge/edge.pid /run/edge.supervisor.pid").stdout
    again = machine.shell(f"{INSTALL}", INSTALL_EDGE_BIN=EDGE)
    assert "Ready" in again.stdout
    assert machine.shell("cat /run/edge/edge.pid /run/edge.supervisor.pid").stdout == runs

    # A crash: it is started again, and the pods have not noticed.
    machine.shell("kill -9 $(cat /run/edge/edge.pid)")
    assert "edge test page" in machine.shell(f"curl -s -m 5 http://{cluster_ip}/").stdout
    machine.shell("edge status --wait --timeout 30s")
    restarts = machine.shell(
        f"{kubectl} get pods -o jsonpath='{{.items[*].status.containerStatuses[*].restartCount}}'").stdout
    assert restarts.split() == ["0"] * 4

    # stop ends all of it, the service brings it back.
    machine.shell("edge stop --grace 2")
    assert machine.shell("edge status", check=False).returncode == 3
    assert traces(machine)["processes"] == before["processes"]
    machine.shell("/etc/edge/service start && edge status --wait --timeout 30s")
    machine.shell("kubectl wait --for=condition=Available deployment/web --timeout=60s")

    machine.shell("edge uninstall --yes")
    after = traces(machine)
    for kind, value in before.items():
        assert after[kind] == value, f"{kind} before and after"


def test_flags_are_remembered_and_other_directories_found(machine):
    before = traces(machine)["files"]
    exec_ = settings(machine)["INSTALL_EDGE_EXEC"] + " --data-dir /var/lib/other --run-dir /run/other --disable-agent"
    done = machine.shell(f"{INSTALL}", INSTALL_EDGE_BIN=EDGE, INSTALL_EDGE_EXEC=exec_)
    assert "server: ready, no node on this host" in done.stdout
    again = machine.shell(f"{INSTALL}", INSTALL_EDGE_BIN=EDGE, INSTALL_EDGE_FORCE_RESTART="true")
    assert "server: ready, no node on this host" in again.stdout
    assert "/var/lib/other" in machine.shell("edge status").stdout
    machine.shell("edge uninstall --yes")
    assert traces(machine)["files"] == before


def test_an_agent_joins_by_url_and_token(machine, registry, tmp_path):
    with Machine("server", tmp_path / "server") as server:
        done = server.shell(f"{INSTALL}", **settings(server))
        url, token = re.search(r"EDGE_URL=(\S+) EDGE_TOKEN=(\S+)", done.stdout).groups()
        joined = machine.shell(f"{INSTALL}", EDGE_URL=url, EDGE_TOKEN=token, **settings(machine))
        assert f"node {machine.name}: Ready" in joined.stdout
        assert machine.name in server.shell("kubectl get nodes").stdout
        assert token not in machine.shell("cat /etc/edge/install").stdout
        assert machine.shell("stat -c %a /etc/edge/edge.env").stdout == "600\n"
        # The settings of the first run hold for the second.
        assert "Ready" in machine.shell(f"{INSTALL}", INSTALL_EDGE_BIN=EDGE, INSTALL_EDGE_FORCE_RESTART="true").stdout
        machine.shell("edge uninstall --yes")
        assert machine.files() == []
        server.shell("edge uninstall --yes")


def refused(machine, before, **variables):
    done = machine.shell(f"{INSTALL}", check=False, **variables)
    assert done.returncode == 1
    assert traces(machine)["files"] == before
    return done.stderr + done.stdout


def test_what_cannot_work_is_refused_before_anything_is_touched(machine, tmp_path):
    before = traces(machine)["files"]
    listener = machine.start("socat", "TCP-LISTEN:6443,fork", "-")
    wait_for("the listener", lambda: ":6443" in machine.run("ss", "-ltn").stdout)
    text = refused(machine, before, **settings(machine))
    assert "fail  ports: 6443 is in use" in text and "fix:" in text and "nothing was changed" in text
    listener.kill()
    listener.wait()
    assert "no-such-flag" in refused(machine, before, **settings(machine, INSTALL_EDGE_EXEC="server --no-such-flag"))
    assert "EDGE_TOKEN" in refused(machine, before, EDGE_URL="https://192.0.2.1:6443", **settings(machine))
    assert "must begin with https://" in refused(
        machine, before, EDGE_URL="http://192.0.2.1", EDGE_TOKEN="x", **settings(machine))
    fake = tmp_path / "bin"
    fake.mkdir()
    (fake / "uname").write_text('#!/bin/sh\n[ "$1" = -m ] && echo armv7l || echo Linux\n')
    (fake / "uname").chmod(0o755)
    text = refused(machine, before, **settings(machine, PATH=f"{fake}:{PATH}"))
    assert "armv7l is 32-bit ARM" in text and "64-bit Raspberry Pi OS" in text


@pytest.fixture
def fakes(tmp_path):
    """Service managers that write down how they are called."""
    directory = tmp_path / "fakes"
    directory.mkdir()
    for name in ["systemctl", "rc-service", "rc-update"]:
        (directory / name).write_text(
            f'#!/bin/sh\n[ "$1" != --version ] || exec echo "systemd 254 (254.1)"\necho "{name} $*" >>{tmp_path}/calls\n')
        (directory / name).chmod(0o755)
    return f"{directory}:{PATH}"


def test_the_systemd_unit(machine, fakes, tmp_path):
    exec_ = "server --node-name a$b%c --debug"
    machine.shell(f"{INSTALL}", **settings(machine, PATH=fakes, INSTALL_EDGE_SERVICE="systemd", INSTALL_EDGE_SKIP_START="true",
                                           INSTALL_EDGE_EXEC=exec_, INSTALL_EDGE_SKIP_PREFLIGHT="true"))
    unit = machine.shell("cat /etc/systemd/system/edge.service").stdout
    assert 'ExecStart=/usr/local/bin/edge "server" "--node-name" "a$$b%%c" "--debug"' in unit
    for line in ["Delegate=yes", "DelegateSubgroup=system", "KillMode=process", "Restart=always", "LimitNOFILE=1048576"]:
        assert f"\n{line}\n" in unit
    assert "edge stop --pods-only" in unit
    known = unit.replace("DelegateSubgroup=system\n", "")  # Debian 12 has an older systemd.
    (tmp_path / "edge.service").write_text(known)
    verified = machine.run("systemd-analyze", "verify", "--man=no", str(tmp_path / "edge.service"), check=False)
    assert (verified.returncode, [line for line in verified.stderr.splitlines() if "edge.service" in line]) == (0, [])
    assert (tmp_path / "calls").read_text() == "systemctl daemon-reload\nsystemctl --quiet enable edge.service\n"
    installed = machine.shell("cat /etc/edge/install").stdout
    assert "service-manager=systemd\n" in installed and "file=/etc/systemd/system/edge.service\n" in installed


def test_the_openrc_script(machine, fakes, tmp_path):
    machine.shell(f"{INSTALL}", **settings(machine, PATH=fakes, INSTALL_EDGE_SERVICE="openrc", INSTALL_EDGE_SKIP_START="true",
                                           INSTALL_EDGE_EXEC="server --node-name a$b", INSTALL_EDGE_SKIP_PREFLIGHT="true"))
    script = machine.shell("cat /etc/init.d/edge").stdout
    (tmp_path / "edge").write_text(script)
    run("sh", "-n", str(tmp_path / "edge"))
    # The arguments reach the command as they were given.
    words = run("sh", "-c", f". {tmp_path}/edge; eval \"printf '%s\\n' $command_args\"").stdout.split("\n")
    assert words[:3] == ["server", "--node-name", "a$b"]
    assert "RC_GOINGDOWN" in script and "edge stop --pods-only" in script and "supervise-daemon" in script
    assert (tmp_path / "calls").read_text() == "rc-update -q add edge default\n"


def test_the_script_is_plain_sh():
    for shell in ["dash", "busybox sh", "bash --posix"]:
        run(*shell.split(), "-n", str(INSTALL))
