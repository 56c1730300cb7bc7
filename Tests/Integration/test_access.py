"""Nobody gets in without a credential, and nobody further than its credential leads."""
import json

from harness.host import run


def status(api, *arguments):
    text = api.host.run("curl", "-sk", *arguments).stdout
    return json.loads(text)


def test_anonymous_sees_health_and_version_only(api):
    server = f"https://{api.host.address}:6443"
    assert api.host.run("curl", "-sk", f"{server}/healthz").stdout == "ok"
    assert status(api, f"{server}/version")["minor"] == "36"
    refused = status(api, f"{server}/api/v1/secrets")
    assert refused["code"] == 403 and 'User "system:anonymous" cannot list resource "secrets"' in refused["message"]
    assert status(api, "-H", "Authorization: Bearer nonsense", f"{server}/api/v1/pods")["code"] == 401


def test_service_account_tokens(api):
    api.kubectl("create", "serviceaccount", "robot")
    token = api.kubectl("create", "token", "robot").stdout.strip()
    server = f"https://{api.host.address}:6443"
    header = f"Authorization: Bearer {token}"
    refused = status(api, "-H", header, f"{server}/api/v1/namespaces/default/pods")
    assert refused["code"] == 403 and "system:serviceaccount:default:robot" in refused["message"]
    api.kubectl("create", "rolebinding", "robot", "--clusterrole=view", "--serviceaccount=default:robot")
    assert status(api, "-H", header, f"{server}/api/v1/namespaces/default/pods")["kind"] == "PodList"
    assert api.kubectl("auth", "can-i", "delete", "pods", "--as=system:serviceaccount:default:robot",
                       check=False).stdout == "no\n"
    api.kubectl("delete", "serviceaccount", "robot")


def test_false_protection_is_refused(api):
    policy = """
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: none}
spec: {podSelector: {}, policyTypes: [Ingress]}
"""
    done = api.kubectl("apply", "-f", "-", input=policy, check=False)
    assert done.returncode == 1 and "not enforced by this version of edge" in done.stderr
