"""A container's create, start, exit and delete against `crun run` with the same bundle."""
import json
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import tempfile

from measure import report, report_number

ROOT = pathlib.Path(__file__).resolve().parents[1]
ROUNDS = 200
COMMAND = ["/bin/busybox", "true"]
CAPABILITIES = [f"CAP_{name}" for name in (
    "CHOWN DAC_OVERRIDE FSETID FOWNER MKNOD NET_RAW SETGID SETUID SETFCAP SETPCAP NET_BIND_SERVICE SYS_CHROOT KILL "
    "AUDIT_WRITE").split()]


def make_root(path):
    for name in ("bin", "etc", "proc", "sys", "dev", "tmp"):
        (path / name).mkdir(parents=True)
    shutil.copy("/bin/busybox", path / "bin/busybox")
    (path / "etc/passwd").write_text("root:x:0:0:root:/root:/bin/sh\n")


def words(source, name):
    text = re.search(rf'{name} = words\(\s*"""(.*?)"""', source, re.S)
    return text.group(1).split()


def seccomp():
    """edge's own filter in OCI's words."""
    source = (ROOT / "Sources/Edge/Agent/Runtime/Security/SeccompPolicy.swift").read_text()
    allow = "SCMP_ACT_ALLOW"
    flags = {"index": 0, "value": 0x7E020000, "valueTwo": 0, "op": "SCMP_CMP_MASKED_EQ"}
    personalities = [{"names": ["personality"], "action": allow, "args": [{"index": 0, "value": v, "op": "SCMP_CMP_EQ"}]}
                     for v in (0, 8, 0x20000, 0x20008, 0xFFFFFFFF)]
    return {
        "defaultAction": "SCMP_ACT_ERRNO", "defaultErrnoRet": 1,
        "architectures": ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32"] if os.uname().machine == "x86_64"
        else ["SCMP_ARCH_AARCH64", "SCMP_ARCH_ARM"],
        "syscalls": [
            {"names": words(source, "always") + ["chroot"], "action": allow},
            {"names": ["clone"], "action": allow, "args": [flags]},
            {"names": ["socket"], "action": allow, "args": [{"index": 0, "value": 40, "op": "SCMP_CMP_NE"}]},
            *personalities]}


def bundle(directory, root, cgroup):
    """A runtime-spec configuration of what edge gives a container (OCI runtime-spec 1.0)."""
    source = (ROOT / "Sources/Edge/Agent/Runtime/Model/ContainerSecurity.swift").read_text()
    masked, read_only = [re.findall(r'"(/[^"]+)"', part) for part in source.split("default")[-2:]]
    quiet = ["nosuid", "noexec", "nodev"]
    mounts = [
        ("/proc", "proc", "proc", quiet), ("/dev", "tmpfs", "tmpfs", ["nosuid", "strictatime", "mode=755"]),
        ("/dev/pts", "devpts", "devpts", ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620"]),
        ("/dev/mqueue", "mqueue", "mqueue", quiet), ("/sys", "sysfs", "sysfs", [*quiet, "ro"]),
        ("/dev/shm", "tmpfs", "shm", [*quiet, "mode=1777", "size=65536k"])]
    sets = dict.fromkeys(["bounding", "effective", "permitted"], CAPABILITIES)
    config = {
        "ociVersion": "1.0.2", "root": {"path": str(root)}, "hostname": "bench",
        "process": {"args": COMMAND, "env": ["PATH=/bin"], "cwd": "/", "user": {"uid": 0, "gid": 0},
                    "capabilities": sets},
        "mounts": [{"destination": d, "type": t, "source": s, "options": o} for d, t, s, o in mounts],
        "linux": {
            "cgroupsPath": cgroup, "maskedPaths": masked, "readonlyPaths": read_only, "seccomp": seccomp(),
            "namespaces": [{"type": t} for t in ("pid", "network", "ipc", "uts", "mount", "cgroup")],
            "resources": {"memory": {"limit": 64 << 20}, "pids": {"limit": 100}}}}
    directory.mkdir()
    (directory / "config.json").write_text(json.dumps(config))


# crun refuses hosts where both cgroup versions are mounted: it runs where the second one is not to be seen. One shell
# runs all rounds and prints the clock before each, so that nothing but crun's own work lies between.
CRUN = """
mount --make-rprivate /
if mountpoint -q /sys/fs/cgroup/unified; then umount /sys/fs/cgroup/unified; fi
for n in $(seq "$1"); do
    begin=$EPOCHREALTIME
    crun --root "$2/state" --cgroup-manager=cgroupfs run --bundle "$2/bundle" "bench-$$-$n" || exit 1
    echo "$begin $EPOCHREALTIME"
done
"""


def run_crun(directory):
    done = subprocess.run(
        ["unshare", "-m", "bash", "-c", CRUN, "bench", str(ROUNDS), str(directory)], capture_output=True, text=True)
    if done.returncode != 0:
        return None, (done.stderr or done.stdout).strip().splitlines()[-1:]
    pairs = [line.split() for line in done.stdout.splitlines()]
    return [(float(end) - float(begin)) * 1000 for begin, end in pairs], None


def run_edge(program, directory, root, cgroup):
    subprocess.run([str(program), str(directory), cgroup, str(root), str(ROUNDS), *COMMAND], check=True)
    return [[float(value) for value in line.split()] for line in (directory / "times").read_text().splitlines()]


def find_program():
    given = os.environ.get("RUNTIME_BENCH")
    return pathlib.Path(given) if given else ROOT / "build/runtime-bench"


def run(_):
    program = find_program()
    if not program.exists():
        report("container create, start, exit, delete", "not measured", "<= 0.5 x crun")
        print(f"    {program} is missing: `make build/runtime-bench`")
        return
    with tempfile.TemporaryDirectory() as name:
        directory = pathlib.Path(name)
        make_root(directory / "root")
        cgroup = f"edgebench-{os.getpid()}"
        bundle(directory / "bundle", directory / "root", f"/{cgroup}-crun")
        # Alternating, so that both see the same load of the machine.
        edge, crun, problem = [], [], None
        for part in range(2):
            work = directory / f"edge{part}"
            work.mkdir()
            edge += run_edge(program, work, directory / "root", cgroup)
            times, problem = run_crun(directory) if shutil.which("crun") else (None, "crun is not installed")
            crun += times or []
        whole, container = (statistics.median(column) for column in zip(*edge))
        report_number("container create, start, exit, delete with its sandbox: edge, median", whole, "ms")
        report_number("container create, start, exit, delete in a sandbox that is there: edge, median", container, "ms")
        if not crun:
            report("the same by crun run", f"failed: {problem}")
            return
        base = statistics.median(crun)
        report_number("the same by crun run: median", base, "ms")
        report("edge with its sandbox against crun run", f"{whole / base:.2f} x", "<= 0.5 x", whole / base <= 0.5)
