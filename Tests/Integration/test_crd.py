"""CustomResourceDefinitions with every kubectl of this machine, without a node."""
import json
import time

import pytest

from harness.cluster import Cluster, wait_for

CRONTAB = """
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: PLURAL.GROUP}
spec:
  group: GROUP
  scope: Namespaced
  names: {plural: PLURAL, singular: SINGULAR, kind: KIND, shortNames: [SHORT], categories: [all]}
  versions:
  - name: v1
    served: true
    storage: true
    schema:
      openAPIV3Schema:
        type: object
        description: A job that runs at set times.
        properties:
          spec:
            type: object
            required: [cronSpec]
            properties:
              cronSpec: {type: string, minLength: 3, description: When to run.}
              image: {type: string, default: busybox}
              replicas: {type: integer, minimum: 0, maximum: 10, default: 1}
              color: {type: string, enum: [red, green]}
          status:
            type: object
            properties:
              replicas: {type: integer}
              labelSelector: {type: string}
    subresources:
      status: {}
      scale:
        specReplicasPath: .spec.replicas
        statusReplicasPath: .status.replicas
        labelSelectorPath: .status.labelSelector
    selectableFields:
    - jsonPath: .spec.color
    additionalPrinterColumns:
    - {name: Spec, type: string, jsonPath: .spec.cronSpec}
    - {name: Replicas, type: integer, jsonPath: .spec.replicas}
    - {name: Image, type: string, priority: 1, jsonPath: .spec.image}
    - {name: Age, type: date, jsonPath: .metadata.creationTimestamp}
"""

OBJECT = """
apiVersion: GROUP/v1
kind: KIND
metadata: {name: NAME}
spec: {cronSpec: "* * * * */5", color: red}
"""


class Kind:
    """A definition of its own for each test, so that tests do not meet."""

    def __init__(self, api, kubectl, name):
        self.api, self.using = api, kubectl
        self.group = f"t{time.monotonic_ns() % 10**9}.example.com"
        self.kind, self.singular, self.plural, self.short = name, name.lower(), name.lower() + "s", name[:2].lower()
        self.name = f"{self.plural}.{self.group}"

    def fill(self, text, name=""):
        for word in ("PLURAL", "SINGULAR", "KIND", "SHORT", "GROUP"):
            text = text.replace(word, getattr(self, word.lower()))
        return text.replace("NAME", name)

    def k(self, *arguments, **options):
        return self.api.kubectl(*arguments, using=self.using, **options)

    def establish(self, text=CRONTAB):
        assert "created" in self.k("apply", "-f", "-", input=self.fill(text)).stdout
        self.k("wait", "--for=condition=Established", "--timeout=5s", f"crd/{self.name}")


@pytest.fixture
def cron(api, kubectl):
    kind = Kind(api, kubectl, "CronTab")
    yield kind
    api.kubectl("delete", "crd", kind.name, "--ignore-not-found", "--wait=false")


def test_life_of_a_custom_resource(cron):
    cron.establish()
    manifest = cron.fill(OBJECT, "c")
    assert "created" in cron.k("apply", "-f", "-", input=manifest).stdout
    assert "unchanged" in cron.k("apply", "-f", "-", input=manifest).stdout
    made = json.loads(cron.k("get", cron.plural, "c", "-o", "json").stdout)
    assert made["spec"] == {"cronSpec": "* * * * */5", "color": "red", "image": "busybox", "replicas": 1}
    assert made["metadata"]["generation"] == 1
    table = [line.split() for line in cron.k("get", cron.name).stdout.splitlines()]
    assert table[0] == ["NAME", "SPEC", "REPLICAS", "AGE"]
    assert table[1][0] == "c" and table[1][-2] == "1" and table[1][-1].endswith("s")
    assert "IMAGE" in cron.k("get", cron.name, "-o", "wide").stdout
    assert "configured" in cron.k("apply", "-f", "-", input=manifest.replace("red", "green")).stdout
    cron.k("patch", cron.name, "c", "--type=merge", "-p", '{"spec":{"replicas":2}}')
    cron.k("patch", cron.name, "c", "--type=json", "-p", '[{"op":"remove","path":"/spec/color"}]')
    after = json.loads(cron.k("get", cron.name, "c", "-o", "json").stdout)
    assert after["metadata"]["generation"] == 4 and "color" not in after["spec"]
    refused = cron.k("patch", cron.name, "c", "--type=strategic", "-p", '{"spec":{"replicas":3}}', check=False)
    assert refused.returncode != 0
    assert "deleted" in cron.k("delete", cron.name, "c").stdout


