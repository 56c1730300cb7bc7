"""The kubectl programs of this machine: those beside the one in PATH, or that one alone, and edge's own."""
import functools
import os
import pathlib
import re
import shutil

# The binary under test; another one can be named to try a debug build.
EDGE = os.environ.get("EDGE_BINARY") or str(pathlib.Path(__file__).resolve().parents[3] / "build/edge")


class Kubectl:
    def __init__(self, version, command):
        self.version = version
        self.command = command

    def __repr__(self):
        return self.version


@functools.cache
def find_kubectls():
    """The real ones, oldest first."""
    found = {}
    path = shutil.which("kubectl")
    if path:
        for file in sorted(pathlib.Path(os.path.realpath(path)).parent.glob("kubectl.*")):
            version = re.fullmatch(r"kubectl\.(\d+\.\d+)", file.name)
            if version:
                found[version.group(1)] = Kubectl(version.group(1), (str(file),))
        if not found:
            found["path"] = Kubectl("path", (path,))
    return list(found.values())


@functools.cache
def every_kubectl():
    """The real ones and edge's own, which is called `edge`."""
    return [*find_kubectls(), Kubectl("edge", (EDGE, "kubectl"))]


def newest_kubectl():
    """The newest real one, and edge's own where there is none."""
    return (find_kubectls() or every_kubectl())[-1]
