"""Aggregated APIs: a real extension API server behind an APIService."""
import base64
import json
import pathlib
import subprocess
import time

import pytest

from harness.cluster import wait_for
from harness.host import run

DATA = pathlib.Path(__file__).resolve().parent / "data"
NAME = "v1.time.example.com"


class Extension:
    def __init__(self, api, directory):
        self.api, self.directory, self.log = api, directory, directory / "log"
        self.certificate, self.key = directory / "ext.crt", directory / "ext.key"
        self.authority = directory / "front.crt"
        run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
            "-days", "2", "-keyout", str(self.key), "-out", str(self.certificate), "-subj", "/CN=ext",
            "-addext", "subjectAltName=DNS:ext.default.svc")
        self.log.touch()
        # As an extension server does: the authority stands in the cluster's ConfigMap.
        trust = api.get("configmap", "-n", "kube-system", "extension-apiserver-authentication")["data"]
        assert json.loads(trust["requestheader-username-headers"]) == ["X-Remote-User"]
        assert json.loads(trust["requestheader-allowed-names"]) == ["system:auth-proxy"]
        assert "BEGIN CERTIFICATE" in trust["client-ca-file"]
        self.authority.write_text(trust["requestheader-client-ca-file"])
        self.process = None

    def start(self):
        self.process = self.api.host.start(
            "/usr/bin/python3", str(DATA / "extension_server.py"), self.api.host.address, "9445",
            str(self.certificate), str(self.key), str(self.authority), str(self.log),
            stdout=subprocess.DEVNULL, stderr=open(self.directory / "err", "w"))

    def stop(self):
        if self.process:
            self.process.terminate()
            self.process.wait(10)
            self.process = None

    def apply(self, *things):
        for thing in things:
            self.api.kubectl("apply", "-f", "-", input=json.dumps(thing))

    @property
    def service(self):
        return {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "ext"},
                "spec": {"ports": [{"port": 443, "targetPort": 9445}]}}

    @property
    def slice(self):
        return {
            "apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice", "addressType": "IPv4",
            "metadata": {"name": "ext", "labels": {"kubernetes.io/service-name": "ext"}},
            "endpoints": [{"addresses": [self.api.host.address]}], "ports": [{"name": "", "port": 9445}]}

    @property
    def registration(self):
        return {"apiVersion": "apiregistration.k8s.io/v1", "kind": "APIService", "metadata": {"name": NAME}, "spec": {
            "group": "time.example.com", "version": "v1", "groupPriorityMinimum": 100, "versionPriority": 100,
            "service": {"name": "ext", "namespace": "default"},
            "caBundle": base64.b64encode(self.certificate.read_bytes()).decode()}}

    def available(self):
        found = self.api.get("apiservice", NAME).get("status", {}).get("conditions", [])
        return [(c["status"], c["reason"]) for c in found if c["type"] == "Available"]

    def wait(self, status, reason):
        wait_for(f"{status} {reason}", lambda: self.available() == [(status, reason)], timeout=20)

    def requests(self):
        return [json.loads(line) for line in self.log.read_text().splitlines()]


@pytest.fixture(scope="module")
def extension(api, tmp_path_factory):
    made = Extension(api, tmp_path_factory.mktemp("ext"))
    yield made
    made.stop()


