"""The proxy subresources of pods, Services and nodes, with real pods behind them."""
import json
import subprocess
import time

import pytest

from harness.cluster import wait_for

SCRIPT = r"""
mkdir -p /www/cgi-bin /www/sub
echo index > /www/sub/index.html
cat > /www/cgi-bin/echo <<'END'
#!/bin/sh
printf 'Content-Type: text/plain\r\n\r\n'
echo "$REQUEST_METHOD $QUERY_STRING $PATH_INFO"
cat
END
cat > /www/cgi-bin/slow <<'END'
#!/bin/sh
printf 'Content-Type: text/plain\r\n\r\n'
for n in 1 2 3; do echo $n; sleep 1; done
END
cat > /www/cgi-bin/away <<'END'
#!/bin/sh
printf 'Status: 302 Found\r\nLocation: /sub/\r\n\r\n'
END
chmod +x /www/cgi-bin/*
exec httpd -f -p 8080 -h /www
"""
PROXIED = "/api/v1/namespaces/default"


@pytest.fixture(scope="module")
def site(node):
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "site", "labels": {"app": "site"}}, "spec": {
        "terminationGracePeriodSeconds": 1, "containers": [{
            "name": "site", "image": "busybox", "imagePullPolicy": "IfNotPresent", "command": ["sh", "-c", SCRIPT],
            "ports": [{"containerPort": 8080}], "readinessProbe": {"tcpSocket": {"port": 8080}, "periodSeconds": 1}}]}}
    service = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "site"}, "spec": {
        "selector": {"app": "site"}, "ports": [{"name": "http", "port": 80, "targetPort": 8080}]}}
    for thing in (pod, service):
        node.kubectl("apply", "-f", "-", input=json.dumps(thing))
    node.kubectl("wait", "--for=condition=Ready", "pod/site", "--timeout=60s", timeout=90)
    wait_for("the endpoints", lambda: node.kubectl(
        "get", "endpointslices", "-l", "kubernetes.io/service-name=site", "-o",
        "jsonpath={.items[0].endpoints[0].conditions.ready}").stdout == "true")
    return node


@pytest.fixture(scope="module")
def curl(site):
    token = site.kubectl("create", "token", "default").stdout.strip()
    site.kubectl("create", "clusterrolebinding", "all", "--clusterrole=cluster-admin", "--serviceaccount=default:default")

    def call(path, *arguments):
        return site.host.run(
            "curl", "-sk", "--max-time", "10", "-H", f"Authorization: Bearer {token}", *arguments,
            f"https://{site.host.address}:6443{path}").stdout

    return call


@pytest.mark.parametrize("name", [
    "pods/site", "pods/site:8080", "pods/http:site:8080", "services/site", "services/site:80", "services/site:http",
    "services/http:site:http", "services/:site:http"])
def test_names(site, name):
    assert site.kubectl("get", "--raw", f"{PROXIED}/{name}/proxy/sub/").stdout == "index\n"


def test_methods_bodies_and_queries(curl):
    path = f"{PROXIED}/services/site/proxy/cgi-bin/echo/more?a=b%20c&d"
    assert curl(path, "-X", "POST", "--data-binary", "hello") == "POST a=b%20c&d /more\nhello"
    assert curl(path) == "GET a=b%20c&d /more\n"


def test_large_bodies(curl, tmp_path):
    """What is proxied may be larger than an object."""
    (tmp_path / "large").write_text("x" * (5 * 1024 * 1024))
    answer = curl(f"{PROXIED}/pods/site/proxy/cgi-bin/echo", "-X", "POST", "--data-binary", f"@{tmp_path}/large")
    assert len(answer) == 5 * 1024 * 1024 + len("POST  \n")


def test_redirects_lead_back_through_the_proxy(curl):
    def location(path):
        lines = curl(path, "-i", "-o", "-").splitlines()
        return [line.split(": ", 1)[1] for line in lines if line.lower().startswith("location: ")], lines[0]

    found, status = location(f"{PROXIED}/pods/site/proxy?x=1")
    assert found == [f"{PROXIED}/pods/site/proxy/?x=1"] and "301" in status
    found, status = location(f"{PROXIED}/pods/site/proxy/cgi-bin/away")
    assert found == [f"{PROXIED}/pods/site/proxy/sub/"] and "302" in status


def test_answers_stream(site):
    running = subprocess.Popen(
        site.kubectl_command("get", "--raw", f"{PROXIED}/services/site/proxy/cgi-bin/slow"),
        env=site.kubectl_environment(), stdout=subprocess.PIPE)
    times = [time.monotonic() for _ in running.stdout]
    assert len(times) == 3 and times[2] - times[0] > 1.5 and running.wait(10) == 0


def test_what_is_not_there(site):
    def failure(name):
        return site.kubectl("get", "--raw", f"{PROXIED}/{name}/proxy/", check=False).stderr

    assert 'pods "nobody" not found' in failure("pods/nobody")
    assert 'no service port 81 found for service "site"' in failure("services/site:81")
    assert 'invalid pod request "ftp:site:80"' in failure("pods/ftp:site:80")
    assert "error trying to reach service" in failure("pods/site:9")
    # Nobody is led to addresses that an Endpoints object makes up.
    site.kubectl("apply", "-f", "-", input=json.dumps({
        "apiVersion": "v1", "kind": "Service", "metadata": {"name": "trap"}, "spec": {"ports": [{"port": 6443}]}}))
    site.kubectl("apply", "-f", "-", input=json.dumps({
        "apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice", "addressType": "IPv4",
        "metadata": {"name": "trap", "labels": {"kubernetes.io/service-name": "trap"}},
        "endpoints": [{"addresses": [site.host.address]}], "ports": [{"name": "", "port": 6443}]}))
    assert 'no endpoints available for service "https:trap:"' in failure("services/https:trap:")


def test_nodes(site):
    name = site.host.name
    assert site.kubectl("get", "--raw", f"/api/v1/nodes/{name}/proxy/healthz").stdout == "ok"
    assert site.kubectl("get", "--raw", f"/api/v1/nodes/{name}:10250/proxy/healthz").stdout == "ok"
    summary = json.loads(site.kubectl("get", "--raw", f"/api/v1/nodes/{name}/proxy/stats/summary").stdout)
    assert summary["node"]["nodeName"] == name


def test_kubectl_proxy(site):
    proxy = subprocess.Popen(
        site.kubectl_command("proxy", "--port=8901"), env=site.kubectl_environment(), stdout=subprocess.DEVNULL)
    try:
        page = wait_for("the page", lambda: site.host.run(
            "curl", "-s", "-m", "5", f"http://127.0.0.1:8901{PROXIED}/services/site/proxy/sub/", check=False).stdout)
        assert page == "index\n"
    finally:
        proxy.terminate()
        proxy.wait(10)


def test_permission(site):
    refused = site.kubectl(
        "get", "--raw", f"{PROXIED}/services/site/proxy/", "--as", "system:serviceaccount:default:nobody", check=False)
    assert 'cannot get resource "services/proxy"' in refused.stderr
