"""Admission policies with every kubectl of this machine, without a node: the examples of Kubernetes' documentation."""
import json
import time

import pytest

from harness.cluster import wait_for

POLICY = """
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: NAME}
spec:
  failurePolicy: Fail
  matchConstraints:
    resourceRules:
    - {apiGroups: [apps], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [deployments]}
  validations:
  - expression: object.spec.replicas <= 5
"""

BINDING = """
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: NAME-binding}
spec:
  policyName: NAME
  validationActions: [Deny]
  matchResources:
    namespaceSelector: {matchLabels: {policies: NAME}}
"""

MUTATING = """
apiVersion: admissionregistration.k8s.io/v1
kind: MutatingAdmissionPolicy
metadata: {name: NAME}
spec:
  matchConstraints:
    resourceRules:
    - {apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [pods]}
  matchConditions:
  - {name: not-yet, expression: "!object.spec.?initContainers.orValue([]).exists(c, c.name == 'mesh')"}
  reinvocationPolicy: IfNeeded
  mutations:
  - patchType: ApplyConfiguration
    applyConfiguration:
      expression: >
        Object{spec: Object.spec{initContainers: [Object.spec.initContainers{
        name: "mesh", image: "mesh/proxy:v1", restartPolicy: "Always"}]}}
  - patchType: JSONPatch
    jsonPatch:
      expression: >
        has(object.metadata.labels) ?
        [JSONPatch{op: "add", path: "/metadata/labels/" + jsonpatch.escapeKey("example.com/mesh"), value: "on"}] :
        [JSONPatch{op: "add", path: "/metadata/labels", value: {"example.com/mesh": "on"}}]
"""


class Rules:
    """Policies and a namespace of their own for each test."""

    def __init__(self, api, kubectl):
        self.api, self.using = api, kubectl
        self.name = f"p{time.monotonic_ns() % 10**9}.example.com"
        self.space = self.name.split(".")[0]
        self.k("create", "namespace", self.space)
        self.k("label", "namespace", self.space, f"policies={self.name}")

    def k(self, *arguments, **options):
        return self.api.kubectl(*arguments, using=self.using, **options)

    def n(self, *arguments, **options):
        return self.k("-n", self.space, *arguments, **options)

    def apply(self, text, **options):
        return self.k("apply", "-f", "-", input=text.replace("NAME", self.name), **options)

    def bind(self, policy, binding=BINDING):
        assert "created" in self.apply(policy).stdout
        assert "created" in self.apply(binding).stdout

    def deployment(self, name, replicas, **options):
        return self.n("create", "deployment", name, "--image=nginx", f"--replicas={replicas}", **options)

    def replicas(self, name, count, *arguments, **options):
        patch = json.dumps({"spec": {"replicas": count}})
        return self.n("patch", "deployment", name, "--type=merge", "-p", patch, *arguments, **options)

    def clear(self):
        for kind in ("validatingadmissionpolicybindings", "validatingadmissionpolicies",
                     "mutatingadmissionpolicybindings", "mutatingadmissionpolicies"):
            for suffix in ("", "-binding"):
                self.k("delete", kind, self.name + suffix, "--ignore-not-found", check=False)
        self.k("delete", "namespace", self.space, "--wait=false")


@pytest.fixture
def rules(api, kubectl):
    rules = Rules(api, kubectl)
    yield rules
    rules.clear()


def test_a_policy_denies_warns_and_is_gone(rules):
    rules.bind(POLICY)
    refused = rules.deployment("big", 6, check=False)
    assert refused.returncode != 0
    assert (f"ValidatingAdmissionPolicy '{rules.name}' with binding '{rules.name}-binding' denied request: "
            "failed expression: object.spec.replicas <= 5") in refused.stderr
    assert "created" in rules.deployment("small", 5).stdout
    assert "denied request" in rules.replicas("small", 7, check=False).stderr
    assert "denied request" in rules.replicas("small", 7, "--dry-run=server", check=False).stderr
    # A rule for deployments is none for their scale.
    assert "scaled" in rules.n("scale", "deployment/small", "--replicas=4").stdout
    elsewhere = rules.k("create", "deployment", rules.space, "--image=nginx", "--replicas=6", "-n", "default")
    assert "created" in elsewhere.stdout
    rules.k("delete", "deployment", rules.space, "-n", "default")
    rules.k("patch", "validatingadmissionpolicybinding", f"{rules.name}-binding", "--type=merge", "-p",
            '{"spec":{"validationActions":["Warn","Audit"]}}')
    warned = rules.deployment("warned", 6)
    assert "created" in warned.stdout
    assert f"Warning: Validation failed for ValidatingAdmissionPolicy '{rules.name}'" in warned.stderr
    rules.k("delete", "validatingadmissionpolicybinding", f"{rules.name}-binding")
    silent = rules.deployment("silent", 6)
    assert "created" in silent.stdout and "Warning" not in silent.stderr


