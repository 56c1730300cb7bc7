"""Admission webhooks, called by a real API server over HTTPS."""
import base64
import json
import pathlib
import subprocess
import time

import pytest

from harness.cluster import wait_for
from harness.host import run

DATA = pathlib.Path(__file__).resolve().parent / "data"


class Hook:
    """The webhook's process, and the configurations that lead to it."""

    def __init__(self, api, directory):
        self.api, self.log = api, directory / "log"
        self.certificate, key = directory / "hook.crt", directory / "hook.key"
        run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
            "-days", "2", "-keyout", str(key), "-out", str(self.certificate), "-subj", "/CN=hook",
            "-addext", f"subjectAltName=DNS:guard.default.svc,IP:{api.host.address}")
        self.log.touch()
        self.process = api.host.start(
            "/usr/bin/python3", str(DATA / "admission_webhook.py"), api.host.address, "9444", str(self.certificate),
            str(key), str(self.log), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_for("the webhook to listen", lambda: api.host.run(
            "curl", "-sk", "--max-time", "1", f"https://{api.host.address}:9444/", check=False).returncode in (0, 52))
        slice = {
            "apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice", "addressType": "IPv4",
            "metadata": {"name": "guard", "labels": {"kubernetes.io/service-name": "guard"}},
            "endpoints": [{"addresses": [api.host.address]}], "ports": [{"name": "", "port": 9444}]}
        service = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "guard"},
                   "spec": {"ports": [{"port": 443, "targetPort": 9444}]}}
        for thing in (service, slice):
            api.kubectl("apply", "-f", "-", input=json.dumps(thing))

    def webhook(self, path, name="w.example.com", by_service=False, **changes):
        bundle = base64.b64encode(self.certificate.read_bytes()).decode()
        client = {"caBundle": bundle, "url": f"https://{self.api.host.address}:9444{path}"}
        if by_service:
            client = {"caBundle": bundle, "service": {"name": "guard", "namespace": "default", "path": path}}
        return {"name": name, "clientConfig": client, "sideEffects": "None", "admissionReviewVersions": ["v1"],
                "rules": [{"operations": ["*"], "apiGroups": [""], "apiVersions": ["v1"], "resources": ["configmaps"]}],
                "namespaceSelector": {"matchLabels": {"hooked": "yes"}}, **changes}

    def configure(self, kind, name, *webhooks, check=True):
        return self.api.kubectl("apply", "-f", "-", check=check, input=json.dumps({
            "apiVersion": "admissionregistration.k8s.io/v1", "kind": f"{kind}WebhookConfiguration",
            "metadata": {"name": name}, "webhooks": webhooks}))

    def requests(self):
        return [json.loads(line) for line in self.log.read_text().splitlines()]


@pytest.fixture(scope="module")
def hook(api, tmp_path_factory):
    hook = Hook(api, tmp_path_factory.mktemp("hook"))
    api.kubectl("create", "namespace", "hooked")
    api.kubectl("label", "namespace", "hooked", "hooked=yes")
    yield hook
    hook.process.terminate()
    hook.process.wait(10)


@pytest.fixture
def k(hook):
    """kubectl in the namespace of the webhooks, which are all gone at the end."""
    hook.log.write_text("")

    def command(*arguments, **options):
        return hook.api.kubectl("-n", "hooked", *arguments, **options)

    yield command
    hook.api.kubectl("delete", "validatingwebhookconfigurations,mutatingwebhookconfigurations", "--all")
    command("delete", "configmaps,deployments,pods", "--all", "--grace-period=0", "--wait=false", check=False)


def rule(*resources, groups=("",), versions=("v1",), operations=("*",)):
    return [{"operations": list(operations), "apiGroups": list(groups), "apiVersions": list(versions),
             "resources": list(resources)}]