def test_validation(cron):
    cron.establish()

    def refused(old, new):
        done = cron.k("create", "-f", "-", input=cron.fill(OBJECT, "bad").replace(old, new), check=False)
        assert done.returncode != 0
        return done.stderr

    assert 'unknown field "spec.colour"' in refused("color: red", "colour: red")
    assert 'spec.color: Unsupported value: "blue": supported values: "red", "green"' in refused("red", "blue")
    assert "spec.cronSpec: Required value" in refused('cronSpec: "* * * * */5", ', "")
    assert "should be less than or equal to 10" in refused("color: red", "replicas: 11")
    assert "spec.replicas in body must be of type integer" in refused("color: red", 'replicas: "x"')


def test_status_and_scale(cron):
    cron.establish()
    cron.k("apply", "-f", "-", input=cron.fill(OBJECT, "c"))
    path = f"/apis/{cron.group}/v1/namespaces/default/{cron.plural}/c"
    body = json.loads(cron.k("get", "--raw", path).stdout)
    body["status"], body["spec"]["replicas"] = {"replicas": 7, "unknown": 1}, 5
    cron.k("replace", "--raw", path + "/status", "-f", "-", input=json.dumps(body))
    after = json.loads(cron.k("get", "--raw", path).stdout)
    assert after["status"] == {"replicas": 7} and after["spec"]["replicas"] == 1
    assert after["metadata"]["generation"] == 1
    assert "scaled" in cron.k("scale", f"{cron.name}/c", "--replicas=4").stdout
    scale = json.loads(cron.k("get", "--raw", path + "/scale").stdout)
    assert (scale["spec"]["replicas"], scale["status"]["replicas"]) == (4, 7)
    assert json.loads(cron.k("get", "--raw", path).stdout)["metadata"]["generation"] == 2


def test_discovery_and_explain(cron):
    cron.establish()
    names = cron.k("api-resources", "--api-group", cron.group).stdout
    assert cron.plural in names and cron.short in names
    assert f"{cron.group}/v1" in cron.k("api-versions").stdout.split()
    wait_for("the schema", lambda: "cronSpec" in cron.k(
        "explain", f"{cron.plural}.spec", "--api-version", f"{cron.group}/v1", check=False).stdout)
    assert "When to run." in cron.k(
        "explain", f"{cron.plural}.spec.cronSpec", "--api-version", f"{cron.group}/v1").stdout
    document = json.loads(cron.k("get", "--raw", "/openapi/v2").stdout)
    assert any(key.endswith(".v1.CronTab") for key in document["definitions"])
    legacy = json.loads(cron.k("get", "--raw", f"/apis/{cron.group}/v1").stdout)
    assert [r["name"] for r in legacy["resources"]] == [
        cron.plural, f"{cron.plural}/status", f"{cron.plural}/scale"]


def test_selectable_fields_and_categories(cron):
    cron.establish()
    for name, color in (("r", "red"), ("g", "green")):
        cron.k("apply", "-f", "-", input=cron.fill(OBJECT, name).replace("red", color))
    found = cron.k("get", cron.name, "--field-selector", "spec.color=green", "-o", "name").stdout.split()
    assert found == [f"{cron.singular}.{cron.group}/g"]
    refused = cron.k("get", cron.name, "--field-selector", "spec.image=x", check=False)
    assert "field label not supported: spec.image" in refused.stderr
    assert f"{cron.singular}.{cron.group}/r" in cron.k("get", "all", "-o", "name").stdout


