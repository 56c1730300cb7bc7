"""Images that come by the directory, by `edge image`, and damaged or hostile ones: those change nothing."""
import gzip
import hashlib
import io
import json
import os
import pathlib
import shutil
import tarfile

import pytest

from harness.cluster import Cluster, wait_for
from harness.host import Host
from harness.kubectl import every_kubectl
from harness.registry import Registry

POD = """
apiVersion: v1
kind: Pod
metadata: {name: NAME}
spec:
  containers:
  - {name: c, image: "IMAGE", imagePullPolicy: POLICY, command: [sleep, "3600"]}
"""


def layer(*entries):
    """An uncompressed layer of files, given as names and contents."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for name, content in entries:
            info = tarfile.TarInfo(name)
            if isinstance(content, tuple):
                info.type, info.linkname = content
                tar.addfile(info)
            else:
                info.size = len(content)
                tar.addfile(info, io.BytesIO(content))
    return buffer.getvalue()


def archive(path, name, layers, damage=None):
    """An OCI archive of an image; `damage` changes the compressed blob of the last layer behind its digest."""
    blobs = {}

    def add(data, media_type):
        digest = hashlib.sha256(data).hexdigest()
        blobs[digest] = data
        return {"mediaType": media_type, "digest": f"sha256:{digest}", "size": len(data)}

    descriptors = [add(gzip.compress(data, mtime=0), "application/vnd.oci.image.layer.v1.tar+gzip") for data in layers]
    architecture = {"x86_64": "amd64", "aarch64": "arm64"}[os.uname().machine]
    config = add(json.dumps({
        "architecture": architecture, "os": "linux", "config": {},
        "rootfs": {"type": "layers", "diff_ids": [f"sha256:{hashlib.sha256(d).hexdigest()}" for d in layers]},
    }).encode(), "application/vnd.oci.image.config.v1+json")
    manifest = add(json.dumps({
        "schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json", "config": config,
        "layers": descriptors}).encode(), "application/vnd.oci.image.manifest.v1+json")
    manifest["annotations"] = {"io.containerd.image.name": name, "org.opencontainers.image.ref.name": "1"}
    if damage:
        digest = descriptors[-1]["digest"].split(":")[1]
        blobs[digest] = damage(blobs[digest])
    files = {"oci-layout": b'{"imageLayoutVersion":"1.0.0"}',
             "index.json": json.dumps({"schemaVersion": 2, "manifests": [manifest]}).encode()}
    files.update({f"blobs/sha256/{digest}": data for digest, data in blobs.items()})
    with tarfile.open(path, "w") as tar:
        for file, data in files.items():
            info = tarfile.TarInfo(file)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    return descriptors


@pytest.fixture(scope="module")
def registry(images, tmp_path_factory):
    with Host("registry") as host, Registry(host, tmp_path_factory.mktemp("registry")) as registry:
        yield registry


@pytest.fixture(scope="module")
def cluster(registry, tmp_path_factory):
    """A node whose images come from the registry; it has none of its own."""
    directory = tmp_path_factory.mktemp("images")
    (directory / "registries.yaml").write_text(registry.mirror())
    with Host("images") as host:
        with Cluster(host, directory, "--private-registry", str(directory / "registries.yaml")) as cluster:
            cluster.edge("status", "--wait", timeout=90)
            yield cluster


def store(cluster):
    """What the image store holds, without what is being fetched."""
    root = cluster.directory / "data/agent/store"
    return sorted(str(p.relative_to(root)) for p in root.rglob("*") if p.name != "imports.json")


def event_of(cluster, pod, reason, text):
    """Waits for an event of a pod that says a thing."""
    def found():
        events = cluster.get("events", "--field-selector", f"involvedObject.name={pod}")["items"]
        return [e["message"] for e in events if e["reason"] == reason and text in e["message"]]
    return wait_for(f"an event {reason} that says {text}", found)


def waiting_of(cluster, pod):
    statuses = cluster.get("pod", pod)["status"].get("containerStatuses", [])
    return statuses and statuses[0]["state"].get("waiting", {})


def test_archives_are_imported_while_edge_runs(cluster, images):
    directory = cluster.directory / "data/agent/images"
    cluster.apply(POD.replace("NAME", "early").replace("IMAGE", "busybox").replace("POLICY", "Never"))
    event_of(cluster, "early", "ErrImageNeverPull", "busybox")
    # Written in place, then complete; and one that gets its name when it is complete.
    shutil.copy(images / "busybox.tar", directory / "busybox.tar")
    wait_for("the image", lambda: "docker.io/library/busybox:latest" in cluster.edge("image", "ls").stdout)
    wait_for("the pod", lambda: cluster.get("pod", "early")["status"]["phase"] == "Running", timeout=60)
    shutil.copy(images / "web.tar", directory / ".partial")
    (directory / ".partial").rename(directory / "web.tar")
    wait_for("the image", lambda: "docker.io/library/web:latest" in cluster.edge("image", "ls").stdout)
    row = next(r for r in cluster.edge("image", "ls").stdout.splitlines() if "busybox" in r)
    assert row.split()[-1] == "yes"  # pinned
    cluster.kubectl("delete", "pod", "early", "--grace-period=1")


def test_image_commands(cluster, images, registry):
    registry.push(images / "busybox.tar", "library/tools:2")
    assert cluster.edge("image", "pull", "tools:2").stdout == "tools:2\n"
    assert "library/tools:2" in cluster.edge("image", "ls").stdout
    missing = cluster.edge("image", "pull", "tools:none", check=False)
    assert missing.returncode == 1 and "tools:none" in missing.stderr and "not found" in missing.stderr
    cluster.edge("image", "rm", "tools:2")
    assert "library/tools:2" not in cluster.edge("image", "ls").stdout
    assert "not found" in cluster.edge("image", "rm", "tools:2", check=False).stderr
    done = cluster.edge("image", "import", str(images / "web.tar"))
    assert done.stdout == "docker.io/library/web:latest\n"
    assert cluster.edge("image", "prune").stdout.startswith("freed ")
    assert "library/web:latest" in cluster.edge("image", "ls").stdout
    cluster.stop()
    assert "library/web:latest" in cluster.edge("image", "ls").stdout
    assert "not running" in cluster.edge("image", "prune", check=False).stderr
    cluster.start()


def test_a_layer_with_a_wrong_digest_is_refused(cluster, registry, tmp_path):
    layers = archive(tmp_path / "wrong.tar", "docker.io/library/wrong:1", [layer(("etc/a", b"a" * 1000))])
    registry.push(tmp_path / "wrong.tar", "library/wrong:1")
    blob = registry.blob(layers[-1]["digest"])
    data = bytearray(blob.read_bytes())
    data[len(data) // 2] ^= 0xFF
    before = store(cluster)
    blob.write_bytes(bytes(data))
    cluster.apply(POD.replace("NAME", "wrong").replace("IMAGE", "wrong:1").replace("POLICY", "Always"))
    message = event_of(cluster, "wrong", "Failed", layers[-1]["digest"])
    assert "wrong:1" in message[0]
    wait_for("the reason", lambda: waiting_of(cluster, "wrong").get("reason") in ("ErrImagePull", "ImagePullBackOff"))
    cluster.kubectl("delete", "pod", "wrong", "--grace-period=0", "--force")
    assert store(cluster) == before


@pytest.mark.parametrize("label, entries", [
    ("dots", [("../../../../../../../../tmp/edge-escaped", b"x")]),
    ("link", [("link", (tarfile.SYMTYPE, "/tmp")), ("link/edge-escaped", b"x")]),
    ("hard", [("hard", (tarfile.LNKTYPE, "../../../../../../../../etc/passwd"))]),
], ids=lambda value: value if isinstance(value, str) else "")
@pytest.mark.parametrize("way", ["registry", "directory"])
def test_a_layer_that_reaches_outside_is_refused_and_writes_nothing(cluster, registry, tmp_path, label, entries, way):
    escaped = pathlib.Path("/tmp/edge-escaped")
    assert not escaped.exists()
    passwd = pathlib.Path("/etc/passwd").stat()
    name = f"evil-{way}-{label}"
    archive(tmp_path / "evil.tar", f"docker.io/library/{name}:1", [layer(("etc/a", b"a"), *entries)])
    before = store(cluster)
    # The path that is to blame.
    name_of_last, content = entries[-1]
    told = '"%s"' % {"dots": name_of_last, "link": "link", "hard": content[-1]}[label]
    if way == "registry":
        registry.push(tmp_path / "evil.tar", f"library/{name}:1")
        cluster.apply(POD.replace("NAME", name).replace("IMAGE", f"{name}:1").replace("POLICY", "Always"))
        message = event_of(cluster, name, "Failed", told)
        assert f"library/{name}:1" in message[0]
        assert waiting_of(cluster, name)["reason"] in ("ErrImagePull", "ImagePullBackOff")
        cluster.kubectl("delete", "pod", name, "--grace-period=0", "--force")
    else:
        dropped = cluster.directory / f"data/agent/images/{name}.tar"
        shutil.copy(tmp_path / "evil.tar", dropped)
        line = wait_for("the refusal", lambda: [t for t in cluster.log.read_text().splitlines() if f"{name}.tar" in t])
        assert told in line[0].replace('\\"', '"')
        dropped.unlink()
    assert f"{name}:1" not in cluster.edge("image", "ls").stdout
    assert not escaped.exists()
    now = pathlib.Path("/etc/passwd").stat()
    assert (now.st_nlink, now.st_mtime) == (passwd.st_nlink, passwd.st_mtime)
    assert store(cluster) == before


def test_a_broken_archive_is_told_and_changes_nothing(cluster, tmp_path):
    before = store(cluster)
    path = tmp_path / "broken.tar"
    archive(path, "docker.io/library/broken:1", [layer(("etc/a", b"a" * 5000))], damage=lambda data: data[:-20] + bytes(20))
    done = cluster.edge("image", "import", str(path), check=False)
    assert done.returncode == 1 and "broken.tar" in done.stderr
    path.write_bytes(b"no archive at all")
    assert "broken.tar" in cluster.edge("image", "import", str(path), check=False).stderr
    assert store(cluster) == before


def test_broken_yaml_changes_nothing(cluster):
    before = cluster.kubectl("get", "all,configmaps", "-A", "-o", "name").stdout
    for text, reason in [
        ("apiVersion: v1\nkind: [ConfigMap\n", "yaml"),
        ("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: half}\ndata: {a: 1, b: [}\n", "yaml"),
        ("kind: ConfigMap\nmetadata: {name: half}\n", "apiVersion"),
    ]:
        done = cluster.kubectl("apply", "-f", "-", input=text, check=False)
        assert done.returncode == 1 and reason.lower() in done.stderr.lower(), done.stderr
        own = cluster.kubectl("apply", "-f", "-", input=text, check=False, using=every_kubectl()[-1])
        assert own.returncode == 1 and reason.lower() in own.stderr.lower(), own.stderr
    assert cluster.kubectl("get", "all,configmaps", "-A", "-o", "name").stdout == before