def test_denial_and_what_the_webhook_sees(hook, k):
    hook.configure("Validating", "v", hook.webhook("/deny", by_service=True))
    failed = k("create", "configmap", "a", "--from-literal=x=y", check=False)
    assert 'admission webhook "w.example.com" denied the request: not on my watch' in failed.stderr
    hook.api.kubectl("-n", "default", "create", "configmap", "elsewhere")
    hook.api.kubectl("-n", "default", "delete", "configmap", "elsewhere")
    seen, = hook.requests()
    assert seen["path"] == "/deny?timeout=10s" and seen["review"]["apiVersion"] == "admission.k8s.io/v1"
    request = seen["review"]["request"]
    assert request["kind"] == request["requestKind"] == {"group": "", "version": "v1", "kind": "ConfigMap"}
    assert request["resource"] == request["requestResource"] == {"group": "", "version": "v1", "resource": "configmaps"}
    assert (request["name"], request["namespace"], request["operation"]) == ("a", "hooked", "CREATE")
    assert request["userInfo"]["username"] == "system:admin" and "system:masters" in request["userInfo"]["groups"]
    assert request["object"]["data"] == {"x": "y"} and request["oldObject"] is None and request["dryRun"] is False
    assert request["options"]["kind"] == "CreateOptions"
    hook.configure("Validating", "v", hook.webhook("/deny-silently"))
    failed = k("create", "configmap", "a", check=False)
    assert 'admission webhook "w.example.com" denied the request without explanation' in failed.stderr


def test_updates_and_deletions(hook, k):
    k("create", "configmap", "a", "--from-literal=x=1")
    hook.configure("Validating", "v", hook.webhook("/allow"))
    k("patch", "configmap", "a", "-p", '{"data":{"x":"2"}}')
    hook.configure("Mutating", "m", hook.webhook("/label/x", rules=rule("configmaps", operations=["DELETE"])))
    failed = k("delete", "configmap", "a", check=False)
    assert "attempted to modify the object, which is not supported for this operation" in failed.stderr or \
        failed.returncode != 0
    hook.api.kubectl("delete", "mutatingwebhookconfiguration", "m")
    k("delete", "configmap", "a")
    update, delete = [r["review"]["request"] for r in hook.requests() if r["path"].startswith("/allow")]
    assert (update["operation"], delete["operation"]) == ("UPDATE", "DELETE")
    assert (update["oldObject"]["data"], update["object"]["data"]) == ({"x": "1"}, {"x": "2"})
    assert update["options"]["kind"] == "UpdateOptions"
    assert delete["object"] is None and delete["oldObject"]["data"] == {"x": "2"}
    assert delete["options"]["kind"] == "DeleteOptions" and delete["options"]["propagationPolicy"] == "Background"


def test_mutation_in_order_and_again(hook, k):
    hook.configure("Mutating", "a", hook.webhook("/label/a", reinvocationPolicy="IfNeeded"))
    hook.configure("Mutating", "b", hook.webhook("/label/b"))
    k("create", "configmap", "c")
    made = json.loads(k("get", "configmap", "c", "-o", "json").stdout)
    assert made["metadata"]["labels"] == {"a": "2", "b": "1"}
    assert [r["path"].split("?")[0] for r in hook.requests()] == ["/label/a", "/label/b", "/label/a"]


def test_mutated_pods_are_defaulted(hook, k):
    hook.configure("Mutating", "a", hook.webhook("/image", rules=rule("pods", operations=["CREATE"])))
    k("run", "p", "--image=nothing:1")
    pod = json.loads(k("get", "pod", "p", "-o", "json").stdout)
    assert pod["spec"]["containers"][0]["image"] == "registry.example/x"