def test_deleting_a_definition_deletes_its_objects(cron):
    cron.establish()
    cron.k("apply", "-f", "-", input=cron.fill(OBJECT, "c"))
    cron.k("patch", cron.name, "c", "--type=merge", "-p", '{"metadata":{"finalizers":["example.com/hold"]}}')
    cron.k("delete", "crd", cron.name, "--wait=false")
    wait_for("the object to be deleted", lambda: "deletionTimestamp" in cron.k(
        "get", cron.name, "c", "-o", "json").stdout)
    refused = cron.k("create", "-f", "-", input=cron.fill(OBJECT, "late"), check=False)
    assert "create not allowed while custom resource definition is terminating" in refused.stderr
    cron.k("patch", cron.name, "c", "--type=merge", "-p", '{"metadata":{"finalizers":null}}')
    wait_for("the definition to go", lambda: "NotFound" in cron.k("get", "crd", cron.name, check=False).stderr)
    gone = cron.k("get", "--raw", f"/apis/{cron.group}/v1", check=False)
    assert gone.returncode != 0
    cron.establish()
    assert cron.k("get", cron.name).stdout == ""


def test_names_conflict(cron):
    cron.establish()
    other = Kind(cron.api, cron.using, "CronJobber")
    other.group, other.short = cron.group, cron.short
    other.name = f"{other.plural}.{other.group}"
    cron.k("apply", "-f", "-", input=other.fill(CRONTAB))
    wait_for("the conflict", lambda: "ShortNamesConflict" in cron.k("get", "crd", other.name, "-o", "json").stdout)
    assert cron.k("get", "--raw", f"/apis/{cron.group}/v1/{other.plural}", check=False).returncode != 0
    cron.k("delete", "crd", cron.name)
    cron.k("wait", "--for=condition=Established", "--timeout=5s", f"crd/{other.name}")
    cron.k("delete", "crd", other.name)


def test_several_versions(cron):
    cron.establish()
    cron.k("apply", "-f", "-", input=cron.fill(OBJECT, "old"))
    definition = json.loads(cron.k("get", "crd", cron.name, "-o", "json").stdout)
    versions = definition["spec"]["versions"]
    second = json.loads(json.dumps(versions[0]))
    versions[0]["storage"], second["name"] = False, "v2"
    versions[0]["deprecated"] = True
    second["schema"]["openAPIV3Schema"]["properties"]["spec"]["properties"]["note"] = {
        "type": "string", "default": "none"}
    versions.append(second)
    cron.k("replace", "-f", "-", input=json.dumps(definition))
    path = f"/apis/{cron.group}/VERSION/namespaces/default/{cron.plural}/old"
    new = json.loads(cron.k("get", "--raw", path.replace("VERSION", "v2")).stdout)
    assert new["apiVersion"] == f"{cron.group}/v2"
    old = cron.k("get", "--raw", path.replace("VERSION", "v1"))
    assert json.loads(old.stdout)["apiVersion"] == f"{cron.group}/v1"
    listed = cron.k("get", f"{cron.plural}.v1.{cron.group}", "-o", "json")
    assert "is deprecated" in listed.stderr
    assert [item["apiVersion"] for item in json.loads(listed.stdout)["items"]] == [f"{cron.group}/v1"]
    cron.k("apply", "-f", "-", input=cron.fill(OBJECT, "fresh"))
    fresh = json.loads(cron.k("get", "--raw", path.replace("VERSION", "v2").replace("old", "fresh")).stdout)
    assert fresh["spec"]["note"] == "none"
    status = json.loads(cron.k("get", "crd", cron.name, "-o", "json").stdout)["status"]
    assert status["storedVersions"] == ["v1", "v2"]


