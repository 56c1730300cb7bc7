"""Helm against a real node: a chart with hooks, a definition and a test through the whole life of a release."""
import json
import pathlib

import pytest

from harness.host import run
from harness.python import python_tools

CHART = str(pathlib.Path(__file__).resolve().parent / "data/charts/site")


@pytest.fixture(scope="module")
def helm(node):
    program = str(python_tools() / "helm")

    def call(*arguments, check=True, timeout=90):
        return run(*node.host.inside(program, *arguments), env=node.kubectl_environment(), check=check, timeout=timeout)

    yield call
    for release in json.loads(call("list", "-A", "-a", "-o", "json").stdout):
        call("uninstall", release["name"], "-n", release["namespace"], "--no-hooks")
    node.kubectl("delete", "crd", "pages.example.com", "--ignore-not-found")


@pytest.fixture(scope="module")
def web(helm):
    """A release that is installed with everything ready."""
    said = helm("install", "web", CHART, "--wait", "--timeout", "60s").stdout
    assert "STATUS: deployed" in said and "The site greets with hello." in said
    return "web"


def statuses(helm, release):
    return [(h["revision"], h["status"], h["description"])
            for h in json.loads(helm("history", release, "-o", "json").stdout)]


def test_template(helm, node, web):
    shown = helm("template", "other", CHART, "--validate").stdout
    version = json.loads(node.kubectl("get", "--raw", "/version").stdout)["gitVersion"]
    assert f"kubernetes: {version}" in shown
    broken = helm("template", "other", CHART, "--validate", "--set", "replicas=-1", check=False)
    assert broken.returncode != 0 and "replicas" in broken.stderr
    unknown = helm("template", "other", CHART, "--validate", "--set", "kind=Site", check=False)
    assert 'no matches for kind "Site" in version "example.com/v1"' in unknown.stderr


def test_install(helm, node, web):
    pods = node.get("pods", "-l", "app=web")["items"]
    assert [p["status"]["phase"] for p in pods] == ["Running"]
    # Hooks that succeeded are gone, the one without that policy stays.
    hooks = [p["metadata"]["name"] for p in node.get("pods")["items"] if "app" not in p["metadata"].get("labels", {})]
    assert [name for name in hooks if name.startswith("web-p")] == ["web-post-install"]
    assert node.get("page", "web")["spec"] == {"text": "hello"}
    assert node.get("configmap", "web")["data"]["pages"] == "true", "definitions come before what uses them"
    listed = json.loads(helm("list", "-o", "json").stdout)
    assert [(r["name"], r["revision"], r["status"], r["chart"]) for r in listed] == [
        ("web", "1", "deployed", "site-0.1.0")]
    again = helm("install", "web", CHART, check=False)
    assert "cannot re-use a name that is still in use" in again.stderr
    foreign = helm("install", "foreign", CHART, "-n", "kube-public", "--set", "replicas=0", "--dry-run=server").stdout
    assert "kind: Deployment" in foreign
    node.kubectl("create", "configmap", "taken")
    taken = helm("install", "taken", CHART, check=False)
    assert "invalid ownership metadata" in taken.stderr
    node.kubectl("delete", "configmap", "taken")


def test_status(helm, web):
    shown = helm("status", web, "--show-resources").stdout
    assert "==> v1/Deployment" in shown and "1/1     1            1" in shown and "==> v1/Page" in shown
    assert "kind: Service\n" in helm("get", "manifest", web).stdout
    assert "web-pre-delete" in helm("get", "hooks", web).stdout
    assert "greeting: hello" in helm("get", "values", web, "--all").stdout
    assert "The site greets" in helm("get", "notes", web).stdout
    assert "NAMESPACE: default" in helm("get", "metadata", web).stdout
    assert "REVISION: 1" in helm("get", "all", web).stdout


def test_tests(helm, web):
    passed = helm("test", web, "--logs").stdout
    assert "Phase:          Succeeded" in passed and "POD LOGS: web-test\nran\n" in passed


def test_upgrade_and_rollback(helm, node, web):
    password = node.get("secret", "web-generated")["data"]
    helm("upgrade", web, CHART, "--set", "greeting=good day", "--atomic", "--timeout", "60s")
    assert node.get("configmap", web)["data"]["greeting"] == "good day"
    assert node.get("page", web)["spec"] == {"text": "good day"}
    assert node.get("secret", "web-generated")["data"] == password, "lookup has found the one that was there"
    # What somebody else has changed stays, where the chart says nothing about it.
    node.kubectl("patch", "page", web, "--type=merge", "-p", '{"spec":{"more":"mine"}}')
    node.kubectl("annotate", "service", web, "note=mine")
    failed = helm("upgrade", web, CHART, "--set", "command={false}", "--atomic", "--timeout", "4s", check=False)
    assert "rolled back due to atomic being set" in failed.stderr, failed
    assert [(r, s) for r, s, _ in statuses(helm, web)] == [
        (1, "superseded"), (2, "superseded"), (3, "failed"), (4, "deployed")]
    helm("rollback", web, "1", "--wait", "--timeout", "60s")
    assert statuses(helm, web)[-1][1:] == ("deployed", "Rollback to 1")
    assert node.get("page", web)["spec"] == {"text": "hello", "more": "mine"}
    assert node.get("service", web)["metadata"]["annotations"]["note"] == "mine"
    assert node.get("deployment", web)["status"]["readyReplicas"] == 1
    helm("upgrade", "--install", web, CHART, "--reuse-values", "--set", "replicas=2", "--wait", "--timeout", "60s")
    assert node.get("deployment", web)["status"]["readyReplicas"] == 2


def test_failed_hook(helm, node):
    failed = helm("install", "bad", CHART, "--set", "hookExit=3", "--timeout", "20s", check=False)
    assert "failed pre-install" in failed.stderr and "pod bad-pre-install failed" in failed.stderr, failed
    assert [r["status"] for r in json.loads(helm("list", "-a", "-f", "^bad$", "-o", "json").stdout)] == ["failed"]
    helm("uninstall", "bad", "--no-hooks")
    node.kubectl("delete", "pod", "bad-pre-install")


def test_uninstall(helm, node, web):
    said = helm("uninstall", web, "--wait", "--timeout", "60s").stdout
    assert f'release "{web}" uninstalled' in said
    left = node.get("deployments,services,configmaps,secrets,roles,pages", "-o", "json")["items"]
    assert not [o for o in left if o["metadata"]["name"].startswith("web") and o["kind"] != "Pod"]
    assert node.kubectl("get", "crd", "pages.example.com", check=False).returncode == 0, "Helm keeps definitions"
    assert json.loads(helm("list", "-a", "-o", "json").stdout) == []


def test_package(helm, tmp_path):
    assert "0 chart(s) failed" in helm("lint", CHART).stdout
    helm("package", CHART, "-d", str(tmp_path))
    assert "kind: CustomResourceDefinition" in helm("show", "crds", str(tmp_path / "site-0.1.0.tgz")).stdout
