"""The official Python client against a real node."""
import pathlib

import pytest

from harness.host import run

PROGRAM = str(pathlib.Path(__file__).resolve().parent / "data/python_client.py")


@pytest.fixture(scope="module")
def cluster(node):
    node.kubectl("create", "namespace", "python")
    node.kubectl("-n", "python", "wait", "--for=create", "serviceaccount/default", "--timeout=10s")
    yield node
    node.kubectl("delete", "namespace", "python", "--wait=false")


# In this order: streams need the pod of `typed`.
@pytest.mark.parametrize("part", ["typed", "streams", "patches", "dynamic", "informer", "leader", "access"])
def test_python_client(cluster, python, part):
    done = run(*cluster.host.inside(python, PROGRAM, part), env=cluster.kubectl_environment(), timeout=60)
    assert done.stdout.endswith("done\n")
