"""The budgets of edge, measured: server CPU from /proc, memory as PSS, requests over TLS on 16 kept connections.

A budget that is missed is shown as missed and is no failure. `--quick` shortens the waits; `--only NAME` (api, node,
agent or runtime) measures one part."""
import argparse
import contextlib
import http.client
import os
import pathlib
import ssl
import sys
import tempfile
import time

import api
import node
import runtime
from harness.agent import Agent
from harness.cluster import Cluster, wait_for
from harness.host import Host, run
from harness.kubectl import EDGE
from load import Access, enter
from measure import edge_processes, header, memory, report, report_number, settle, summary

IMAGES = pathlib.Path("/var/tmp/edge-test-images")


def answers(host):
    connection = http.client.HTTPSConnection(host.address, 6443, timeout=1, context=ssl._create_unverified_context())
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().read() == b"ok"
    except OSError:
        return False
    finally:
        connection.close()


def start(cluster):
    """Starts the server with an empty data directory; seconds until it is ready."""
    begin = time.monotonic()
    log = open(cluster.log, "ab")
    cluster.process = cluster.host.start(
        EDGE, "server", "--data-dir", str(cluster.directory / "data"), "--run-dir", str(cluster.directory / "run"),
        "--write-kubeconfig", cluster.kubeconfig, "--node-name", cluster.host.name, "--cgroup-root",
        cluster.host.name, *cluster.flags, stdout=log, stderr=log)
    while not answers(cluster.host):
        if cluster.process.poll() is not None:
            raise SystemExit(f"the server ended:\n{cluster.log.read_text()[-2000:]}")
        time.sleep(0.005)
    return time.monotonic() - begin, begin


@contextlib.contextmanager
def place():
    """A host and a directory, both gone afterwards with what edge has mounted below it."""
    with tempfile.TemporaryDirectory() as directory, Host("bench") as host:
        enter(host)
        try:
            yield directory, host
        finally:
            mounts = pathlib.Path("/proc/self/mountinfo").read_text().splitlines()
            for line in reversed(mounts):
                if line.split()[4].startswith(directory):
                    run("umount", "-l", line.split()[4], check=False)


def measure_api(quick):
    with place() as (directory, host):
        cluster = Cluster(host, directory, "--disable-agent")
        report_number("cold start (empty data) to /readyz", start(cluster)[0], "s", 0.5)
        try:
            wait_for("the kubeconfig", lambda: os.path.exists(cluster.kubeconfig))
            access = Access(cluster)
            server = edge_processes(cluster)[0]
            settle(5 if quick else 20, "the server to settle")
            report_number("control plane alone, idle: PSS", memory(server)[0], "MB", None, 1)
            api.requests(access, server)
            report_number("control plane with 1,000 more objects: PSS", memory(server)[0], "MB", None, 1)
            api.watchers(access, server)
            api.idle_watchers(access, server, 1000, 10 if quick else 30)
            api.stored_pods(access, server)
            api.large_list(access, server)
        finally:
            cluster.stop()


def measure_node(quick):
    run(str(pathlib.Path(__file__).resolve().parents[1] / "Tests/Images/build.sh"), str(IMAGES), timeout=600)
    with place() as (directory, host):
        cluster = Cluster(host, directory)
        node.provide_images(IMAGES, cluster)
        _, begin = start(cluster)
        try:
            wait_for("the kubeconfig", lambda: os.path.exists(cluster.kubeconfig))
            access = Access(cluster)
            wait_for("the node", lambda: node.is_node_ready(access), interval=0.02)
            report_number("cold start to node Ready (two test images imported on the way)",
                          time.monotonic() - begin, "s", 1.5)
            node.run(cluster, access, quick)
        finally:
            cluster.stop()


def measure_agent(quick):
    """An agent without pods, on a host of its own."""
    with place() as (directory, host), Host("bench-agent") as other:
        cluster = Cluster(host, directory)
        start(cluster)
        try:
            wait_for("the kubeconfig", lambda: os.path.exists(cluster.kubeconfig))
            access = Access(cluster)
            token = (cluster.directory / "data/server/token").read_text().strip()
            with Agent(other, f"{directory}/agent", f"https://{host.address}:6443", token) as agent:
                wait_for("the agent's node", lambda: node.is_node_ready(access, other.name), interval=0.1)
                settle(20 if quick else 120, "the agent to settle")
                report_number("agent alone, idle: PSS", memory(agent.process.pid)[0], "MB", 30, 1)
        finally:
            cluster.stop()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", choices=["api", "node", "agent", "runtime"])
    options = parser.parse_args()
    header()
    if not options.only:
        size = os.path.getsize(EDGE) / 1e6
        report_number("binary, stripped, fully static", size, "MB", 40, 1)
    parts = {"api": measure_api, "node": measure_node, "agent": measure_agent,
             "runtime": lambda _: runtime.run(IMAGES)}
    for name, measure in parts.items():
        if options.only in (None, name):
            measure(options.quick)
    summary()


if __name__ == "__main__":
    sys.exit(main())