def test_params_of_a_custom_resource(rules):
    group = f"{rules.space}.example.com"
    rules.apply(f"""
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {{name: replicalimits.{group}}}
spec:
  group: {group}
  scope: Namespaced
  names: {{plural: replicalimits, singular: replicalimit, kind: ReplicaLimit}}
  versions:
  - name: v1
    served: true
    storage: true
    schema: {{openAPIV3Schema: {{type: object, properties: {{maxReplicas: {{type: integer}}}}}}}}
""")
    rules.k("wait", "--for=condition=Established", "--timeout=5s", f"crd/replicalimits.{group}")
    policy = POLICY.replace("  failurePolicy: Fail\n", f"""  failurePolicy: Fail
  paramKind: {{apiVersion: {group}/v1, kind: ReplicaLimit}}
  variables:
  - {{name: limit, expression: "params == null ? 2 : int(params.maxReplicas)"}}
""").replace("- expression: object.spec.replicas <= 5", """- expression: object.spec.replicas <= variables.limit
    messageExpression: "'object.spec.replicas must be no greater than ' + string(variables.limit)"
    reason: Forbidden""")
    rules.bind(policy, BINDING + f"  paramRef: {{name: limit, namespace: {rules.space}, parameterNotFoundAction: Deny}}\n")
    missing = rules.deployment("one", 1, check=False).stderr
    assert "failed to configure binding: no params found for policy binding with `Deny` parameterNotFoundAction" in missing
    limit = f"apiVersion: {group}/v1\nkind: ReplicaLimit\nmetadata: {{name: limit, namespace: {rules.space}}}\nmaxReplicas: 3\n"
    rules.apply(limit)
    assert "created" in rules.deployment("one", 3).stdout
    refused = rules.deployment("two", 4, check=False).stderr
    assert "is forbidden" in refused and "object.spec.replicas must be no greater than 3" in refused
    rules.apply(limit.replace("3\n", "4\n"))
    assert "created" in rules.deployment("two", 4).stdout
    rules.k("delete", "crd", f"replicalimits.{group}", "--wait=false")


def test_conditions_authorizer_and_namespace(rules):
    policy = POLICY.replace("  validations:", """  matchConditions:
  - {name: not-exempt, expression: "!object.metadata.name.startsWith('exempt')"}
  validations:
  - expression: authorizer.group('apps').resource('deployments').namespace(request.namespace).check('delete').allowed()
  - expression: namespaceObject.metadata.labels['policies'] == 'NAME'
  - expression: request.operation == 'CREATE' || oldObject.spec.replicas >= object.spec.replicas
    message: cannot grow""")
    rules.bind(policy)
    assert "created" in rules.deployment("exempt", 6).stdout
    assert "created" in rules.deployment("web", 2).stdout
    assert "cannot grow" in rules.replicas("web", 3, check=False).stderr
    assert "patched" in rules.replicas("web", 1).stdout


