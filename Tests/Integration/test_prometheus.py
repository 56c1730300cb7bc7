"""Scraping as clusters do it, with a ServiceAccount: Debian's Prometheus, which is built without Kubernetes, reads the
figures of server and nodes; VictoriaMetrics, which takes the same configuration, finds what there is by itself."""
import base64
import json
import pathlib
import shutil
import subprocess
import urllib.parse

import pytest

from harness.cluster import wait_for

DATA = pathlib.Path(__file__).resolve().parent / "data"
# What a node shows, by job.
NODE_PATHS = {"node": "metrics", "cadvisor": "metrics/cadvisor", "resource": "metrics/resource", "probes": "metrics/probes"}
COMMANDS = {
    "prometheus": ["--config.file={config}", "--storage.tsdb.path={data}", "--web.listen-address=127.0.0.1:{port}"],
    "victoria-metrics": [
        "-promscrape.config={config}", "-storageDataPath={data}", "-httpListenAddr=127.0.0.1:{port}",
        "-search.latencyOffset=0s"],
}
PORTS = {"prometheus": 9090, "victoria-metrics": 8428}


class Access:
    """Address and credentials of a cluster's monitoring."""

    def __init__(self, node, directory):
        cluster = json.loads(node.kubectl("config", "view", "--raw", "-o", "json").stdout)["clusters"][0]["cluster"]
        (directory / "ca").write_bytes(base64.b64decode(cluster["certificate-authority-data"]))
        (directory / "token").write_text(
            node.kubectl("-n", "monitoring", "create", "token", "prometheus", "--duration=1h").stdout)
        self.address = f"{node.host.address}:6443"
        self.credentials = {
            "tls_config": {"ca_file": str(directory / "ca")},
            "authorization": {"credentials_file": str(directory / "token")}}

    def discovery(self, role, **more):
        return {"kubernetes_sd_configs": [
            {"role": role, "api_server": f"https://{self.address}", **self.credentials, **more}]}


def fixed_jobs(access, node):
    """Jobs that name their targets."""
    pod = wait_for("the pod's address", lambda: node.get("-n", "monitoring", "pod", "exporter")["status"].get("podIP"))
    secure = {"scheme": "https", **access.credentials, "static_configs": [{"targets": [access.address]}]}
    return [
        {"job_name": "apiserver", **secure},
        *({"job_name": job, "metrics_path": f"/api/v1/nodes/{node.host.name}/proxy/{path}", **secure}
          for job, path in NODE_PATHS.items()),
        {"job_name": "pod", "static_configs": [{"targets": [f"{pod}:8080"], "labels": {"pod": "exporter"}}]}]


def discovering_jobs(access, node):
    """The same as everybody's configuration finds them, and what only is found."""
    there = {"namespaces": {"names": ["monitoring"]}}
    source = ["__meta_kubernetes_namespace", "__meta_kubernetes_service_name", "__meta_kubernetes_endpoint_port_name"]
    return [
        {"job_name": "apiserver", "scheme": "https", **access.credentials, **access.discovery("endpoints"),
         "relabel_configs": [{"source_labels": source, "regex": "default;kubernetes;https", "action": "keep"}]},
        *({"job_name": job, "scheme": "https", **access.credentials, **access.discovery("node"), "relabel_configs": [
            {"target_label": "__address__", "replacement": access.address},
            {"source_labels": ["__meta_kubernetes_node_name"], "target_label": "__metrics_path__",
             "replacement": f"/api/v1/nodes/$1/proxy/{path}"}]} for job, path in NODE_PATHS.items()),
        {"job_name": "pod", **access.discovery("pod", selectors=[{"role": "pod", "label": "app=exporter"}]),
         "relabel_configs": [
             {"source_labels": ["__meta_kubernetes_pod_annotation_prometheus_io_scrape"], "regex": "true",
              "action": "keep"},
             {"source_labels": ["__meta_kubernetes_pod_name"], "target_label": "pod"}]},
        *({"job_name": role, **access.discovery(role, **there)} for role in ("endpointslice", "service", "ingress"))]


@pytest.fixture(scope="module")
def monitored(node):
    node.apply((DATA / "prometheus.yaml").read_text())
    yield node
    node.kubectl("delete", "namespace", "monitoring", "--wait=false")


def monitoring(node, directory, program, jobs):
    """Runs one of the programs, and gives a function that asks it."""
    assert shutil.which(program), f"install Debian's package {program}"
    config = {"global": {"scrape_interval": "1s", "scrape_timeout": "1s"}, "scrape_configs": jobs(Access(node, directory), node)}
    (directory / "config").write_text(json.dumps(config))
    places = {"config": directory / "config", "data": directory / "data", "port": PORTS[program]}
    log = open(directory / "log", "w")
    process = node.host.start(
        program, *(flag.format(**places) for flag in COMMANDS[program]), stdout=log, stderr=log,
        stdin=subprocess.DEVNULL)

    def ask(path, **query):
        url = f"http://127.0.0.1:{PORTS[program]}/api/v1/{path}?{urllib.parse.urlencode(query)}"
        done = node.host.run("curl", "-sS", "--max-time", "5", url, check=False)
        assert done.returncode == 0, done.stderr
        answer = json.loads(done.stdout)
        assert answer["status"] == "success", answer
        return answer["data"]

    try:
        wait_for(program, lambda: ask("targets"))
        yield ask
    finally:
        process.terminate()
        process.wait(20)
        print((directory / "log").read_text()[-3000:])


