"""Fixtures: hosts as network namespaces, clusters of edge on them, and the kubectl versions of this machine."""
import pytest

from harness.cluster import Cluster
from harness.host import Host
from harness.kubectl import find_kubectls


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


def pytest_generate_tests(metafunc):
    """Tests that take `kubectl` run once for every version on this machine."""
    if "kubectl" in metafunc.fixturenames:
        found = find_kubectls()
        metafunc.parametrize("kubectl", found, ids=[k.version for k in found])


def pytest_report_header(config):
    found = find_kubectls()
    if not any(k.real for k in found):
        return ["NOTE: no real kubectl on this machine: the tests of the API run with edge kubectl only"]
    return ["kubectl: " + " ".join(k.version for k in found)]