def test_what_is_wrong_with_a_policy_is_said(rules):
    for old, new, said in (
        ("object.spec.replicas <= 5", "object.spec.replicas +", "compilation failed: ERROR: <input>:1:23: Syntax error"),
        ("object.spec.replicas <= 5", "object.spec.replicas", "must evaluate to bool but got dyn"),
        ("object.spec.replicas <= 5", "params.x == 1", "undeclared reference to 'params'"),
        ("object.spec.replicas <= 5", "variables.x == 1", "undeclared reference to 'variables'"),
        ("  validations:\n  - expression: object.spec.replicas <= 5\n", "  validations: []\n",
         "must contain at least one item"),
    ):
        refused = rules.apply(POLICY.replace(old, new), check=False)
        assert refused.returncode != 0 and said in refused.stderr, (new, refused.stderr)
    refused = rules.apply(BINDING.replace("[Deny]", "[Deny, Warn]"), check=False)
    assert "must not contain both Deny and Warn" in refused.stderr
    rules.apply(POLICY.replace("object.spec.replicas", "object.replicas"))
    status = json.loads(rules.k("get", "validatingadmissionpolicy", rules.name, "-o", "json").stdout)["status"]
    warning = status["typeChecking"]["expressionWarnings"][0]
    assert warning["fieldRef"] == "spec.validations[0].expression"
    assert warning["warning"].startswith("apps/v1, Kind=Deployment: ERROR: <input>:1:7: undefined field 'replicas'")
    rules.apply(POLICY)
    status = json.loads(rules.k("get", "validatingadmissionpolicy", rules.name, "-o", "json").stdout)["status"]
    assert status["typeChecking"] == {} and status["observedGeneration"] == 2


def test_a_policy_of_custom_resources_and_deletions(rules):
    policy = POLICY.replace("[CREATE, UPDATE], resources: [deployments]", "[DELETE], resources: [configmaps]") \
        .replace("[apps]", '[""]').replace("object.spec.replicas <= 5",
                                           "!('keep' in oldObject.data)").replace("expression: !(", "expression: true && !(")
    rules.bind(policy)
    rules.n("create", "configmap", "kept", "--from-literal=keep=1")
    rules.n("create", "configmap", "other", "--from-literal=a=1")
    assert "denied request" in rules.n("delete", "configmap", "kept", check=False).stderr
    assert "deleted" in rules.n("delete", "configmap", "other").stdout
    rules.k("delete", "validatingadmissionpolicy", rules.name)
    assert "deleted" in rules.n("delete", "configmap", "kept").stdout


def test_a_policy_mutates(rules):
    binding = BINDING.replace("Validating", "Mutating").replace("  validationActions: [Deny]\n", "")
    rules.bind(MUTATING, binding)
    rules.n("run", "web", "--image=nginx", "--restart=Never")
    pod = json.loads(rules.n("get", "pod", "web", "-o", "json").stdout)
    assert [c["name"] for c in pod["spec"]["initContainers"]] == ["mesh"]
    mesh = pod["spec"]["initContainers"][0]
    assert mesh["restartPolicy"] == "Always"
    # What comes before policies has seen the new container, and so have defaults.
    assert mesh["volumeMounts"][0]["mountPath"] == "/var/run/secrets/kubernetes.io/serviceaccount"
    assert mesh["imagePullPolicy"] == "IfNotPresent"
    assert pod["metadata"]["labels"] == {"run": "web", "example.com/mesh": "on"}


def test_what_is_wrong_with_a_mutation_is_said(rules):
    binding = BINDING.replace("Validating", "Mutating").replace("  validationActions: [Deny]\n", "")
    rules.bind(MUTATING.replace("Object.spec{", "Object.wrong{", 1), binding)
    denied = f"policy '{rules.name}' with binding '{rules.name}-binding' denied request: "
    refused = rules.n("run", "web", "--image=nginx", "--restart=Never", check=False).stderr
    assert denied + 'type mismatch: unexpected type name "Object.wrong", expected "Object.spec"' in refused
    rules.apply(MUTATING.replace('image: "mesh/proxy:v1"', 'args: ["a"]'))
    refused = rules.n("run", "web", "--image=nginx", "--restart=Never", check=False).stderr
    assert denied in refused and "may not mutate atomic arrays, maps or structs: .spec.initContainers[0].args" in refused
    refused = rules.apply(MUTATING.replace("patchType: JSONPatch", "patchType: Other"), check=False)
    assert 'Unsupported value: "Other"' in refused.stderr
    refused = rules.apply(MUTATING.replace("Object{spec", "Objekt{spec", 1), check=False)
    assert "undeclared reference to 'Objekt'" in refused.stderr
