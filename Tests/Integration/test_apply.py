"""Server-side apply, managedFields, dry runs and field validation with every kubectl of this machine."""
import base64
import json
import pathlib
import re

import pytest

DEPLOYMENT = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, labels: {app: web}}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - {name: web, image: nginx, ports: [{containerPort: 80}]}
"""
CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {a: '1', b: '2'}\n"


@pytest.fixture
def k(api, kubectl, request):
    """kubectl in a namespace of its own."""
    name = re.sub(r"[^a-z0-9]+", "-", request.node.name.lower()).strip("-").replace("test-", "")
    api.kubectl("create", "namespace", name)

    def run(*arguments, **options):
        return api.kubectl("-n", name, *arguments, using=kubectl, **options)

    run.namespace = name
    run.is_built_in = kubectl.version == "edge"
    # kubectl scale says nothing of a manager: the user agent, which is the name of the program, counts.
    run.agent = "kubectl" if kubectl.version == "edge" else pathlib.Path(kubectl.command[0]).name
    yield run
    api.kubectl("delete", "namespace", name, "--wait=false")


def managers(k, *what):
    """The managers of an object by (manager, operation, subresource)."""
    found = json.loads(k("get", *what, "-o", "json", "--show-managed-fields").stdout)["metadata"].get("managedFields", [])
    assert all(entry["fieldsType"] == "FieldsV1" and entry["time"] for entry in found)
    return {(e["manager"], e["operation"], e.get("subresource", "")): e["fieldsV1"] for e in found}


def apply(k, manifest, *arguments, **options):
    return k("apply", "--server-side", "-f", "-", *arguments, input=manifest, **options)


def test_apply_creates_and_changes(k):
    assert apply(k, DEPLOYMENT).stdout == "deployment.apps/web serverside-applied\n"
    fields = managers(k, "deployment", "web")["kubectl", "Apply", ""]
    assert fields["f:spec"]["f:template"]["f:spec"]["f:containers"]['k:{"name":"web"}'] == {
        ".": {}, "f:image": {}, "f:name": {},
        "f:ports": {'k:{"containerPort":80,"protocol":"TCP"}': {".": {}, "f:containerPort": {}}}}
    assert fields["f:metadata"] == {"f:labels": {"f:app": {}}}
    before = k("get", "deployment", "web", "-o", "jsonpath={.metadata.generation}").stdout
    apply(k, DEPLOYMENT)
    assert k("get", "deployment", "web", "-o", "jsonpath={.metadata.generation}").stdout == before
    # What is not applied any more goes away, and the default comes back.
    apply(k, DEPLOYMENT.replace("  replicas: 2\n", "").replace(", ports: [{containerPort: 80}]", ""))
    shown = json.loads(k("get", "deployment", "web", "-o", "json").stdout)
    assert shown["spec"]["replicas"] == 1
    assert "ports" not in shown["spec"]["template"]["spec"]["containers"][0]


def test_conflicts_and_force(k):
    apply(k, DEPLOYMENT)
    k("scale", "deployment", "web", "--replicas=5")
    assert managers(k, "deployment", "web")[k.agent, "Update", "scale"] == {"f:spec": {"f:replicas": {}}}
    failed = apply(k, DEPLOYMENT, "--field-manager=me", check=False)
    assert failed.returncode == 1
    message = f'Apply failed with 1 conflict: conflict with "{k.agent}" with subresource "scale" using apps/v1: .spec.replicas'
    assert message in failed.stderr
    assert "--force-conflicts" in failed.stderr
    apply(k, DEPLOYMENT, "--field-manager=me", "--force-conflicts")
    found = managers(k, "deployment", "web")
    assert (k.agent, "Update", "scale") not in found
    assert "f:replicas" in found["me", "Apply", ""]["f:spec"]
    assert k("get", "deployment", "web", "-o", "jsonpath={.spec.replicas}").stdout == "2"
    # Shared fields: the same value is no conflict, another one is one with each owner.
    failed = apply(k, DEPLOYMENT.replace("image: nginx", "image: other"), "--field-manager=third", check=False)
    assert "Apply failed with 2 conflicts" in failed.stderr
    assert '.spec.template.spec.containers[name="web"].image' in failed.stderr
    assert 'conflicts with "kubectl":' in failed.stderr and 'conflicts with "me":' in failed.stderr


def test_shared_fields_stay(k):
    apply(k, CONFIG, "--field-manager=one")
    apply(k, CONFIG.replace("a: '1', ", ""), "--field-manager=two")
    apply(k, CONFIG.replace("data: {a: '1', b: '2'}", "data: {}"), "--field-manager=one")
    assert json.loads(k("get", "configmap", "c", "-o", "json").stdout)["data"] == {"b": "2"}
    apply(k, CONFIG.replace("data: {a: '1', b: '2'}\n", ""), "--field-manager=two")
    assert "data" not in json.loads(k("get", "configmap", "c", "-o", "json").stdout)


def test_updates_are_tracked(k):
    k("create", "configmap", "c", "--from-literal=a=1", "--from-literal=b=2")
    assert managers(k, "configmap", "c") == {
        ("kubectl-create", "Update", ""): {"f:data": {".": {}, "f:a": {}, "f:b": {}}}}
    k("label", "configmap", "c", "x=y")
    k("patch", "configmap", "c", "--type=merge", "-p", '{"data":{"a":"3"}}', "--field-manager=patcher")
    found = managers(k, "configmap", "c")
    assert found["patcher", "Update", ""] == {"f:data": {"f:a": {}}}
    assert found["kubectl-create", "Update", ""] == {"f:data": {".": {}, "f:b": {}}}
    assert found["kubectl-label", "Update", ""] == {"f:metadata": {"f:labels": {".": {}, "f:x": {}}}}
    assert "managedFields" not in k("get", "configmap", "c", "-o", "yaml").stdout
    k("patch", "configmap", "c", "--type=merge", "-p", '{"metadata":{"managedFields":[{}]}}')
    assert managers(k, "configmap", "c") == {}


def test_from_client_side_apply(k):
    if k.is_built_in:
        pytest.skip("edge kubectl does not move an object from client-side to server-side apply, see docs/kubectl.md")
    k("apply", "-f", "-", input=DEPLOYMENT)
    assert ("kubectl-client-side-apply", "Update", "") in managers(k, "deployment", "web")
    apply(k, DEPLOYMENT.replace("image: nginx", "image: nginx:2"))
    found = managers(k, "deployment", "web")
    assert ("kubectl-client-side-apply", "Update", "") not in found
    assert "f:spec" in found["kubectl", "Apply", ""]
    shown = json.loads(k("get", "deployment", "web", "-o", "json").stdout)
    last = json.loads(shown["metadata"]["annotations"]["kubectl.kubernetes.io/last-applied-configuration"])
    assert last["spec"]["template"]["spec"]["containers"][0]["image"] == "nginx:2"
    # A field that only the client-side configuration had goes away on the next apply.
    apply(k, DEPLOYMENT.replace("labels: {app: web}}\nspec:\n  replicas: 2\n", "}\nspec:\n"))
    shown = json.loads(k("get", "deployment", "web", "-o", "json").stdout)
    assert shown["spec"]["replicas"] == 1 and "labels" not in shown["metadata"]
    # And back again.
    k("apply", "-f", "-", input=DEPLOYMENT.replace("replicas: 2", "replicas: 4"))
    assert k("get", "deployment", "web", "-o", "jsonpath={.spec.replicas}").stdout == "4"


def test_dry_run_and_diff_change_nothing(k):
    apply(k, CONFIG)
    before = k("get", "configmap", "c", "-o", "json", "--show-managed-fields").stdout
    changed = CONFIG.replace("a: '1'", "a: '9'")
    shown = json.loads(apply(k, changed, "--dry-run=server", "-o", "json").stdout)
    assert shown["data"]["a"] == "9" and shown["metadata"]["resourceVersion"] == json.loads(before)["metadata"]["resourceVersion"]
    if not k.is_built_in:
        diff = k("diff", "--server-side", "-f", "-", input=changed, check=False)
        assert diff.returncode == 1 and '-  a: "1"' in diff.stdout and '+  a: "9"' in diff.stdout, diff.stderr
        assert k("diff", "--server-side", "-f", "-", input=CONFIG).stdout == ""
    k("label", "configmap", "c", "x=y", "--dry-run=server")
    k("annotate", "configmap", "c", "x=y", "--dry-run=server")
    k("patch", "configmap", "c", "-p", '{"data":{"a":"7"}}', "--dry-run=server")
    k("replace", "-f", "-", "--dry-run=server", input=changed)
    k("delete", "configmap", "c", "--dry-run=server")
    k("create", "configmap", "other", "--dry-run=server")
    apply(k, CONFIG.replace("name: c", "name: third"), "--dry-run=server")
    k("create", "service", "clusterip", "s", "--tcp=80", "--dry-run=server")
    assert k("get", "configmap", "c", "-o", "json", "--show-managed-fields").stdout == before
    names = k("get", "configmaps,services", "-o", "name").stdout.split()
    assert set(names) - {"configmap/kube-root-ca.crt"} == {"configmap/c"}


def test_field_validation(k):
    typo = DEPLOYMENT.replace("  replicas: 2", "  replicsa: 2")
    failed = apply(k, typo, check=False)
    assert ".spec.replicsa: field not declared in schema" in failed.stderr
    failed = k("create", "-f", "-", input=typo, check=False)
    assert 'strict decoding error: unknown field "spec.replicsa"' in failed.stderr
    warned = k("create", "-f", "-", "--validate=warn", input=typo)
    assert 'Warning: unknown field "spec.replicsa"' in warned.stderr
    twice = DEPLOYMENT.replace("  replicas: 2", "  paused: true\n  paused: false")
    failed = apply(k, twice, check=False)
    # kubectl reads YAML itself and sends JSON; older versions refuse what stands twice.
    k("patch", "deployment", "web", "--type=merge", "-p", '{"spec":{"unknown":1}}')
    failed = k("apply", "-f", "-", input=typo, check=False)
    assert "strict decoding error" in failed.stderr and 'unknown field "spec.replicsa"' in failed.stderr


def test_raw_requests(api, k):
    """What no kubectl sends: YAML bodies, missing parameters, the status subresource."""
    def call(method, path, body, *headers, type="application/yaml"):
        config = json.loads(api.kubectl("config", "view", "--raw", "-o", "json").stdout)
        files = {}
        for name in ("client-certificate", "client-key"):
            files[name] = api.directory / name
            files[name].write_bytes(base64.b64decode(config["users"][0]["user"][name + "-data"]))
        done = api.host.run(
            "curl", "-sk", "-D", "/dev/stderr", "-X", method, "--cert", str(files["client-certificate"]),
            "--key", str(files["client-key"]), "-H", f"Content-Type: {type}", "--data-binary", body,
            config["clusters"][0]["cluster"]["server"] + path)
        return json.loads(done.stdout), done.stderr

    base = f"/api/v1/namespaces/{k.namespace}/configmaps"
    apply_type = "application/apply-patch+yaml"
    answer, _ = call("PATCH", base + "/c", CONFIG, type=apply_type)
    assert answer["code"] == 422
    assert answer["message"] == \
        'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch'
    answer, _ = call("PATCH", base + "/c?fieldManager=x", CONFIG.replace("v1", "v2", 1), type=apply_type)
    assert answer["code"] == 400 and "Incorrect version specified in apply patch" in answer["message"]
    answer, head = call("PATCH", base + "/c?fieldManager=x", CONFIG, type=apply_type)
    assert " 201 " in head and answer["data"] == {"a": "1", "b": "2"}
    answer, head = call("PATCH", base + "/c?fieldManager=x", CONFIG, type=apply_type)
    assert " 200 " in head
    twice = CONFIG + "immutable: false\nimmutable: false\n"
    answer, _ = call("PATCH", base + "/c?fieldManager=x&fieldValidation=Strict", twice, type=apply_type)
    assert answer["code"] == 400 and 'key "immutable" already set in map' in answer["message"]
    other = twice.replace("name: c", "name: d")
    answer, _ = call("POST", base + "?fieldValidation=Strict", other)
    assert answer["code"] == 400
    assert 'strict decoding error: yaml: unmarshal errors:\n  line 6: key "immutable" already set in map' in answer["message"]
    answer, head = call("POST", base + "?fieldValidation=Warn", other)
    assert re.search(r'(?i)warning: 299 - "yaml: unmarshal errors:  line 6: key \\"immutable\\" already set in map"', head)
    apply(k, DEPLOYMENT)
    status = "apiVersion: apps/v1\nkind: Deployment\nstatus: {collisionCount: 3}\nspec: {replicas: 9}\n"
    path = f"/apis/apps/v1/namespaces/{k.namespace}/deployments/web"
    answer, _ = call("PATCH", path + "/status?fieldManager=x", status, type=apply_type)
    assert answer["spec"]["replicas"] == 2 and answer["status"]["collisionCount"] == 3
    found = managers(k, "deployment", "web")
    assert found["x", "Apply", "status"] == {"f:status": {"f:collisionCount": {}}}
    scale = "apiVersion: autoscaling/v1\nkind: Scale\nmetadata: {name: web}\nspec: {replicas: 3}\n"
    answer, _ = call("PATCH", path + "/scale?fieldManager=hpa&force=true", scale, type=apply_type)
    assert answer["spec"]["replicas"] == 3, answer
    assert managers(k, "deployment", "web")["hpa", "Apply", "scale"] == {"f:spec": {"f:replicas": {}}}
