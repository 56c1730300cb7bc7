"""A cluster under test: an edge server on a host, agents on others, and kubectl against it."""
import json
import os
import pathlib
import signal
import subprocess
import time

from .host import run
from .kubectl import EDGE, newest_kubectl


def wait_for(what, condition, timeout=30, interval=0.1):
    """Waits until the condition gives something true, and returns that."""
    end = time.monotonic() + timeout
    last = None
    while time.monotonic() < end:
        try:
            result = condition()
            if result:
                return result
        except AssertionError as error:
            last = error
        time.sleep(interval)
    raise AssertionError(f"waited {timeout} s in vain for {what}" + (f": {last}" if last else ""))


# Those that run now: what they say is shown with a test that fails. Those that a failing fixture has ended have said
# it before.
running = []
last_words = []


class Cluster:
    def __init__(self, host, directory, *flags):
        self.host = host
        self.directory = pathlib.Path(directory)
        self.flags = flags
        self.kubeconfig = str(self.directory / "edge.yaml")
        self.log = self.directory / "server.log"
        self.process = None

    def __enter__(self):
        running.append(self)
        self.start()
        return self

    def __exit__(self, kind, *_):
        running.remove(self)
        if kind not in (None, GeneratorExit):
            last_words.append((self.host.name, self.account()))
        self.stop()
        self.uninstall()

    def account(self):
        """What happened here, for whoever has to find out why a test failed."""
        parts = []
        for what in (("get", "pods,nodes", "-A", "-o", "wide"), ("get", "events", "-A")):
            try:
                parts.append(self.kubectl(*what, "--request-timeout=5s", check=False, timeout=10).stdout[-4000:])
            except (OSError, subprocess.SubprocessError) as error:
                parts.append(str(error))
        if self.log.exists():
            parts.append(self.log.read_text(errors="replace")[-4000:])
        return "\n".join(parts)

    def start(self, timeout=30):
        log = open(self.log, "ab")
        self.process = self.host.start(
            EDGE, "server", "--data-dir", str(self.directory / "data"), "--run-dir", str(self.directory / "run"),
            "--write-kubeconfig", self.kubeconfig, "--node-name", self.host.name,
            "--cgroup-root", self.host.name, *self.flags,
            stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        wait_for("the server to be ready", self.is_ready, timeout)

    def is_ready(self):
        if self.process.poll() is not None:
            raise RuntimeError(f"the server ended with {self.process.returncode}:\n{self.log.read_text()[-4000:]}")
        if not os.path.exists(self.kubeconfig):
            return False
        address = f"https://{self.host.address}:6443/readyz"
        return self.host.run("curl", "-sk", "--max-time", "1", address, check=False).stdout == "ok"

    def stop(self, how=signal.SIGTERM, timeout=20):
        """Ends the server process; pods that run go on."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(how)
            self.process.wait(timeout)

    def kill(self):
        self.stop(signal.SIGKILL)

    def uninstall(self, *flags, check=True):
        """Takes off the host what edge has made, running or not."""
        return self.edge("uninstall", "--yes", *flags, check=check)

    def edge(self, command, *arguments, **options):
        """A command of the host's own edge."""
        return self.host.run(
            EDGE, command, *arguments, "--data-dir", str(self.directory / "data"),
            "--run-dir", str(self.directory / "run"), **options)

    # kubectl

    def kubectl_command(self, *arguments, using=None):
        return self.host.inside(*(using or newest_kubectl()).command, *arguments)

    def kubectl_environment(self, **variables):
        return dict(os.environ, KUBECONFIG=self.kubeconfig, HOME=str(self.directory), **variables)

    def kubectl(self, *arguments, check=True, input=None, using=None, env=None, timeout=60):
        return run(
            *self.kubectl_command(*arguments, using=using), check=check, input=input,
            env=self.kubectl_environment(**(env or {})), timeout=timeout)

    def apply(self, manifest):
        return self.kubectl("apply", "-f", "-", input=manifest)

    def get(self, *arguments):
        """A decoded object or list."""
        return json.loads(self.kubectl("get", *arguments, "-o", "json").stdout)