def test_failures(hook, k):
    for path, text in [
            ("/error", 'an error on the server ("out of order") has prevented the request from succeeding'),
            ("/garbage", "json parse error"), ("/wrong-uid", "received invalid webhook response: expected response.uid="),
            ("/slow", "context deadline exceeded")]:
        hook.configure("Validating", "v", hook.webhook(path, timeoutSeconds=1))
        begin = time.monotonic()
        failed = k("create", "configmap", "a", check=False)
        assert 'Internal error occurred: failed calling webhook "w.example.com": ' in failed.stderr
        assert text in failed.stderr and time.monotonic() - begin < 3
        hook.configure("Validating", "v", hook.webhook(path, timeoutSeconds=1, failurePolicy="Ignore"))
        k("create", "configmap", "a")
        k("delete", "configmap", "a")
    client = {"service": {"name": "nobody", "namespace": "default"}}
    hook.configure("Validating", "v", hook.webhook("/", clientConfig=client))
    failed = k("create", "configmap", "a", check=False)
    assert 'failed to call webhook: Post "https://nobody.default.svc:443/?timeout=10s": service "nobody" not found' \
        in failed.stderr.replace(":443/?", ":443/?").replace(".svc/?", ".svc:443/?")
    hook.configure("Validating", "v", hook.webhook("/allow", clientConfig={"url": hook.webhook("/")["clientConfig"]["url"]}))
    assert "x509" in k("create", "configmap", "a", check=False).stderr
    hook.configure("Validating", "v")
    hook.configure("Mutating", "m", hook.webhook("/broken-patch"))
    assert "Internal error occurred" in k("create", "configmap", "a", check=False).stderr


def test_validating_webhooks_run_at_once(hook, k):
    hook.configure("Validating", "v", *(hook.webhook("/slow", f"w{i}.example.com") for i in range(3)))
    begin = time.monotonic()
    k("create", "configmap", "a")
    assert 4 <= time.monotonic() - begin < 7


def test_others_are_served_meanwhile(hook, k):
    hook.configure("Validating", "v", hook.webhook("/slow"))
    waiting = subprocess.Popen(
        hook.api.kubectl_command("-n", "hooked", "create", "configmap", "a"), env=hook.api.kubectl_environment(),
        stdout=subprocess.DEVNULL)
    wait_for("the call", lambda: hook.requests())
    begin = time.monotonic()
    for number in range(3):
        hook.api.kubectl("-n", "default", "create", "configmap", f"quick-{number}")
    hook.api.kubectl("-n", "default", "delete", "configmaps", *(f"quick-{n}" for n in range(3)))
    assert waiting.poll() is None or time.monotonic() - begin > 3
    assert waiting.wait(20) == 0


def test_warnings(hook, k):
    hook.configure("Validating", "v", hook.webhook("/warn"))
    assert "Warning: mind the gap" in k("create", "configmap", "a").stderr


def test_dry_run(hook, k):
    hook.configure("Validating", "v", hook.webhook("/allow"))
    k("create", "configmap", "a", "--dry-run=server")
    request = hook.requests()[0]["review"]["request"]
    assert request["dryRun"] is True and request["options"]["dryRun"] == ["All"]


def test_match_conditions_and_object_selector(hook, k):
    hook.configure("Validating", "v", hook.webhook(
        "/deny", matchConditions=[{"name": "big", "expression": "object.metadata.name.startsWith('big')"}]))
    k("create", "configmap", "small")
    assert "denied the request" in k("create", "configmap", "big-one", check=False).stderr
    hook.configure("Validating", "v", hook.webhook("/deny", objectSelector={"matchLabels": {"pick": "me"}}))
    k("create", "configmap", "unlabelled")
    assert "denied the request" in k("label", "configmap", "unlabelled", "pick=me", check=False).stderr


def test_subresources_and_connections(hook, k):
    k("create", "deployment", "d", "--image=nothing:1")
    hook.configure("Mutating", "m", hook.webhook("/replicas", rules=rule("deployments/scale", groups=["apps"])))
    k("scale", "deployment", "d", "--replicas=3")
    assert k("get", "deployment", "d", "-o", "jsonpath={.spec.replicas}").stdout == "7"
    seen = hook.requests()[0]["review"]["request"]
    assert seen["kind"] == {"group": "autoscaling", "version": "v1", "kind": "Scale"} and seen["subResource"] == "scale"
    assert seen["object"]["spec"]["replicas"] == 3 and seen["oldObject"]["spec"]["replicas"] == 1
    hook.configure("Mutating", "m")
    hook.configure("Validating", "v", hook.webhook("/deny", rules=rule("pods/exec", operations=["CONNECT"])))
    k("run", "p", "--image=nothing:1", "--overrides", '{"spec":{"nodeName":"none"}}')
    assert "not on my watch" in k("exec", "p", "--", "true", check=False).stderr
    seen = hook.requests()[-1]["review"]["request"]
    assert seen["operation"] == "CONNECT" and seen["object"]["kind"] == "PodExecOptions"
    assert seen["object"]["command"] == ["true"] and seen["options"] is None


