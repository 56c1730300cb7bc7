"""Every resource of the API by the tables in data/resources, one entry each:

resource    the name by which objects are stored; served in the version that discovery prefers
object      a valid object without its type, name and namespace; `name` gives another name than `it`
defaults    what the server fills in
invalid     changes (`with`, a merge patch) of the object that must fail, with the words of the failure
change      a change that must work
immutable   changes of an existing object that must fail, after `first`, which must work
status      what is written to the status; `badStatus` what must not be
generation  whether the generation counts changes; conditional: whether an update needs a resourceVersion
columns     of the table; `cells` the first of them
fields      selectable fields with the value that selects the object
short, categories  as discovery says them
support     enforced (the default), stored or refused, as docs/api-support.md says
untracked   who sets its fields is not kept until somebody applies it
review, answer, action, readonly  for what is no stored object
"""
import base64
import copy
import pathlib
import re
import subprocess
import tempfile

import pytest
import yaml

from harness.rest import TABLE, Rest

NAMESPACE = "resources"
DIRECTORY = pathlib.Path(__file__).parent / "data/resources"
ENTRIES = {e["resource"]: e for f in sorted(DIRECTORY.glob("*.yaml")) for e in yaml.safe_load(f.read_text())}
DOCUMENT = pathlib.Path(__file__).parents[2] / "docs/api-support.md"


@pytest.fixture(scope="module")
def rest(api):
    rest = Rest(api)
    assert rest.post("/api/v1/namespaces", {"metadata": {"name": NAMESPACE}}).code == 201
    return rest


@pytest.fixture(scope="module")
def served(rest):
    """What discovery offers: resource -> (path of its group, entry), and the names of its subresources."""
    prefixes = {"": "/api/v1"}
    for group in rest.get("/apis").body["groups"]:
        prefixes[group["name"]] = "/apis/" + group["preferredVersion"]["groupVersion"]
    found = {}
    for group, prefix in prefixes.items():
        resources = rest.get(prefix).body["resources"]
        for resource in resources:
            if "/" not in resource["name"]:
                name = f"{resource['name']}.{group}" if group else resource["name"]
                subresources = {r["name"].split("/")[1] for r in resources if r["name"].startswith(resource["name"] + "/")}
                found[name] = (prefix, resource, subresources)
    return found


def merged(patch, into):
    """A JSON merge patch (RFC 7396)."""
    if not isinstance(patch, dict):
        return patch
    result = dict(into) if isinstance(into, dict) else {}
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = merged(value, result.get(key))
    return result


def difference(expected, actual, path=""):
    """Where an object lacks what is expected of it."""
    if isinstance(expected, dict):
        if not isinstance(actual, dict):
            return f"{path}: {actual!r} is no object"
        return next(filter(None, (difference(v, actual.get(k), f"{path}.{k}") for k, v in expected.items())), None)
    if isinstance(expected, list):
        if not isinstance(actual, list) or len(actual) < len(expected):
            return f"{path}: {actual!r}, not {expected!r}"
        return next(filter(None, (difference(e, a, f"{path}[{i}]") for i, (e, a) in enumerate(zip(expected, actual)))), None)
    return None if expected == actual else f"{path}: {actual!r}, not {expected!r}"


def signing_request():
    with tempfile.TemporaryDirectory() as directory:
        subprocess.run(
            ["openssl", "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
             "-subj", "/CN=somebody", "-keyout", f"{directory}/key", "-out", f"{directory}/csr"],
            check=True, capture_output=True)
        return base64.b64encode(pathlib.Path(f"{directory}/csr").read_bytes()).decode()


class Subject:
    """One resource under test."""

    def __init__(self, rest, entry, served):
        self.rest = rest
        self.entry = entry
        self.prefix, self.discovered, self.subresources = served[entry["resource"]]
        place = f"/namespaces/{NAMESPACE}" if self.discovered["namespaced"] else ""
        self.list = f"{self.prefix}{place}/{self.discovered['name']}"
        self.name = entry.get("name", "it")
        self.path = f"{self.list}/{self.name}"

    def object(self, change=None):
        base = {
            "apiVersion": self.prefix.split("/", 2)[2], "kind": self.discovered["kind"],
            "metadata": {"name": self.name, "labels": {"owner": "creator"}}, **copy.deepcopy(self.entry.get("object", {}))}
        if base.get("spec", {}).get("request") == "CSR":
            base["spec"]["request"] = signing_request()
        return merged(change or {}, base)

    def refused(self, answer, case):
        assert answer.code == case.get("code", 422), answer
        assert case["error"] in answer.message, answer.message


