"""A host whose system directories are its own, too: what is installed there is seen by nobody else."""
import os
import pathlib
import shutil
import subprocess

from .host import Host, run

PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
# Directories that an installation writes to. /etc shows what the real one has, the others begin empty.
EMPTY = ["/usr/local/bin", "/var/lib", "/var/log"]


class Machine(Host):
    def __init__(self, label, directory):
        super().__init__(label)
        self.directory = pathlib.Path(directory)
        self.holder = None

    def __enter__(self):
        super().__enter__()
        self.directory.mkdir(parents=True, exist_ok=True)
        script = ["set -e", f"cd {self.directory}", "mkdir -p upper work"]
        script += [f"mount -t overlay -o lowerdir=/etc,upperdir={self.directory}/upper,workdir={self.directory}/work e /etc"]
        for path in EMPTY:
            own = f"{self.directory}{path}"
            script += [f"mkdir -p {own}", f"mount --bind {own} {path}"]
        # It comes without kubectl.
        for path in {os.path.realpath(found) for found in [shutil.which("kubectl", path=PATH)] if found}:
            script += [f"mount --bind /dev/null {path}"]
        script += ["mount -t tmpfs -o mode=755 run /run", "echo ready", "exec sleep infinity"]
        self.holder = subprocess.Popen(
            ("nsenter", f"--net=/run/netns/{self.name}", "unshare", "-m", "--propagation", "slave",
             "sh", "-c", "; ".join(script)), stdout=subprocess.PIPE, text=True)
        assert self.holder.stdout.readline() == "ready\n"
        return self

    def __exit__(self, *arguments):
        # A test that failed leaves it installed.
        self.shell("[ ! -x /usr/local/bin/edge ] || edge uninstall --yes", check=False)
        self.holder.kill()
        self.holder.wait()
        super().__exit__(*arguments)

    def inside(self, *command):
        return ("nsenter", f"--net=/run/netns/{self.name}", f"--mount=/proc/{self.holder.pid}/ns/mnt", *command)

    def shell(self, script, check=True, timeout=120, **variables):
        """Runs a script on the machine with nothing in its environment but these variables."""
        settings = [f"{name}={value}" for name, value in variables.items()]
        return run(
            *self.inside("env", "-i", f"PATH={PATH}", "HOME=/root", *settings, "sh", "-c", script),
            check=check, timeout=timeout)

    def files(self):
        """All files of its own system directories, as a list of lines."""
        found = self.shell("find /usr/local/bin /var/lib /var/log /run -mindepth 1 | sort").stdout.split()
        # Of /etc what differs from the real one.
        return found + sorted(
            "/etc/" + str(p.relative_to(self.directory / "upper")) for p in (self.directory / "upper").rglob("*"))