def test_equivalent_versions(hook, k):
    rules = rule("horizontalpodautoscalers", groups=["autoscaling"], versions=["v2"])
    scaler = json.dumps({
        "apiVersion": "autoscaling/v1", "kind": "HorizontalPodAutoscaler", "metadata": {"name": "s"},
        "spec": {"maxReplicas": 3, "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "d"}}})
    path = "/apis/autoscaling/v1/namespaces/hooked/horizontalpodautoscalers"
    hook.configure("Validating", "v", hook.webhook("/deny", rules=rules, matchPolicy="Exact"))
    hook.api.kubectl("create", "--raw", path, "-f", "-", input=scaler)
    k("delete", "hpa", "s", check=False)
    hook.configure("Validating", "v", hook.webhook("/deny", rules=rules))
    scaler = scaler.replace('"name": "s"', '"name": "t"')
    assert "not on my watch" in hook.api.kubectl("create", "--raw", path, "-f", "-", input=scaler, check=False).stderr
    seen = hook.requests()[-1]["review"]["request"]
    assert (seen["kind"]["version"], seen["requestKind"]["version"]) == ("v2", "v1")
    assert seen["object"]["apiVersion"] == "autoscaling/v2"
    hook.api.kubectl("delete", "validatingwebhookconfiguration", "v")
    k("delete", "hpa", "--all")


def test_configurations_are_checked_and_never_intercepted(hook, k):
    everything = [{"operations": ["*"], "apiGroups": ["*"], "apiVersions": ["*"], "resources": ["*/*"]}]
    hook.configure("Validating", "v", hook.webhook("/deny", rules=everything))
    hook.configure("Mutating", "m", hook.webhook("/allow"))
    failed = hook.configure("Validating", "bad", {
        "name": "short", "clientConfig": {"url": "http://x"}, "sideEffects": "Some", "admissionReviewVersions": ["v9"],
        "rules": [{"operations": ["*", "CREATE"], "apiGroups": [""], "apiVersions": [""], "resources": ["a/*", "a/b"]}],
        "matchConditions": [], "timeoutSeconds": 31}, check=False).stderr
    for text in [
            'webhooks[0].name: Invalid value: "short": should be a domain with at least three segments separated by dots',
            "webhooks[0].clientConfig.url: Invalid value: \"http\": 'https' is the only allowed URL scheme",
            'webhooks[0].sideEffects: Unsupported value: "Some": supported values: "None", "NoneOnDryRun"',
            'must include at least one of v1, v1beta1', "if '*' is present, must not specify other operations",
            "if 'a/*' is present, must not specify a/b", "the timeout value must be between 1 and 30 seconds"]:
        assert text in failed
    bad = hook.configure("Mutating", "bad", hook.webhook(
        "/allow", matchConditions=[{"name": "x", "expression": "1 +"}]), check=False)
    assert "webhooks[0].matchConditions[0].expression: Invalid value" in bad.stderr


def test_a_dead_webhook_does_not_keep_the_server_from_starting(hook, k):
    everything = [{"operations": ["*"], "apiGroups": ["*"], "apiVersions": ["*"], "resources": ["*/*"]}]
    dead = hook.webhook("/", rules=everything, clientConfig={"url": "https://192.0.2.1:9/"}, namespaceSelector={})
    hook.configure("Validating", "dead", dead)
    hook.configure("Mutating", "dead", dead)
    assert "failed calling webhook" in k("create", "configmap", "a", check=False).stderr
    hook.api.stop()
    hook.api.start()
    assert "failed calling webhook" in k("create", "configmap", "a", check=False).stderr
    hook.api.kubectl("delete", "validatingwebhookconfigurations,mutatingwebhookconfigurations", "dead")
    k("create", "configmap", "a")