@pytest.fixture(scope="module")
def prometheus(monitored, tmp_path_factory):
    yield from monitoring(monitored, tmp_path_factory.mktemp("prometheus"), "prometheus", fixed_jobs)


@pytest.fixture(scope="module")
def discovering(monitored, tmp_path_factory):
    yield from monitoring(monitored, tmp_path_factory.mktemp("victoria"), "victoria-metrics", discovering_jobs)


@pytest.fixture
def value(prometheus):
    """The value of the one series that the expression names, once there is one."""
    def ask(expression):
        return wait_for(f"{expression}", lambda: (prometheus("query", query=expression)["result"] or [None])[0])
    return ask


def targets(prometheus, job):
    return [t for t in prometheus("targets", state="active")["activeTargets"] if t["labels"]["job"] == job]


@pytest.mark.parametrize("program", ["prometheus", "discovering"])
def test_scrape(program, request):
    ask = request.getfixturevalue(program)

    def healthy():
        found = [t for job in ("apiserver", "pod", *NODE_PATHS) for t in targets(ask, job)]
        assert len(found) == 2 + len(NODE_PATHS), found
        assert all(t["health"] == "up" for t in found), found
        return True
    wait_for("the targets", healthy)


def test_discovery(discovering, node):
    def labels(job):
        return wait_for(job, lambda: [t["discoveredLabels"] for t in targets(discovering, job)])
    found = labels("node")[0]
    assert found["__meta_kubernetes_node_name"] == node.host.name
    assert found["__meta_kubernetes_node_address_InternalIP"] == node.host.address
    found = labels("pod")[0]
    assert found["__meta_kubernetes_pod_container_port_name"] == "metrics"
    assert found["__meta_kubernetes_pod_ready"] == "true" and found["__meta_kubernetes_pod_node_name"]
    found = labels("endpointslice")[0]
    assert found["__meta_kubernetes_endpointslice_port_name"] == "metrics"
    assert found["__meta_kubernetes_endpointslice_address_target_name"] == "exporter"
    found = labels("service")[0]
    assert found["__meta_kubernetes_service_cluster_ip"] and found["__meta_kubernetes_service_name"] == "exporter"
    found = labels("ingress")[0]
    assert found["__meta_kubernetes_ingress_host"] == "shop.example.com"
    found = labels("apiserver")[0]
    assert found["__meta_kubernetes_service_name"] == "kubernetes"


def test_api_server_figures(value, node):
    assert float(value('apiserver_request_total{verb="LIST",resource="pods",code="200"}')["value"][1]) >= 1
    assert float(value(
        'sum(apiserver_request_duration_seconds_bucket{le="+Inf",verb="POST",resource="serviceaccounts"})'
    )["value"][1]) >= 1
    node.kubectl("get", "pod", "not-there", check=False)
    assert value('apiserver_request_total{verb="GET",resource="pods",code="404",scope="resource"}')
    assert value('apiserver_current_inflight_requests{request_kind="mutating"}')
    assert value('apiserver_storage_objects{resource="deployments.apps"} or apiserver_storage_objects{resource="nodes"}')
    assert value('histogram_quantile(0.99, sum by (le) (workqueue_queue_duration_seconds_bucket))')
    assert float(value('sum(workqueue_adds_total{job="apiserver"})')["value"][1]) > 1
    for name in ["process_cpu_seconds_total", "process_resident_memory_bytes", "process_open_fds", "process_max_fds"]:
        assert float(value(f'{name}{{job="apiserver"}}')["value"][1]) > 0
    assert abs(float(value('time() - process_start_time_seconds{job="apiserver"}')["value"][1])) < 600
    assert value('kubernetes_build_info{job="apiserver"}')["metric"]["git_version"].startswith("v1.36.0+edge")


def test_node_figures(value, node):
    assert float(value("kubelet_running_pods")["value"][1]) >= 1
    assert float(value('kubelet_running_containers{container_state="running"}')["value"][1]) >= 1
    assert value('node_cpu_usage_seconds_total') and value("node_memory_working_set_bytes")
    assert value('container_cpu_usage_seconds_total{job="resource",pod="exporter",container="web"}')
    assert value('pod_memory_working_set_bytes{namespace="monitoring",pod="exporter"}')
    series = value('container_memory_working_set_bytes{job="cadvisor",pod="exporter",container="web"}')["metric"]
    assert series["namespace"] == "monitoring" and series["image"] == "busybox"
    assert value('container_spec_memory_limit_bytes{pod="exporter",container="web"}')["value"][1] == str(32 << 20)
    assert float(value('container_network_receive_bytes_total{pod="exporter"}')["value"][1]) > 0
    assert value('rate(container_cpu_usage_seconds_total{job="cadvisor",pod="exporter",container="web"}[10s])')
    assert float(value("machine_memory_bytes")["value"][1]) > 1 << 20
    assert float(value(
        'prober_probe_total{pod="exporter",probe_type="Readiness",result="successful"}')["value"][1]) >= 1
    assert value('shop_orders_total{pod="exporter"}')["value"][1] == "42"


def test_figures_need_rights(node):
    answer = node.host.run("curl", "-sk", f"https://{node.host.address}:6443/metrics").stdout
    assert json.loads(answer)["code"] in (401, 403)