def test_discovery_has_an_entry_for_every_resource(served):
    assert sorted(served) == sorted(ENTRIES)


def test_names(served):
    wrong = []
    for name, (_, resource, _) in served.items():
        entry = ENTRIES.get(name, {})
        for key, wanted in [("shortNames", entry.get("short", [])), ("categories", entry.get("categories", []))]:
            if resource.get(key, []) != wanted:
                wrong.append(f"{name}: {key} {resource.get(key)}, not {wanted}")
    assert not wrong


@pytest.mark.parametrize("name", sorted(ENTRIES))
def test_resource(rest, served, name):
    entry = ENTRIES[name]
    subject = Subject(rest, entry, served)
    if entry.get("action"):
        return
    if entry.get("readonly"):
        assert rest.get(subject.list).code == 200
        assert rest.post(subject.list, subject.object()).code == 405
        return
    if "review" in entry:
        answer = rest.post(subject.list, merged(entry["review"], {
            "apiVersion": subject.prefix.split("/", 2)[2], "kind": subject.discovered["kind"]}))
        assert answer.code == 201, answer
        assert not difference(entry["answer"], answer.body)
        assert rest.get(subject.list).code == 405
        return
    if entry.get("support") == "refused":
        answer = rest.post(subject.list, subject.object())
        assert answer.code == 403 and "by this version of edge" in answer.message, answer
        return
    for case in entry["invalid"]:
        subject.refused(rest.post(subject.list, subject.object(case["with"])), case)
    created = rest.post(subject.list, subject.object())
    assert created.code == 201, created
    try:
        check_creation(subject, created)
        check_reading(subject)
        check_changes(subject)
        check_status(subject)
        check_apply(subject)
        for case in entry.get("immutable", []):
            if "first" in case:
                assert rest.patch(subject.path, case["first"]).code == 200
            subject.refused(rest.patch(subject.path, case["with"]), case)
    finally:
        deleted = rest.delete(subject.path)
    assert deleted.code == 200, deleted


def check_creation(subject, created):
    entry = subject.entry
    assert not difference(entry.get("defaults", {}), created.body), created.body
    generation = created.body["metadata"].get("generation")
    assert generation == 1 or not entry.get("generation"), created.body["metadata"]
    stored = [w for w in created.warnings if "nothing in this version of edge acts on them" in w]
    assert bool(stored) == (entry.get("support") == "stored"), created.warnings
    again = subject.rest.post(subject.list, subject.object())
    assert again.code == 409 and again.body["reason"] == "AlreadyExists", again
    nameless = subject.object({"metadata": {"name": None}})
    answer = subject.rest.post(subject.list, nameless)
    assert answer.code == 422 and "metadata.name: Required value: name or generateName is required" in answer.message, answer


def check_reading(subject):
    entry, rest = subject.entry, subject.rest
    table = rest.get(subject.path, accept=TABLE)
    assert [c["name"] for c in table.body["columnDefinitions"]] == entry["columns"]
    cells = table.body["rows"][0]["cells"]
    wanted = [subject.name if c == "it" else c for c in entry.get("cells", [])]
    assert cells[:len(wanted)] == wanted
    namespaced = {"metadata.namespace": NAMESPACE} if subject.discovered["namespaced"] else {}
    for field, value in {"metadata.name": subject.name, **namespaced, **entry.get("fields", {})}.items():
        for relation, expected in [("=", True), ("!=", False)]:
            escaped = value.replace("\\", "\\\\").replace(",", "\\,").replace("=", "\\=")
            answer = rest.get(subject.list, fieldSelector=field + relation + escaped)
            assert answer.code == 200, answer
            names = [o["metadata"]["name"] for o in answer.body["items"]]
            assert (subject.name in names) == expected, (field, relation, names)
    answer = rest.get(subject.list, fieldSelector="spec.nonsense=x")
    assert answer.code == 400, answer
    assert re.search(r'field label not supported: spec.nonsense|field label "spec.nonsense" not supported for'
                     r'|"spec.nonsense" is not a known field selector: only "metadata.name"', answer.message), answer


def current(subject):
    answer = subject.rest.get(subject.path)
    assert answer.code == 200, answer
    return answer.body


