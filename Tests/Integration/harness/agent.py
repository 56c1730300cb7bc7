"""A joined host under test: edge agent on a host of its own."""
import pathlib
import signal
import subprocess

from .kubectl import EDGE


class Agent:
    def __init__(self, host, directory, server, token, *flags):
        self.host = host
        self.directory = pathlib.Path(directory)
        self.server = server
        self.token = token
        self.flags = flags
        self.log = self.directory / "agent.log"
        self.process = None

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stop()

    @property
    def name(self):
        return self.host.name

    def command(self):
        token = ("--token", self.token) if self.token else ()
        return (
            EDGE, "agent", "--server", self.server, *token, "--data-dir", str(self.directory / "data"),
            "--run-dir", str(self.directory / "run"), "--node-name", self.host.name, "--cgroup-root", self.host.name,
            *self.flags)

    def start(self):
        self.directory.mkdir(parents=True, exist_ok=True)
        log = open(self.log, "ab")
        self.process = self.host.start(*self.command(), stdout=log, stderr=log, stdin=subprocess.DEVNULL)

    def run(self, timeout=20):
        """Runs it in the foreground, for a start that is to fail."""
        self.directory.mkdir(parents=True, exist_ok=True)
        return self.host.run(*self.command(), check=False, timeout=timeout)

    def stop(self, how=signal.SIGTERM, timeout=20):
        """Ends the agent; pods that run go on."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(how)
            self.process.wait(timeout)

    def kill(self):
        self.stop(signal.SIGKILL)
