"""The budgets of a node: a server that runs pods itself."""
import contextlib
import json
import math
import shutil
import time

import api
from load import Watch
from measure import cpu, edge_processes, memory, private, report, report_number, settle, written

PODS = "/api/v1/namespaces/default/pods"


def provide_images(images, cluster):
    """Archives are imported when the server starts."""
    archives = cluster.directory / "data/agent/images"
    archives.mkdir(parents=True)
    for archive in images.glob("*.tar"):
        shutil.copy(archive, archives)


def pod(name):
    return json.dumps({
        "apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "labels": {"app": "bench"}},
        "spec": {
            "terminationGracePeriodSeconds": 10,
            "containers": [{
                "name": "main", "image": "busybox", "imagePullPolicy": "IfNotPresent",
                # A shell as process 1 that ends on SIGTERM.
                "command": ["sh", "-c", "trap 'exit 0' TERM; sleep 36000 & wait"]}]}})


def is_node_ready(access, name=None):
    """Whether the node of that name, or any, is Ready."""
    with contextlib.closing(access.connect()) as connection:
        nodes = connection.request("GET", "/api/v1/nodes")["items"]
    return any(c["type"] == "Ready" and c["status"] == "True"
               for node in nodes if name in (None, node["metadata"]["name"])
               for c in node["status"].get("conditions", []))


class Pods:
    """Follows the pods by a watch."""

    def __init__(self, access):
        self.access = access
        with contextlib.closing(access.connect()) as connection:
            revision = connection.request("GET", PODS)["metadata"]["resourceVersion"]
        self.watch = Watch(access, f"{PODS}?watch=true&resourceVersion={revision}")

    def wait(self, names, condition, timeout=60):
        """The times at which the condition first held for each name."""
        times, end = {}, time.monotonic() + timeout
        while len(times) < len(names):
            if time.monotonic() > end:
                raise SystemExit(f"waited {timeout} s in vain for {sorted(set(names) - set(times))[:5]}")
            for event in self.watch.read(1):
                name = event["object"]["metadata"]["name"]
                if name in names and name not in times and condition(event):
                    times[name] = time.monotonic()
        return times

    def create(self, names):
        """Creates pods at once and waits until all are Running and Ready; seconds by name."""
        begin = time.monotonic()
        self.access.run(len(names), lambda n: ("POST", PODS, pod(names[n])))
        times = self.wait(set(names), is_ready)
        return [times[name] - begin for name in names]

    def delete(self, names):
        """Seconds until the last of them is gone."""
        begin = time.monotonic()
        self.access.run(len(names), lambda n: ("DELETE", f"{PODS}/{names[n]}"))
        times = self.wait(set(names), lambda event: event["type"] == "DELETED")
        return max(times.values()) - begin


def is_ready(event):
    status = event["object"].get("status", {})
    ready = any(c["type"] == "Ready" and c["status"] == "True" for c in status.get("conditions", []))
    return status.get("phase") == "Running" and ready


def percentile(values, part):
    return sorted(values)[max(0, math.ceil(len(values) * part) - 1)]


def starts(pods, rounds=40):
    single = []
    for number in range(rounds):
        single += pods.create([f"one{number}"])
        pods.delete([f"one{number}"])
    value = percentile(single, 0.5) * 1000
    report_number(f"pod create to Running and Ready, one at a time: p50 of {rounds}", value, "ms", 100, 0)
    report_number("pod create to Running and Ready, one at a time: p99", percentile(single, 0.99) * 1000, "ms", None, 0)
    names = [f"many{number}" for number in range(30)]
    many = pods.create(names)
    report_number("30 pods at once: p50", percentile(many, 0.5), "s")
    report_number("30 pods at once: all Running and Ready", max(many), "s", 1.5)
    report_number("30 pods deleted, from the delete to the objects gone", pods.delete(names), "s", 1.5)


def footprint(cluster, when, pod_count, seconds):
    """Memory, CPU and disk of all edge processes while nothing happens."""
    processes = edge_processes(cluster)
    before, disk, start = cpu(*processes), written(*processes), time.monotonic()
    time.sleep(seconds)
    used = (cpu(*processes) - before) / (time.monotonic() - start) * 100
    pss, anonymous = memory(*processes)
    report(f"server, node and {pod_count} pods, idle, {when}: PSS (anonymous)", f"{pss:.1f} MB ({anonymous:.1f})",
           "<= 50 MB (25)", pss <= 50 and anonymous <= 25)
    report_number(f"CPU while idle, {when}, {seconds} s", used, "%", 0.2)
    bytes_written = written(*processes) - disk
    report(f"bytes written to disk while idle, {when}, {seconds} s", str(bytes_written), "0", bytes_written == 0)
    return pss, processes


def cost_of_a_pod(empty, pss, processes, pod_count):
    report_number("what one more pod costs in edge's processes: PSS", (pss - empty) / pod_count, "MB", 0.4)
    helpers = [private(pid) for pid in processes[1:]]
    report_number("of which the helper, private", sum(helpers) / len(helpers), "MB", 0.15)


def season(pods, access, cycles=100):
    """100 pods come and go, and 1,000 objects are stored."""
    for first in range(0, cycles, 10):
        names = [f"cycle{number}" for number in range(first, first + 10)]
        pods.create(names)
        pods.delete(names)
    access.run(1000, lambda n: ("POST", api.MAPS, api.config_map(f"season{n}")))


def run(cluster, access, quick):
    """All figures of the node; the cluster has just started."""
    fresh, seasoned, span = (20, 10, 20) if quick else (120, 60, 60)
    pods = Pods(access)
    # What the first pod brings about (the network, the proxy's table, DNS) belongs to no pod.
    pods.create(["first"])
    pods.delete(["first"])
    settle(fresh // 2, "the server to settle without pods")
    empty = memory(*edge_processes(cluster))[0]
    pods.create([f"rest{number}" for number in range(10)])
    settle(fresh, "10 pods to settle")
    pss, processes = footprint(cluster, "fresh", 10, span)
    cost_of_a_pod(empty, pss, processes, 10)
    starts(pods)
    season(pods, access)
    settle(seasoned, "the seasoned server to settle")
    footprint(cluster, "seasoned", 10, span)
    pods.delete([f"rest{number}" for number in range(10)])