def test_owners_and_namespaces(cron):
    cron.establish()
    name = f"n{time.monotonic_ns() % 10**9}"
    cron.k("create", "namespace", name)
    cron.k("-n", name, "apply", "-f", "-", input=cron.fill(OBJECT, "owner"))
    uid = json.loads(cron.k("-n", name, "get", cron.name, "owner", "-o", "json").stdout)["metadata"]["uid"]
    dependent = {
        "apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "dependent", "ownerReferences": [
            {"apiVersion": f"{cron.group}/v1", "kind": cron.kind, "name": "owner", "uid": uid}]}}
    cron.k("-n", name, "create", "-f", "-", input=json.dumps(dependent))
    child = json.loads(json.dumps(dependent))
    child.update(apiVersion=f"{cron.group}/v1", kind=cron.kind, spec={"cronSpec": "@daily"})
    cron.k("-n", name, "create", "-f", "-", input=json.dumps(child))
    cron.k("-n", name, "delete", cron.name, "owner")
    wait_for("the dependents to follow", lambda: "dependent" not in cron.k(
        "-n", name, "get", f"configmaps,{cron.name}", "-o", "name").stdout)
    cron.k("-n", name, "apply", "-f", "-", input=cron.fill(OBJECT, "last"))
    cron.k("delete", "namespace", name, "--timeout=20s")
    assert cron.k("get", cron.name, "-A", "-o", "name").stdout == ""


def test_refusals(cron):
    broken = cron.fill(CRONTAB).replace("image: {type: string, default: busybox}", "image: {}")
    done = cron.k("create", "-f", "-", input=broken, check=False)
    assert ("spec.validation.openAPIV3Schema.properties[spec].properties[image].type: Required value: "
            "must not be empty for specified object fields") in done.stderr


def test_roles_are_aggregated(cron):
    role = {
        "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole",
        "metadata": {"name": cron.group, "labels": {"rbac.authorization.k8s.io/aggregate-to-view": "true"}},
        "rules": [{"apiGroups": [cron.group], "resources": [cron.plural], "verbs": ["get", "list", "watch"]}]}
    cron.k("create", "-f", "-", input=json.dumps(role))
    for name in ("view", "edit", "admin"):
        wait_for(f"the rule in {name}", lambda: cron.group in cron.k(
            "get", "clusterrole", name, "-o", "json").stdout)
    cron.k("delete", "clusterrole", cron.group)
    wait_for("the rule to go", lambda: cron.group not in cron.k("get", "clusterrole", "admin", "-o", "json").stdout)


def test_server_side_apply(cron):
    schema = "              color: {type: string, enum: [red, green]}\n"
    hosts = """              hosts:
                type: array
                x-kubernetes-list-type: map
                x-kubernetes-list-map-keys: [name]
                items: {type: object, required: [name], properties: {name: {type: string}, port: {type: integer}}}
"""
    cron.establish(CRONTAB.replace(schema, schema + hosts))

    def apply(manager, spec, *flags, **options):
        body = {"apiVersion": f"{cron.group}/v1", "kind": cron.kind, "metadata": {"name": "c"}, "spec": spec}
        return cron.k("apply", "--server-side", "--field-manager", manager, *flags, "-f", "-",
                      input=json.dumps(body), **options)

    apply("one", {"cronSpec": "@daily", "hosts": [{"name": "a", "port": 1}]})
    apply("two", {"cronSpec": "@daily", "hosts": [{"name": "b", "port": 2}]})
    spec = json.loads(cron.k("get", cron.name, "c", "-o", "json").stdout)["spec"]
    assert spec["hosts"] == [{"name": "a", "port": 1}, {"name": "b", "port": 2}]
    conflict = apply("two", {"cronSpec": "@hourly", "hosts": [{"name": "b", "port": 2}]}, check=False)
    assert 'conflict with "one"' in conflict.stderr and ".spec.cronSpec" in conflict.stderr
    apply("one", {"cronSpec": "@daily"})
    spec = json.loads(cron.k("get", cron.name, "c", "-o", "json").stdout)["spec"]
    assert spec["hosts"] == [{"name": "b", "port": 2}]


