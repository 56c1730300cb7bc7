"""Custom resources with the clients that live from them: the Python client, a kopf operator, conversion webhooks."""
import base64
import json
import pathlib
import subprocess

import pytest

from harness.cluster import wait_for
from harness.host import run

DATA = pathlib.Path(__file__).resolve().parent / "data"


@pytest.fixture(scope="module")
def greetings(api):
    api.kubectl("apply", "-f", str(DATA / "greetings.yaml"))
    api.kubectl("wait", "--for=condition=Established", "--timeout=5s", "crd/greetings.example.org")
    return api


def greeting(name, text):
    return json.dumps({
        "apiVersion": "example.org/v1", "kind": "Greeting", "metadata": {"name": name}, "spec": {"text": text}})


CLIENT = """
import kubernetes
kubernetes.config.load_kube_config()
api = kubernetes.client.CustomObjectsApi()
where = ("example.org", "v1", "default", "greetings")
body = {"apiVersion": "example.org/v1", "kind": "Greeting", "metadata": {"name": "py"}, "spec": {"text": "a"}}
made = api.create_namespaced_custom_object(*where, body)
assert made["metadata"]["generation"] == 1
api.patch_namespaced_custom_object(*where, "py", {"spec": {"text": "b"}})
api.patch_namespaced_custom_object_status(*where, "py", {"status": {"n": 1}})
seen = api.get_namespaced_custom_object(*where, "py")
assert (seen["spec"], seen["status"]) == ({"text": "b"}, {"n": 1}), seen
try:
    api.replace_namespaced_custom_object(*where, "py", {**seen, "spec": {"text": 1}})
    raise SystemExit("a wrong type was taken")
except kubernetes.client.ApiException as error:
    assert error.status == 422, error
watch = kubernetes.watch.Watch()
version = api.list_namespaced_custom_object(*where)["metadata"]["resourceVersion"]
api.delete_namespaced_custom_object(*where, "py")
for event in watch.stream(api.list_namespaced_custom_object, *where, resource_version=version, timeout_seconds=10):
    assert (event["type"], event["object"]["metadata"]["name"]) == ("DELETED", "py")
    break
dynamic = kubernetes.dynamic.DynamicClient(kubernetes.client.ApiClient())
kind = dynamic.resources.get(api_version="example.org/v1", kind="Greeting")
kind.create(namespace="default", body={**body, "metadata": {"name": "dyn"}})
applied = kind.server_side_apply(
    namespace="default", name="dyn", field_manager="me", force_conflicts=True,
    body={"apiVersion": "example.org/v1", "kind": "Greeting", "metadata": {"name": "dyn"}, "spec": {"text": "c"}})
assert applied.spec.text == "c"
kind.delete(namespace="default", name="dyn")
print("done")
"""


def test_python_client(greetings, python):
    done = run(*greetings.host.inside(python, "-c", CLIENT), env={"KUBECONFIG": greetings.kubeconfig}, timeout=60)
    assert done.stdout.endswith("done\n")


def test_kopf_operator(greetings, python, tmp_path):
    log = open(tmp_path / "kopf.log", "w")
    operator = greetings.host.start(
        python, "-m", "kopf", "run", "--standalone", "-n", "default", str(DATA / "kopf_operator.py"),
        env={"KUBECONFIG": greetings.kubeconfig, "PATH": "/usr/bin:/bin"}, stdout=log, stderr=log)
    try:
        greetings.kubectl("apply", "-f", "-", input=greeting("hello", "good morning"))
        wait_for("the ConfigMap", lambda: "good morning" in greetings.kubectl(
            "get", "configmap", "hello", "-o", "json", check=False).stdout, timeout=40)
        wait_for("the status", lambda: greetings.kubectl(
            "get", "greeting", "hello", "-o", "jsonpath={.status.said}").stdout == "good morning")
        greetings.kubectl("apply", "-f", "-", input=greeting("hello", "good night"))
        wait_for("the change", lambda: greetings.kubectl(
            "get", "greeting", "hello", "-o", "jsonpath={.status.said}").stdout == "good night")
        assert greetings.kubectl("get", "greeting", "hello", "-o", "jsonpath={.metadata.finalizers}").stdout
        greetings.kubectl("delete", "greeting", "hello", "--timeout=30s")
        wait_for("the farewell", lambda: greetings.kubectl("get", "configmap", "bye-hello", check=False).stdout)
        wait_for("the owned ConfigMap to go", lambda: greetings.kubectl(
            "get", "configmap", "hello", check=False).returncode != 0)
    except AssertionError as error:
        raise AssertionError(f"{error}\n{(tmp_path / 'kopf.log').read_text()[-3000:]}") from error
    finally:
        operator.terminate()
        operator.wait(30)


