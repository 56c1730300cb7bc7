"""What the kernel says of edge's processes, and the table of results."""
import os
import pathlib
import time

TICKS = os.sysconf("SC_CLK_TCK")
WIDTH = 72
rows = []


def header():
    print(f"{'what':<{WIDTH}} {'measured':>22}   {'budget':<16} met", flush=True)


def report(what, measured, budget="", met=None):
    """A line of the table; `met` is nothing where there is no budget to compare with."""
    rows.append(met)
    verdict = {True: "yes", False: "NO", None: "-"}[met]
    print(f"{what:<{WIDTH}} {measured:>22}   {budget:<16} {verdict}", flush=True)


def report_number(what, value, unit, limit=None, digits=2):
    text = f"{value:.{digits}f} {unit}"
    report(what, text, f"<= {limit} {unit}" if limit is not None else "", None if limit is None else value <= limit)


def report_ratio(what, value, whole, limit):
    report(what, f"{value:.1f} MB, {value / whole:.1f} x", f"<= {limit} x", value <= limit * whole)


def summary():
    print(f"\n{rows.count(True)} budgets met, {rows.count(False)} missed; load average now {os.getloadavg()[0]:.1f}, "
          f"{os.cpu_count()} cores")


def cpu(*pids):
    """User and system time in seconds."""
    ticks = 0
    for pid in pids:
        fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / TICKS


def rollup(pid):
    text = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text()
    return {line.split(":")[0]: int(line.split()[1]) / 1000 for line in text.splitlines()[1:]}


def memory(*pids):
    """PSS, and of it what is anonymous, in MB."""
    values = [rollup(pid) for pid in pids]
    return sum(v["Pss"] for v in values), sum(v["Pss_Anon"] for v in values)


def private(pid):
    value = rollup(pid)
    return value["Private_Clean"] + value["Private_Dirty"]


def resident(pid, field):
    """VmRSS or VmHWM in MB."""
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(field):
            return int(line.split()[1]) / 1000


def reset_peak(pid):
    """Makes VmHWM begin anew (proc_pid_clear_refs(5))."""
    pathlib.Path(f"/proc/{pid}/clear_refs").write_text("5")


def written(*pids):
    total = 0
    for pid in pids:
        for line in pathlib.Path(f"/proc/{pid}/io").read_text().splitlines():
            if line.startswith("write_bytes"):
                total += int(line.split()[1])
    return total


def edge_processes(cluster):
    """The server, then the helpers of its pods: they are below the cluster's own control group."""
    server = int((cluster.directory / "run/edge.pid").read_text())
    helpers = []
    for entry in pathlib.Path("/proc").iterdir():
        try:
            if (entry / "cmdline").read_bytes().startswith(b"edge-pod\0"):
                if f"/{cluster.host.name}/" in (entry / "cgroup").read_text():
                    helpers.append(int(entry.name))
        except OSError:
            continue
    return [server, *helpers]


def settle(seconds, what):
    print(f"... {seconds} s for {what}", flush=True)
    time.sleep(seconds)