def test_local_services_are_registered(api):
    listed = wait_for("the APIServices", lambda: api.kubectl("get", "apiservices").stdout
                      if "v1.apps" in api.kubectl("get", "apiservices").stdout else None)
    rows = {line.split()[0]: line.split()[1:3] for line in listed.splitlines()[1:]}
    assert rows["v1."] == ["Local", "True"] and rows["v1.apps"] == ["Local", "True"]
    apps = api.get("apiservice", "v1.apps")
    assert apps["spec"]["groupPriorityMinimum"] == 17800 and apps["spec"]["versionPriority"] == 15
    assert apps["metadata"]["labels"] == {"kube-aggregator.kubernetes.io/automanaged": "onstart"}
    assert apps["status"]["conditions"][0]["message"] == "Local APIServices are always available"
    api.kubectl("apply", "-f", str(DATA / "greetings.yaml"))
    wait_for("the definition's APIService", lambda: api.kubectl(
        "get", "apiservice", "v1.example.org", check=False).returncode == 0)
    api.kubectl("delete", "crd", "greetings.example.org")
    wait_for("it to go", lambda: api.kubectl("get", "apiservice", "v1.example.org", check=False).returncode != 0)
    bad = api.kubectl("create", "-f", "-", check=False, input=json.dumps({
        "apiVersion": "apiregistration.k8s.io/v1", "kind": "APIService", "metadata": {"name": "wrong"},
        "spec": {"group": "a.b", "version": "v1", "groupPriorityMinimum": 0, "versionPriority": 1}})).stderr
    assert 'must be `spec.version+"."+spec.group`: "v1.a.b"' in bad and "must be positive and less than 20000" in bad


def test_conditions_on_the_way_to_availability(extension):
    extension.apply(extension.registration)
    extension.wait("False", "ServiceNotFound")
    refused = extension.api.kubectl("get", "--raw", "/apis/time.example.com/v1", check=False)
    assert "the server is currently unable to handle the request" in refused.stderr
    wrong = extension.service
    wrong["spec"]["ports"][0]["port"] = 444
    extension.apply(wrong)
    extension.wait("False", "ServicePortError")
    extension.api.kubectl("delete", "service", "ext")
    extension.apply(extension.service)
    extension.wait("False", "EndpointsNotFound")
    empty = extension.slice
    empty["endpoints"] = []
    extension.apply(empty)
    extension.wait("False", "MissingEndpoints")
    extension.apply(extension.slice)
    extension.wait("False", "FailedDiscoveryCheck")
    extension.start()
    extension.wait("True", "Passed")


def test_requests_and_identity(extension):
    kubectl = extension.api.kubectl
    extension.wait("True", "Passed")
    kubectl("create", "serviceaccount", "alice")
    path = "/apis/time.example.com/v1/namespaces/default/clocks/tower"
    assert json.loads(kubectl("get", "--raw", path).stdout)["spec"] == {"user": "system:admin"}
    seen = extension.requests()[-1]
    assert seen["subject"] == "system:auth-proxy" and seen["authorization"] is None
    assert "system:masters" in seen["groups"] and "system:authenticated" in seen["groups"]
    denied = kubectl("get", "--raw", path, "--as", "system:serviceaccount:default:alice", check=False)
    assert 'cannot get resource "clocks" in API group "time.example.com" in the namespace "default"' in denied.stderr
    kubectl("create", "clusterrole", "clocks", "--verb=get", "--resource=clocks.time.example.com")
    kubectl("create", "clusterrolebinding", "clocks", "--clusterrole=clocks", "--serviceaccount=default:alice")
    token = kubectl("create", "token", "alice").stdout.strip()
    answer = extension.api.host.run(
        "curl", "-sk", "-H", f"Authorization: Bearer {token}", "-H", "X-Remote-User: system:admin",
        f"https://{extension.api.host.address}:6443{path}").stdout
    assert json.loads(answer)["spec"] == {"user": "system:serviceaccount:default:alice"}
    seen = extension.requests()[-1]
    assert seen["user"] == "system:serviceaccount:default:alice" and seen["authorization"] is None
    assert "system:serviceaccounts:default" in seen["groups"]


