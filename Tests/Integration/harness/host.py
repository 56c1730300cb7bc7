"""A test host: a network namespace with one interface on a bridge that all hosts of a test share."""
import glob
import itertools
import os
import subprocess

_numbers = itertools.count(1)

# A test host reaches no name server: looking a name up is to fail soon (see resolv.conf(5)).
os.environ.setdefault("RES_OPTIONS", "timeout:1 attempts:1")


def run(*command, check=True, input=None, env=None, timeout=60):
    """Runs a command; its output is in the error when it fails."""
    done = subprocess.run(
        command, input=input, env=env, timeout=timeout, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if check and done.returncode != 0:
        raise AssertionError(f"{' '.join(command)}: exit {done.returncode}\n{done.stdout}\n{done.stderr}")
    return done


class Network:
    """A bridge in a namespace of its own, to which hosts connect. Nothing of it shows in the machine's own."""

    def __init__(self):
        self.name = f"edget{os.getpid()}-net"
        self.users = 0

    def join(self):
        if self.users == 0:
            run("ip", "netns", "add", self.name)
            self.ip("link", "add", "lan", "type", "bridge")
            self.ip("link", "set", "lan", "up")
        self.users += 1

    def leave(self):
        self.users -= 1
        if self.users == 0:
            run("ip", "netns", "del", self.name)

    def ip(self, *arguments):
        return run("ip", "-n", self.name, *arguments)


network = Network()


class Host:
    def __init__(self, label):
        self.number = next(_numbers)
        self.label = label
        self.name = f"edget{os.getpid()}-h{self.number}"
        self.address = f"192.0.2.{self.number}"

    def __enter__(self):
        network.join()
        run("ip", "netns", "add", self.name)
        port = f"p{self.number}"
        network.ip("link", "add", port, "type", "veth", "peer", "name", "eth0", "netns", self.name)
        network.ip("link", "set", port, "master", "lan", "up")
        self.ip("link", "set", "lo", "up")
        self.ip("addr", "add", f"{self.address}/24", "dev", "eth0")
        self.ip("link", "set", "eth0", "up")
        self.ip("route", "add", "default", "via", "192.0.2.254")
        return self

    def __exit__(self, *_):
        run("ip", "netns", "del", self.name)
        network.leave()
        # Named after the host; what `edge uninstall` has removed already, unless a test failed.
        for group in glob.glob(f"/sys/fs/cgroup/*/{self.name}"):
            for path, _, _ in os.walk(group, topdown=False):
                os.rmdir(path)

    def ip(self, *arguments):
        return run("ip", "-n", self.name, *arguments)

    def is_settled(self):
        """Whether the kernel has given the interface its IPv6 address for good, and made the routes of it."""
        addresses = self.ip("-o", "-6", "addr", "show", "dev", "eth0").stdout
        return "fe80" in addresses and "tentative" not in addresses

    def processes(self, pattern):
        """The processes in the cgroups of this host, which are named after it, whose command line matches."""
        found = []
        for pid in run("pgrep", "-f", pattern, check=False).stdout.split():
            try:
                with open(f"/proc/{pid}/cgroup") as groups:
                    if f"/{self.name}/" in groups.read():
                        found.append(pid)
            except FileNotFoundError:
                pass
        return sorted(found)

    def cut(self):
        """Takes the host off the network."""
        network.ip("link", "set", f"p{self.number}", "down")

    def mend(self):
        network.ip("link", "set", f"p{self.number}", "up")

    def inside(self, *command):
        """The command line that runs something on this host."""
        return ("nsenter", f"--net=/run/netns/{self.name}", *command)

    def run(self, *command, **options):
        return run(*self.inside(*command), **options)

    def start(self, *command, **options):
        return subprocess.Popen(self.inside(*command), **options)
