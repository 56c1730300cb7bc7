"""The budgets of edge, measured: server CPU from /proc, memory as PSS, requests over TLS on 16 kept connections."""
import base64
import ctypes
import http.client
import json
import os
import pathlib
import ssl
import subprocess
import tempfile
import threading
import time

from harness.cluster import Cluster, wait_for
from harness.host import Host
from harness.kubectl import EDGE

CONNECTIONS = 16
TICKS = os.sysconf("SC_CLK_TCK")
rows = []


def report(what, value, budget):
    rows.append((what, value, budget))
    print(f"{what:<58} {value:>16}   {budget}", flush=True)


def cpu(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def memory(pid):
    text = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text()
    value = {line.split()[0]: int(line.split()[1]) for line in text.splitlines()[1:]}
    return value["Pss:"] / 1000, value["Anonymous:"] / 1000


def written(pid):
    for line in pathlib.Path(f"/proc/{pid}/io").read_text().splitlines():
        if line.startswith("write_bytes"):
            return int(line.split()[1])


def enter(host):
    """Puts this thread, and those that it starts, onto the host's network."""
    with open(f"/run/netns/{host.name}") as namespace:
        if ctypes.CDLL(None, use_errno=True).setns(namespace.fileno(), 0) != 0:
            raise OSError(ctypes.get_errno(), "setns")


def is_ready(host):
    connection = http.client.HTTPSConnection(host.address, 6443, timeout=1, context=ssl._create_unverified_context())
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().read() == b"ok"
    except OSError:
        return False
    finally:
        connection.close()


def edge_process(cluster):
    """The server itself: the process started is `nsenter`, which becomes it."""
    return int((cluster.directory / "run/edge.pid").read_text())


class Load:
    """Requests with a bearer token from threads with a connection each. Runs in a process on the host's namespace."""

    def __init__(self, address, token, authority):
        self.address = address
        self.headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self.context = ssl.create_default_context(cadata=authority)
        self.context.set_ciphers("ECDHE+AESGCM")

    def run(self, count, make):
        """`make(n)` gives method, path, body and content type of the n-th request."""
        failures = []

        def work(start):
            connection = http.client.HTTPSConnection(self.address, 6443, context=self.context)
            for number in range(start, count, CONNECTIONS):
                method, path, body, kind = make(number)
                headers = dict(self.headers, **({"Content-Type": kind} if kind else {}))
                connection.request(method, path, body, headers)
                response = connection.getresponse()
                data = response.read()
                if response.status >= 300:
                    failures.append((response.status, data[:300]))
                    return

        threads = [threading.Thread(target=work, args=(i,)) for i in range(CONNECTIONS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if failures:
            raise SystemExit(f"a request failed: {failures[0]}")


def api_budgets(cluster, host, pid):
    cluster.kubectl("create", "serviceaccount", "bench")
    cluster.kubectl("create", "clusterrolebinding", "bench", "--clusterrole=cluster-admin",
                    "--serviceaccount=default:bench")
    token = cluster.kubectl("create", "token", "bench").stdout.strip()
    kubeconfig = pathlib.Path(cluster.kubeconfig).read_text()
    authority = base64.b64decode(kubeconfig.split("certificate-authority-data: ")[1].split()[0]).decode()
    load = Load(host.address, token, authority)
    path = "/api/v1/namespaces/default/configmaps"
    data = {"data": {"a": "x" * 1000}}

    def measure(what, count, make, budget):
        before = cpu(pid)
        load.run(count, make)
        report(what, f"{(cpu(pid) - before) * 1000 / count:.3f} s", budget)

    def body(number):
        return json.dumps({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": f"c{number:05}"}, **data})

    measure("server CPU per 1,000 creates", 1000, lambda n: ("POST", path, body(n), None), "<= 0.15 s")
    measure("server CPU per 1,000 updates", 1000, lambda n: (
        "PUT", f"{path}/c{n:05}", body(n).replace("xx", "yy"), None), "<= 0.15 s")
    measure("server CPU per 1,000 merge patches", 1000, lambda n: (
        "PATCH", f"{path}/c{n:05}", '{"data":{"b":"1"}}', "application/merge-patch+json"), "<= 0.15 s")
    measure("server CPU per 1,000 GETs of one ConfigMap", 8000, lambda n: (
        "GET", f"{path}/c00000", None, None), "<= 0.02 s")
    measure("server CPU per 1,000 LISTs of 1,000 ConfigMaps of 1 KiB", 200, lambda n: (
        "GET", path, None, None), "<= 0.6 s")
    pss, anonymous = memory(pid)
    report("PSS with 1,000 more objects (anonymous)", f"{pss:.1f} MB ({anonymous:.1f})", "<= 50 MB (25)")


def main():
    print(f"{'what':<58} {'measured':>16}   budget")
    report("binary, stripped, fully static", f"{os.path.getsize(EDGE) / 1e6:.1f} MB", "<= 40 MB")
    with tempfile.TemporaryDirectory() as directory, Host("bench") as host:
        enter(host)
        cluster = Cluster(host, directory, "--disable-agent")
        begin = time.monotonic()
        cluster.process = host.start(
            EDGE, "server", "--data-dir", f"{directory}/data", "--run-dir", f"{directory}/run", "--write-kubeconfig",
            cluster.kubeconfig, "--disable-agent", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while not is_ready(host):
            time.sleep(0.005)
        report("cold start (empty data) to /readyz", f"{time.monotonic() - begin:.2f} s", "<= 0.5 s")
        wait_for("the kubeconfig", lambda: os.path.exists(cluster.kubeconfig))
        pid = edge_process(cluster)
        time.sleep(20)
        before, disk, start = cpu(pid), written(pid), time.monotonic()
        time.sleep(40)
        seconds = time.monotonic() - start
        pss, anonymous = memory(pid)
        report("server idle, without pods: PSS (anonymous)", f"{pss:.1f} MB ({anonymous:.1f})", "<= 50 MB (25)")
        report("CPU while idle", f"{(cpu(pid) - before) / seconds * 100:.2f} %", "<= 0.2 %")
        report("bytes written to disk while idle", f"{written(pid) - disk}", "0")
        api_budgets(cluster, host, pid)
        cluster.stop()


main()