def check_changes(subject):
    entry, rest = subject.entry, subject.rest
    counts = entry.get("generation")
    before = current(subject)
    labelled = rest.patch(subject.path, {"metadata": {"labels": {"more": "x"}}})
    assert labelled.code == 200, labelled
    if counts:
        assert labelled.body["metadata"]["generation"] == before["metadata"]["generation"]
    for kind in ["merge-patch+json", "strategic-merge-patch+json"]:
        if kind.startswith("strategic") and entry["resource"].startswith("customresourcedefinitions"):
            continue
        answer = rest.patch(subject.path, {"metadata": {"annotations": {kind[:5]: "1"}}}, kind)
        assert answer.code == 200 and answer.body["metadata"]["annotations"][kind[:5]] == "1", answer
    answer = rest.patch(
        subject.path, [{"op": "test", "path": "/metadata/labels/more", "value": "x"},
                       {"op": "remove", "path": "/metadata/labels/more"}], "json-patch+json")
    assert answer.code == 200 and "more" not in answer.body["metadata"]["labels"], answer
    before = current(subject)
    changed = rest.patch(subject.path, entry["change"])
    assert changed.code == 200, changed
    assert not difference(entry["change"], changed.body), changed.body
    if counts:
        grown = changed.body["metadata"]["generation"] > before["metadata"]["generation"]
        assert grown == (list(entry["change"]) != ["metadata"]), changed.body["metadata"]
    stale = rest.put(subject.path, before)
    assert stale.code == 409 and "the object has been modified" in stale.message, stale
    blind = current(subject)
    del blind["metadata"]["resourceVersion"]
    answer = rest.put(subject.path, blind)
    assert answer.code == (422 if entry.get("conditional") else 200), answer


def check_status(subject):
    entry, rest = subject.entry, subject.rest
    if "status" not in subject.subresources or "status" not in entry:
        return
    before = current(subject)
    wanted = merged({"status": entry["status"], "metadata": {"resourceVersion": None}}, before)
    if not entry.get("conditional"):
        ignored = rest.put(subject.path, wanted)
        assert ignored.code == 200 and difference(entry["status"], ignored.body.get("status", {})), ignored
    wanted = merged(entry["change"] if "spec" in entry["change"] else {}, current(subject))
    wanted = merged({"spec": {"nonsense": None}}, wanted)
    wanted["status"] = merged(entry["status"], wanted.get("status", {}))
    written = rest.put(subject.path + "/status", wanted)
    assert written.code == 200, written
    assert not difference(entry["status"], written.body["status"]), written.body["status"]
    assert written.body.get("spec") == current(subject).get("spec") == before.get("spec")
    for case in entry.get("badStatus", []):
        # Controllers may write in between: unless the kind forbids it, over whatever is there.
        unconditional = {} if entry.get("conditional") else {"metadata": {"resourceVersion": None}}
        wrong = merged(unconditional, merged(case["with"], current(subject)))
        subject.refused(rest.put(subject.path + "/status", wrong), case)


def check_apply(subject):
    rest = subject.rest
    body = {"apiVersion": subject.object()["apiVersion"], "kind": subject.object()["kind"],
            "metadata": {"name": subject.name, "labels": {"owner": "applier"}}}
    answer = rest.apply(subject.path, body, "applier")
    former = "before-first-apply" if subject.entry.get("untracked") else "tests"
    assert answer.code == 409 and f'conflict with "{former}"' in answer.message, answer
    assert answer.body["details"]["causes"][0]["field"] == ".metadata.labels.owner"
    answer = rest.apply(subject.path, body, "applier", force="true")
    assert answer.code == 200, answer
    assert answer.body["metadata"]["labels"]["owner"] == "applier"
    managers = [m["manager"] for m in answer.body["metadata"]["managedFields"] if m["operation"] == "Apply"]
    assert managers == ["applier"]
    other = rest.apply(subject.path, merged({"metadata": {"labels": {"owner": "other"}}}, body), "other")
    assert other.code == 409 and 'conflict with "applier"' in other.message, other


def test_document_says_what_is_done_with_every_resource():
    """docs/api-support.md has a row for each resource, with what the entries say and the requests above show."""
    rows = {}
    for line in DOCUMENT.read_text().splitlines():
        cells = [c.strip() for c in line.strip("|").split("|")]
        if line.startswith("| `") and len(cells) >= 2:
            rows[cells[0].strip("`")] = cells[1].split()[0].rstrip(",:;")
    assert rows == {name: entry.get("support", "enforced") for name, entry in ENTRIES.items()}
