"""The budgets of the API: one server without a node."""
import contextlib
import json
import selectors
import time

from load import Watch
from measure import cpu, memory, report, report_number, report_ratio, reset_peak, resident, settle

MAPS = "/api/v1/namespaces/default/configmaps"


def config_map(name, fill="x"):
    return json.dumps({
        "apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": {"a": fill * 1000}})


def requests(access, pid):
    def measure(what, count, make, limit, digits=3):
        before = cpu(pid)
        access.run(count, make)
        report_number(f"server CPU per 1,000 {what}", (cpu(pid) - before) * 1000 / count, "s", limit, digits)

    access.run(100, lambda n: ("POST", MAPS, config_map(f"warm{n}")))
    access.run(100, lambda n: ("DELETE", f"{MAPS}/warm{n}"))
    measure("creates", 1000, lambda n: ("POST", MAPS, config_map(f"c{n:05}")), 0.15)
    measure("updates", 1000, lambda n: ("PUT", f"{MAPS}/c{n:05}", config_map(f"c{n:05}", "y")), 0.15)
    measure("merge patches", 1000, lambda n: (
        "PATCH", f"{MAPS}/c{n:05}", '{"data":{"b":"1"}}', "application/merge-patch+json"), 0.15)
    measure("GETs of one ConfigMap", 10000, lambda n: ("GET", f"{MAPS}/c00000"), 0.02, 4)
    measure("LISTs of 1,000 ConfigMaps of 1 KiB", 300, lambda n: ("GET", MAPS), 0.6)
    measure("health checks (the empty request)", 10000, lambda n: ("GET", "/healthz"), None, 4)


def watchers(access, pid, watchers=100, creates=200):
    path = f"{MAPS}?watch=true&resourceVersion=0&fieldSelector=metadata.name!=kube-root-ca.crt"
    with contextlib.closing(access.connect()) as connection:
        listed = connection.request("GET", MAPS + "?limit=1")
    revision = listed["metadata"]["resourceVersion"]
    watches = [Watch(access, path.replace("resourceVersion=0", f"resourceVersion={revision}"))
               for _ in range(watchers)]
    selector = selectors.DefaultSelector()
    for watch in watches:
        watch.seen = 0
        selector.register(watch.connection.socket, selectors.EVENT_READ, watch)
    before = cpu(pid)
    access.run(creates, lambda n: ("POST", MAPS, config_map(f"w{n:05}")))
    deadline = time.monotonic() + 30
    while any(watch.seen < creates for watch in watches):
        if time.monotonic() > deadline:
            raise SystemExit("the watchers did not get all events")
        for key, _ in selector.select(1):
            key.data.seen += len(key.data.read(0))
    used = cpu(pid) - before
    report_number(f"{watchers} watchers x {creates} creates: server CPU", used, "s", 0.2)
    for watch in watches:
        watch.close()


def idle_watchers(access, pid, count, seconds):
    watches = [Watch(access, f"{MAPS}?watch=true&resourceVersion=0&fieldSelector=metadata.name=none")
               for _ in range(count)]
    time.sleep(2)
    before = cpu(pid)
    settle(seconds, f"{count} idle watchers")
    report_number(f"CPU with {count} idle watchers", (cpu(pid) - before) / seconds * 100, "%", None)
    report_number(f"PSS with {count} idle watchers", memory(pid)[0], "MB", None, 1)
    for watch in watches:
        watch.close()


def pod(name):
    return json.dumps({
        "apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "labels": {"app": "stored"}},
        "spec": {
            "schedulingGates": [{"name": "bench"}],
            "containers": [{
                "name": "web", "image": "web", "ports": [{"containerPort": 80}],
                "env": [{"name": f"VARIABLE_{i}", "value": "x" * 40} for i in range(10)],
                "resources": {"requests": {"cpu": "10m", "memory": "16Mi"}},
                "readinessProbe": {"httpGet": {"path": "/", "port": 80}}}]}})


def stored_pods(access, pid):
    """What 1,000 Pods cost, against the size of their JSON; the scheduler holds them too. The first 1,000 are not
    counted: they fill what the server had free, and set its other needs going."""
    pods = "/api/v1/namespaces/default/pods"

    def stored(first, count):
        access.run(count, lambda n: ("POST", pods, pod(f"stored{first + n}")))
        with contextlib.closing(access.connect()) as connection:
            connection.send("GET", pods)
            size = connection.receive(keeps=False)[1] / 1e6
        settle(10, "the server to rest")
        return memory(pid)[1], size

    (before, small), (after, large) = stored(0, 1000), stored(1000, 3000)
    report_ratio(f"memory of 1,000 stored Pods ({(large - small) / 3:.1f} MB of JSON)", (after - before) / 3,
                 (large - small) / 3, 1.5)


def large_list(access, pid, count=10000):
    namespaces = "/api/v1/namespaces"
    access.run(1, lambda n: ("POST", namespaces, '{"metadata":{"name":"large"}}'))
    path = f"{namespaces}/large/configmaps"
    access.run(count, lambda n: ("POST", path, config_map(f"l{n:05}")))
    settle(5, "the server to rest")
    before = resident(pid, "VmRSS")
    reset_peak(pid)
    with contextlib.closing(access.connect()) as connection:
        connection.send("GET", path)
        length = connection.receive(keeps=False)[1]
    peak = resident(pid, "VmHWM") - before
    report(f"LIST of {count:,} ConfigMaps ({length / 1e6:.0f} MB): peak above rest", f"{peak:.1f} MB")
