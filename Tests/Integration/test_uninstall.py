"""What edge leaves on a host: nothing after `edge uninstall`, whatever state it was in; and how `edge stop` ends it."""
import glob
import os
import pathlib
import shutil
import time

import pytest

from harness.cluster import Cluster, wait_for
from harness.host import Host, run

PODS = """
apiVersion: v1
kind: Pod
metadata: {name: shell}
spec:
  terminationGracePeriodSeconds: 5
  volumes:
  - {name: memory, emptyDir: {medium: Memory}}
  - {name: disk, emptyDir: {}}
  - {name: host, hostPath: {path: HOSTPATH}}
  containers:
  - name: shell
    image: busybox
    imagePullPolicy: IfNotPresent
    command: [sh, -c, "trap 'echo ended > /host/ended; exit 0' TERM; while :; do sleep 1; done"]
    volumeMounts:
    - {name: memory, mountPath: /memory}
    - {name: disk, mountPath: /disk}
    - {name: host, mountPath: /host}
---
apiVersion: v1
kind: Pod
metadata: {name: done}
spec:
  restartPolicy: Never
  containers:
  - {name: done, image: busybox, imagePullPolicy: IfNotPresent, command: ["true"]}
---
apiVersion: v1
kind: Service
metadata: {name: shell}
spec: {type: NodePort, selector: {app: shell}, ports: [{port: 80}]}
"""


class Traces:
    """All that an edge could leave behind: in the host's network namespace, and on the machine by name or path."""

    def __init__(self, cluster):
        self.cluster = cluster
        self.host = cluster.host

    def read(self):
        host = self.host
        mounts = [line.split()[4] for line in open("/proc/self/mountinfo")]
        return {
            "links": host.run("ip", "-o", "link").stdout,
            "addresses": host.run("ip", "-o", "addr").stdout.replace("tentative ", ""),
            "routes": host.run("ip", "route", "show", "table", "all").stdout,
            "rules": host.run("ip", "rule").stdout,
            "nft": host.run("nft", "list", "ruleset").stdout,
            "cgroups": sorted(glob.glob(f"/sys/fs/cgroup/**/{host.name}*", recursive=True)),
            "mounts": sorted(m for m in mounts if m.startswith(str(self.cluster.directory))),
            "processes": self.processes(),
            "files": sorted(str(p) for p in pathlib.Path(self.cluster.directory).rglob("*")
                            if p.name not in ("server.log", "precious", "ended") and ".kube" not in p.parts),
        }

    def processes(self):
        """Processes of the host: those in its network namespace, in its cgroups, and helpers."""
        namespace = os.stat(f"/run/netns/{self.host.name}").st_ino
        found = []
        for path in glob.glob("/proc/[0-9]*"):
            try:
                inside = os.stat(f"{path}/ns/net").st_ino == namespace
                groups = pathlib.Path(f"{path}/cgroup").read_text()
                if inside or f"/{self.host.name}/" in groups:
                    found.append(pathlib.Path(f"{path}/cmdline").read_text().replace("\0", " "))
            except OSError:
                continue
        return sorted(found)


@pytest.fixture
def busy(images, tmp_path):
    """A server with pods that use every kind of mount, and what the host was like before it came."""
    with Host("busy") as host:
        cluster = Cluster(host, tmp_path)
        # Addresses and routes of IPv6 settle first.
        wait_for("the link", host.is_settled)
        before = Traces(cluster).read()
        (tmp_path / "data/agent/images").mkdir(parents=True)
        shutil.copy(images / "busybox.tar", tmp_path / "data/agent/images")
        (tmp_path / "kept").mkdir()
        (tmp_path / "kept/precious").write_text("not edge's")
        before["files"] = [str(tmp_path / "kept")]
        with cluster:
            cluster.apply(PODS.replace("HOSTPATH", str(tmp_path / "kept")))
            cluster.kubectl("wait", "--for=condition=Ready", "pod/shell", "--timeout=60s", timeout=90)
            wait_for("the pod to complete", lambda: cluster.get("pod", "done")["status"]["phase"] == "Succeeded")
            assert Traces(cluster).read() != before
            yield cluster, before


def removed(cluster, before):
    after = Traces(cluster).read()
    for kind, value in before.items():
        assert after[kind] == value, f"{kind} before and after"
    assert (cluster.directory / "kept/precious").read_text() == "not edge's"


def test_uninstall_of_a_running_edge_leaves_nothing(busy):
    cluster, before = busy
    cluster.uninstall()
    cluster.process.wait(10)
    removed(cluster, before)
    assert (cluster.directory / "kept/ended").exists()


def test_uninstall_after_a_crash_ends_the_pods_that_are_left(busy):
    cluster, before = busy
    cluster.kill()
    assert "sleep" in " ".join(Traces(cluster).processes())
    # The pods' host path is still mounted in their namespaces, and here as a user might have left it.
    bind = cluster.directory / "data/agent/pods/user"
    bind.mkdir()
    run("mount", "--bind", str(cluster.directory / "kept"), str(bind))
    cluster.uninstall()
    removed(cluster, before)


def test_uninstall_can_keep_the_data_and_foreign_mounts(busy):
    cluster, before = busy
    disk = cluster.directory / "data/storage/disk"
    disk.mkdir(parents=True)
    run("mount", "--bind", str(cluster.directory / "kept"), str(disk))
    try:
        cluster.uninstall("--keep-data")
        after = Traces(cluster).read()
        assert (after["nft"], after["links"], after["cgroups"]) == (before["nft"], before["links"], before["cgroups"])
        assert (cluster.directory / "data/server/db/state.db").exists()
        done = cluster.uninstall()
        assert f"{disk} stays" in done.stdout
        assert (disk / "precious").exists()
    finally:
        run("umount", str(disk))
    cluster.uninstall()
    shutil.rmtree(cluster.directory / "data", ignore_errors=True)
    removed(cluster, before)


def test_uninstall_asks_first(busy):
    cluster, _ = busy
    refused = cluster.edge("uninstall", check=False, input="")
    assert refused.returncode == 1
    assert "say --yes" in refused.stderr
    assert str(cluster.directory / "data") in refused.stdout
    assert cluster.edge("status").returncode == 0


def test_stop_ends_the_pods_well_and_a_start_brings_them_back(busy):
    cluster, _ = busy
    status = cluster.edge("status")
    assert f"node {cluster.host.name}: Ready" in status.stdout
    assert "default/shell: Running" in status.stdout
    begun = time.monotonic()
    assert cluster.edge("stop").stdout == "edge stopped\n"
    assert time.monotonic() - begun < 20
    assert cluster.process.wait(5) == 0
    assert (cluster.directory / "kept/ended").read_text() == "ended\n"
    assert Traces(cluster).processes() == []
    again = cluster.edge("status", check=False)
    assert (again.returncode, "not running" in again.stdout) == (3, True)
    assert cluster.edge("stop").stdout == "edge is not running\n"
    cluster.start()
    assert cluster.edge("status", "--wait", "--timeout", "30s").returncode == 0
    wait_for("the pod to run again", lambda: cluster.kubectl("exec", "shell", "--", "true", check=False).returncode == 0)


def test_sigterm_leaves_the_pods(busy):
    cluster, _ = busy
    before = [p for p in Traces(cluster).processes() if "edge-pod" in p or "while" in p]
    assert before
    cluster.stop()
    assert [p for p in Traces(cluster).processes() if "edge-pod" in p or "while" in p] == before