RULES = """
              minReplicas: {type: integer}
              maxReplicas: {type: integer}
              zone: {type: string, pattern: '^z[0-9]+$', x-kubernetes-validations: [{rule: self == oldSelf, message: zone cannot change}]}
            x-kubernetes-validations:
            - rule: "!has(self.maxReplicas) || self.replicas <= self.maxReplicas"
              messageExpression: "'at most ' + string(self.maxReplicas)"
              fieldPath: .replicas
"""


def ruled(text=CRONTAB):
    return text.replace("          status:\n", RULES.strip("\n") + "\n          status:\n", 1)


def test_rules_and_patterns_are_enforced(cron):
    assert "Warning" not in cron.k("apply", "-f", "-", input=cron.fill(ruled())).stderr
    cron.k("wait", "--for=condition=Established", "--timeout=5s", f"crd/{cron.name}")
    manifest = cron.fill(OBJECT, "c")

    def patch(spec, **options):
        return cron.k("patch", cron.name, "c", "--type=merge", "-p", json.dumps({"spec": spec}), **options)

    def refused(spec):
        done = patch(spec, check=False)
        assert done.returncode != 0
        return done.stderr

    cron.k("apply", "-f", "-", input=manifest)
    assert "should match '^z[0-9]+$'" in refused({"zone": "a1"})
    patch({"zone": "z1"})
    assert 'spec.zone: Invalid value: "string": zone cannot change' in refused({"zone": "z2"})
    assert 'spec.replicas: Invalid value: "object": at most 2' in refused({"maxReplicas": 2, "replicas": 3})
    patch({"maxReplicas": 2})
    new = cron.k("apply", "-f", "-", input=manifest.replace("name: c", "name: d").replace(
        "color: red", "replicas: 4, maxReplicas: 3"), check=False)
    assert "at most 3" in new.stderr


def test_rules_that_cannot_be_used_are_refused(cron):
    for old, new, said in (
        ("self == oldSelf", "self == 1", "found no matching overload for '_==_' applied to '(string, int)'"),
        ("self == oldSelf", "self.", "compilation failed: ERROR: <input>"),
        ("fieldPath: .replicas", "fieldPath: .nope", "fieldPath must be a valid path"),
        ("'^z[0-9]+$'", "'(?=z)'", "must be a valid regular expression"),
    ):
        done = cron.k("apply", "-f", "-", input=cron.fill(ruled().replace(old, new)), check=False)
        assert done.returncode != 0 and said in done.stderr, (new, done.stderr)
    expensive = ruled().replace("zone: {type: string", "many: {type: array, items: {type: string, x-kubernetes-validations: "
                                "[{rule: \"self.contains('x')\"}]}}\n              zone: {type: string")
    done = cron.k("apply", "-f", "-", input=cron.fill(expensive), check=False)
    assert "estimated rule cost exceeds budget by factor of more than 100x" in done.stderr


def test_custom_resources_outlive_a_restart(host, tmp_path):
    with Cluster(host, tmp_path, "--disable-agent") as cluster:
        kind = Kind(cluster, None, "CronTab")
        kind.establish()
        kind.k("apply", "-f", "-", input=kind.fill(OBJECT, "c"))
        definition = json.loads(kind.k("get", "crd", kind.name, "-o", "json").stdout)
        spec = definition["spec"]["versions"][0]["schema"]["openAPIV3Schema"]["properties"]["spec"]["properties"]
        spec["late"] = {"type": "string", "default": "yes"}
        del spec["image"]
        kind.k("replace", "-f", "-", input=json.dumps(definition))
        wanted = {"cronSpec": "* * * * */5", "color": "red", "replicas": 1, "late": "yes"}
        assert json.loads(kind.k("get", kind.name, "c", "-o", "json").stdout)["spec"] == wanted
        cluster.stop()
        cluster.start()
        assert json.loads(kind.k("get", kind.name, "c", "-o", "json").stdout)["spec"] == wanted
        # The same in a watch, and in a list of tables.
        assert "c " in kind.k("get", kind.name).stdout