@pytest.fixture
def webhook(api, tmp_path):
    certificate, key = tmp_path / "webhook.crt", tmp_path / "webhook.key"
    run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
        "-keyout", str(key), "-out", str(certificate), "-subj", "/CN=hook.default.svc",
        "-addext", "subjectAltName=DNS:hook.default.svc")
    server = api.host.start(
        "/usr/bin/python3", str(DATA / "conversion_webhook.py"), api.host.address, "9443", str(certificate), str(key),
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wait_for("the webhook to listen", lambda: api.host.run(
        "curl", "-sk", "--max-time", "1", f"https://{api.host.address}:9443/", check=False).returncode in (0, 52))
    service = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "hook"},
               "spec": {"ports": [{"port": 443, "targetPort": 9443}]}}
    endpoints = {
        "apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice", "addressType": "IPv4",
        "metadata": {"name": "hook", "labels": {"kubernetes.io/service-name": "hook"}},
        "endpoints": [{"addresses": [api.host.address]}], "ports": [{"name": "", "port": 9443}]}
    for thing in (service, endpoints):
        api.kubectl("apply", "-f", "-", input=json.dumps(thing))
    yield base64.b64encode(certificate.read_bytes()).decode()
    server.terminate()
    server.wait(10)


def test_conversion_webhook(api, webhook):
    def version(name, storage, properties):
        return {"name": name, "served": True, "storage": storage, "schema": {"openAPIV3Schema": {
            "type": "object", "properties": {"spec": {"type": "object", "properties": properties}}}}}

    api.kubectl("apply", "-f", "-", input=json.dumps({
        "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
        "metadata": {"name": "notes.example.net"},
        "spec": {
            "group": "example.net", "scope": "Namespaced",
            "names": {"plural": "notes", "singular": "note", "kind": "Note"},
            "conversion": {"strategy": "Webhook", "webhook": {
                "conversionReviewVersions": ["v1"],
                "clientConfig": {"caBundle": webhook, "service": {"name": "hook", "namespace": "default"}}}},
            "versions": [
                version("v1", True, {"text": {"type": "string"}}),
                version("v2", False, {"words": {"type": "array", "items": {"type": "string"}}})]}}))
    api.kubectl("wait", "--for=condition=Established", "--timeout=5s", "crd/notes.example.net")
    note = {"apiVersion": "example.net/v1", "kind": "Note", "metadata": {"name": "n"}, "spec": {"text": "a b"}}
    api.kubectl("create", "-f", "-", input=json.dumps(note))
    path = "/apis/example.net/{}/namespaces/default/notes"

    def raw(version, name="/n"):
        return json.loads(api.kubectl("get", "--raw", path.format(version) + name).stdout)

    assert raw("v2")["spec"] == {"words": ["a", "b"]} and raw("v2")["apiVersion"] == "example.net/v2"
    assert raw("v2", "")["items"][0]["spec"] == {"words": ["a", "b"]}
    api.kubectl("patch", "notes.v2.example.net", "n", "--type=merge", "-p", '{"spec":{"words":["c","d"]}}')
    assert raw("v1")["spec"] == {"text": "c d"} and raw("v1")["metadata"]["generation"] == 2
    second = {"apiVersion": "example.net/v2", "kind": "Note", "metadata": {"name": "m"}, "spec": {"words": ["x"]}}
    assert "created" in api.kubectl("create", "-f", "-", input=json.dumps(second)).stdout
    assert raw("v1", "/m")["spec"] == {"text": "x"}
    since = raw("v2", "")["metadata"]["resourceVersion"]
    api.kubectl("patch", "notes.v1.example.net", "m", "--type=merge", "-p", '{"spec":{"text":"y z"}}')
    events = api.kubectl(
        "get", "--raw", f"{path.format('v2')}?watch=true&resourceVersion={since}&timeoutSeconds=2").stdout
    seen = [json.loads(line) for line in events.splitlines()]
    assert [(e["type"], e["object"]["spec"]) for e in seen] == [("MODIFIED", {"words": ["y", "z"]})]
    api.kubectl("patch", "notes.v1.example.net", "m", "--type=merge", "-p", '{"spec":{"text":"poison"}}')
    failed = api.kubectl("get", "--raw", path.format("v2") + "/m", check=False)
    assert "conversion webhook for example.net/v1, Kind=Note failed: this is poison" in failed.stderr
    api.kubectl("delete", "crd", "notes.example.net")