def test_kubectl_finds_the_resource(extension):
    kubectl = extension.api.kubectl
    extension.wait("True", "Passed")
    assert "clocks" in kubectl("api-resources", "--api-group=time.example.com").stdout
    assert "time.example.com/v1" in kubectl("api-versions").stdout
    assert kubectl("get", "clocks", "-o", "name").stdout.strip() == "clock.time.example.com/tower"
    assert kubectl("get", "ck", "tower", "-o", "jsonpath={.kind}").stdout == "Clock"
    kubectl("create", "--validate=false", "-f", "-", input=json.dumps({
        "apiVersion": "time.example.com/v1", "kind": "Clock", "metadata": {"name": "new"}}))
    assert json.loads([r for r in extension.requests() if r["method"] == "POST"][-1]["body"])["metadata"]["name"] == "new"
    groups = json.loads(kubectl("get", "--raw", "/apis").stdout)["groups"]
    assert [g["preferredVersion"]["version"] for g in groups if g["name"] == "time.example.com"] == ["v1"]
    group = json.loads(kubectl("get", "--raw", "/apis/time.example.com").stdout)
    assert group["kind"] == "APIGroup" and group["versions"][0]["groupVersion"] == "time.example.com/v1"
    curl = extension.api.host.run(
        "curl", "-sk", "-H", f"Authorization: Bearer {token(extension)}",
        "-H", "Accept: application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList",
        f"https://{extension.api.host.address}:6443/apis").stdout
    item, = [i for i in json.loads(curl)["items"] if i["metadata"]["name"] == "time.example.com"]
    clocks, = item["versions"][0]["resources"]
    assert item["versions"][0]["freshness"] == "Current" and clocks["resource"] == "clocks"
    assert clocks["subresources"][0]["subresource"] == "face" and clocks["scope"] == "Namespaced"


def token(extension):
    return extension.api.kubectl("create", "token", "alice").stdout.strip()


def test_openapi_is_merged(extension):
    kubectl = extension.api.kubectl
    extension.wait("True", "Passed")
    index = json.loads(kubectl("get", "--raw", "/openapi/v3").stdout)["paths"]
    assert index["apis/time.example.com/v1"]["serverRelativeURL"].endswith("?hash=1") and "api/v1" in index
    assert json.loads(kubectl("get", "--raw", "/openapi/v3/apis/time.example.com/v1").stdout)["info"]["title"] == "clocks"
    document = json.loads(kubectl("get", "--raw", "/openapi/v2").stdout)
    assert "com.example.Clock" in document["definitions"] and "/other" not in document["paths"]
    assert "/apis/time.example.com/v1/" in document["paths"] and "/api/v1/pods" in document["paths"]


def test_watches_stream(extension):
    extension.wait("True", "Passed")
    watching = subprocess.Popen(
        extension.api.kubectl_command(
            "get", "--raw", "/apis/time.example.com/v1/namespaces/default/clocks?watch=true"),
        env=extension.api.kubectl_environment(), stdout=subprocess.PIPE)
    times = []
    for line in watching.stdout:
        times.append((json.loads(line)["object"]["metadata"]["name"], time.monotonic()))
    assert [name for name, _ in times] == ["c0", "c1", "c2"] and times[2][1] - times[0][1] > 0.7
    assert watching.wait(10) == 0


def test_upgrades_pass(extension):
    extension.wait("True", "Passed")
    extension.api.kubectl("auth", "can-i", "get", "clocks")
    answer = extension.api.host.run(
        "curl", "-sk", "--max-time", "5", "-i", "--http1.1", "-H", f"Authorization: Bearer {token(extension)}",
        "-H", "Connection: Upgrade", "-H", "Upgrade: websocket", "-H", "Sec-WebSocket-Version: 13",
        "-H", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        f"https://{extension.api.host.address}:6443/apis/time.example.com/v1/namespaces/default/clocks/tower",
        check=False).stdout
    assert "101 Switching Protocols" in answer and "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" in answer
    assert "hello after the upgrade" in answer


def test_a_server_that_goes_away(extension):
    extension.wait("True", "Passed")
    extension.stop()
    gone = extension.slice
    gone["endpoints"] = []
    extension.apply(gone)
    extension.wait("False", "MissingEndpoints")
    refused = extension.api.kubectl("get", "clocks", check=False)
    assert refused.returncode != 0
    extension.api.kubectl("delete", "apiservice", NAME)
    wait_for("the group to go", lambda: "time.example.com" not in extension.api.kubectl(
        "get", "--raw", "/apis").stdout)
