"""Fixtures: hosts as network namespaces, clusters of edge on them, and the kubectl versions of this machine."""
import ctypes
import fcntl
import os
import pathlib
import shutil

import pytest

from harness.cluster import Cluster, last_words, running
from harness.host import Host, run
from harness.kubectl import every_kubectl, find_kubectls
from harness.python import python_tools


@pytest.fixture
def host(request):
    """A host of its own: a network namespace with an address, removed with everything in it."""
    with Host(request.node.name) as made:
        yield made


@pytest.fixture(scope="module")
def api(tmp_path_factory):
    """A server without a node of its own, shared by the tests of one file."""
    with Host("api") as made:
        with Cluster(made, tmp_path_factory.mktemp("api"), "--disable-agent") as cluster:
            yield cluster


@pytest.fixture(scope="session")
def images(tmp_path_factory):
    """The archives of the test images, built from Debian packages."""
    directory = pathlib.Path("/var/tmp/edge-test-images")
    directory.mkdir(exist_ok=True)
    with open(directory / ".lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        run(str(pathlib.Path(__file__).resolve().parents[1] / "Images/build.sh"), str(directory), timeout=300)
    return directory


@pytest.fixture(scope="module")
def node(images, tmp_path_factory):
    """A server with its own node and the test images, shared by the tests of one file."""
    with Host("node") as host:
        directory = tmp_path_factory.mktemp("node")
        archives = directory / "data/agent/images"
        archives.mkdir(parents=True)
        for archive in images.glob("*.tar"):
            shutil.copy(archive, archives)
        with Cluster(host, directory) as cluster:
            yield cluster
            cluster.kubectl("delete", "deployments,pods", "--all", "--grace-period=1", "--timeout=60s", check=False)


@pytest.fixture(scope="session")
def python():
    """An interpreter with the official client and kopf."""
    return str(python_tools() / "python")


def pytest_configure(config):
    """Tests that run side by side do not see each other's mounts, which some compare before and after."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        return
    libc = ctypes.CDLL(None, use_errno=True)
    new_mount_namespace, recursive, private = 0x20000, 0x4000, 0x40000
    if libc.unshare(new_mount_namespace) or libc.mount(b"none", b"/", None, recursive | private, None):
        raise OSError(ctypes.get_errno(), "cannot get a mount namespace of one's own")


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """With a failure, what the clusters that run say of themselves."""
    outcome = yield
    report = outcome.get_result()
    if report.failed:
        for name, account in last_words + [(cluster.host.name, cluster.account()) for cluster in running]:
            report.sections.append((f"cluster on {name}", account))
    last_words.clear()


def pytest_generate_tests(metafunc):
    """Tests that take `kubectl` run once for every version on this machine and for edge's own, or for those that their
    file chooses by a function `kubectls`."""
    if "kubectl" in metafunc.fixturenames:
        found = getattr(metafunc.module, "kubectls", every_kubectl)()
        metafunc.parametrize("kubectl", found, ids=[k.version for k in found])


def pytest_report_header(config):
    found = find_kubectls()
    if not found:
        return ["NOTE: THERE IS NO kubectl ON THIS MACHINE: all tests run with `edge kubectl` only"]
    return ["kubectl: " + " ".join(k.version for k in found)]
