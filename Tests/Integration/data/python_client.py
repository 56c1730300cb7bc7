"""What programs do with the official Python client: typed and dynamic, streams, patches, leader election."""
import json
import os
import sys
import threading
import time
import uuid

import kubernetes
from kubernetes import client, watch
from kubernetes.client.rest import ApiException
from kubernetes.stream import portforward, stream

kubernetes.config.load_kube_config()
core, apps, auth = client.CoreV1Api(), client.AppsV1Api(), client.AuthorizationV1Api()
NAMESPACE = "python"


def typed():
    pod = client.V1Pod(
        metadata=client.V1ObjectMeta(name="web", labels={"app": "web"}),
        spec=client.V1PodSpec(termination_grace_period_seconds=0, containers=[client.V1Container(
            name="web", image="busybox", image_pull_policy="IfNotPresent", env=[client.V1EnvVar(name="A", value="1")],
            command=["sh", "-c", "echo begun; mkdir /www; echo page > /www/index.html; exec httpd -f -p 8080 -h /www"],
            resources=client.V1ResourceRequirements(requests={"cpu": "10m"}))]))
    made = core.create_namespaced_pod(NAMESPACE, pod)
    assert made.metadata.creation_timestamp.tzinfo and made.status.phase == "Pending"
    seen = []
    for event in watch.Watch().stream(
            core.list_namespaced_pod, NAMESPACE, label_selector="app=web", timeout_seconds=20):
        seen.append(event["type"])
        conditions = {c.type: c.status for c in event["object"].status.conditions or []}
        if conditions.get("Ready") == "True":
            break
    assert seen[0] == "ADDED", seen
    assert core.read_namespaced_pod_log("web", NAMESPACE, tail_lines=1) == "begun\n"
    for line in watch.Watch().stream(core.read_namespaced_pod_log, "web", NAMESPACE):
        assert line == "begun", line
        break
    table = core.list_namespaced_pod(NAMESPACE, limit=1)
    assert table.items[0].spec.node_name and table.metadata.resource_version
    assert core.read_node(table.items[0].spec.node_name).status.capacity["cpu"]
    assert client.VersionApi().get_code().minor == "36"
    assert "apps" in [g.name for g in client.ApisApi().get_api_versions().groups]


def streams():
    said = stream(core.connect_get_namespaced_pod_exec, "web", NAMESPACE, command=["sh", "-c", "echo out; echo err >&2"],
                  stderr=True, stdin=False, stdout=True, tty=False)
    assert sorted(said.split()) == ["err", "out"], said
    shell = stream(core.connect_get_namespaced_pod_exec, "web", NAMESPACE, command=["sh"], stderr=True, stdin=True,
                   stdout=True, tty=False, _preload_content=False)
    shell.write_stdin("echo $A; exit 3\n")
    shell.run_forever(timeout=10)
    assert shell.read_stdout() == "1\n" and shell.returncode == 3, shell.returncode
    forward = portforward(core.connect_get_namespaced_pod_portforward, "web", NAMESPACE, ports="8080")
    connection = forward.socket(8080)
    connection.setblocking(True)
    connection.sendall(b"GET /index.html HTTP/1.0\r\n\r\n")
    answer = b""
    while True:
        piece = connection.recv(4096)
        if not piece:
            break
        answer += piece
    assert answer.endswith(b"page\n") and forward.error(8080) is None, answer


def patches():
    api = client.ApiClient()
    core.create_namespaced_config_map(NAMESPACE, client.V1ConfigMap(
        metadata=client.V1ObjectMeta(name="c"), data={"a": "1", "b": "2"}))

    def patch(body, kind):
        return core.patch_namespaced_config_map("c", NAMESPACE, body, _content_type=kind, field_manager="me").data

    assert patch([{"op": "remove", "path": "/data/a"}], "application/json-patch+json") == {"b": "2"}
    assert patch({"data": {"b": None, "c": "3"}}, "application/merge-patch+json") == {"c": "3"}
    assert patch({"data": {"$patch": "replace", "d": "4"}}, "application/strategic-merge-patch+json") == {"d": "4"}
    apply = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c"}, "data": {"d": "5"}}
    try:
        core.patch_namespaced_config_map(
            "c", NAMESPACE, apply, _content_type="application/apply-patch+yaml", field_manager="other")
        raise SystemExit("no conflict")
    except ApiException as error:
        assert error.status == 409 and "conflict with \"me\"" in json.loads(error.body)["message"], error.body
    assert patch({"data": {"d": "5"}}, "application/strategic-merge-patch+json") == {"d": "5"}
    stale = core.read_namespaced_config_map("c", NAMESPACE)
    stale.data = {"e": "6"}
    core.replace_namespaced_config_map("c", NAMESPACE, stale)
    try:
        core.replace_namespaced_config_map("c", NAMESPACE, stale)
        raise SystemExit("a stale version was taken")
    except ApiException as error:
        assert error.status == 409 and json.loads(error.body)["reason"] == "Conflict"
    gone = core.delete_namespaced_config_map(
        "c", NAMESPACE, body=client.V1DeleteOptions(preconditions=client.V1Preconditions(
            uid=core.read_namespaced_config_map("c", NAMESPACE).metadata.uid)))
    gone = api.sanitize_for_serialization(gone)
    assert gone["status"] == "Success" and gone["details"]["kind"] == "configmaps" and gone["details"]["name"] == "c"


def dynamic():
    api = kubernetes.dynamic.DynamicClient(client.ApiClient())
    deployments = api.resources.get(api_version="apps/v1", kind="Deployment")
    body = {
        "apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "d", "namespace": NAMESPACE},
        "spec": {"replicas": 0, "selector": {"matchLabels": {"a": "b"}}, "template": {
            "metadata": {"labels": {"a": "b"}}, "spec": {"containers": [{"name": "c", "image": "busybox"}]}}}}
    assert deployments.create(body=body, namespace=NAMESPACE).spec.replicas == 0
    applied = deployments.server_side_apply(
        body={**body, "spec": {**body["spec"], "revisionHistoryLimit": 3}}, name="d", namespace=NAMESPACE,
        field_manager="dyn", force_conflicts=True)
    assert applied.spec.revisionHistoryLimit == 3
    scale = deployments.scale.get(name="d", namespace=NAMESPACE)
    assert scale.kind == "Scale" and scale.spec.replicas == 0
    assert apps.patch_namespaced_deployment_scale("d", NAMESPACE, {"spec": {"replicas": 0}}).spec.replicas == 0
    assert [d.metadata.name for d in deployments.get(namespace=NAMESPACE, label_selector="a!=b").items] == ["d"]
    try:
        deployments.create(body={**body, "spec": {"replicas": -1}}, namespace=NAMESPACE)
        raise SystemExit("nonsense was taken")
    except kubernetes.dynamic.exceptions.UnprocessibleEntityError as error:
        assert "spec.selector" in str(error.body)
    version = deployments.get(namespace=NAMESPACE).metadata.resourceVersion
    deployments.delete(name="d", namespace=NAMESPACE)
    for event in deployments.watch(namespace=NAMESPACE, resource_version=version, timeout=10):
        if event["type"] == "DELETED":
            break


def informer():
    """Lists, watches from there, and lists again when the version is too old to be known."""
    cache, synced, stop = {}, threading.Event(), threading.Event()

    def run():
        version = None
        while not stop.is_set():
            if version is None:
                found = core.list_namespaced_config_map(NAMESPACE)
                cache.clear()
                cache.update({o.metadata.name: o for o in found.items})
                version = found.metadata.resource_version
                synced.set()
            try:
                for event in watcher.stream(core.list_namespaced_config_map, NAMESPACE, resource_version=version,
                                            allow_watch_bookmarks=True, timeout_seconds=1):
                    item = event["object"]
                    version = item.metadata.resource_version
                    if event["type"] == "DELETED":
                        cache.pop(item.metadata.name, None)
                    elif event["type"] != "BOOKMARK":
                        cache[item.metadata.name] = item
            except ApiException as error:
                assert error.status == 410, error
                version = None

    watcher = watch.Watch()
    thread = threading.Thread(target=run)
    thread.start()
    assert synced.wait(10)
    names = [f"i{n}" for n in range(20)]
    for name in names:
        core.create_namespaced_config_map(NAMESPACE, client.V1ConfigMap(metadata=client.V1ObjectMeta(name=name)))
    core.patch_namespaced_config_map("i3", NAMESPACE, {"data": {"k": "v"}})
    core.delete_namespaced_config_map("i4", NAMESPACE)
    end = time.monotonic() + 10
    while time.monotonic() < end and not (
            set(names) - {"i4"} <= set(cache) and "i4" not in cache and cache["i3"].data == {"k": "v"}):
        time.sleep(0.05)
    stop.set()
    assert "i4" not in cache and cache["i3"].data == {"k": "v"} and len(set(names) & set(cache)) == 19
    thread.join()
    page = core.list_namespaced_config_map(NAMESPACE, limit=7)
    total = len(page.items)
    while page.metadata._continue:
        page = core.list_namespaced_config_map(NAMESPACE, limit=7, _continue=page.metadata._continue)
        total += len(page.items)
    assert total == len(core.list_namespaced_config_map(NAMESPACE).items)
    core.delete_collection_namespaced_config_map(NAMESPACE)


def leader():
    from kubernetes.leaderelection import electionconfig, leaderelection
    from kubernetes.leaderelection.resourcelock.leaselock import LeaseLock

    led = threading.Event()
    config = electionconfig.Config(
        LeaseLock("leader", NAMESPACE, str(uuid.uuid4())), lease_duration=5, renew_deadline=4, retry_period=1,
        onstarted_leading=led.set, onstopped_leading=lambda: None)
    threading.Thread(target=lambda: leaderelection.LeaderElection(config).run(), daemon=True).start()
    assert led.wait(10)
    lease = client.CoordinationV1Api().read_namespaced_lease("leader", NAMESPACE)
    assert lease.spec.holder_identity and lease.spec.renew_time


def access():
    review = auth.create_self_subject_access_review(client.V1SelfSubjectAccessReview(
        spec=client.V1SelfSubjectAccessReviewSpec(resource_attributes=client.V1ResourceAttributes(
            verb="list", resource="secrets", namespace=NAMESPACE))))
    assert review.status.allowed
    token = core.create_namespaced_service_account_token("default", NAMESPACE, client.AuthenticationV1TokenRequest(
        spec=client.V1TokenRequestSpec(audiences=[], expiration_seconds=600))).status.token
    own = client.Configuration.get_default_copy()
    own.api_key, own.api_key_prefix, own.cert_file, own.key_file = {"authorization": token}, {"authorization": "Bearer"}, None, None
    limited = client.CoreV1Api(client.ApiClient(own))
    try:
        limited.list_namespaced_secret(NAMESPACE)
        raise SystemExit("anybody may read secrets")
    except ApiException as error:
        assert error.status == 403 and "system:serviceaccount:python:default" in json.loads(error.body)["message"]
    core.create_namespaced_event(NAMESPACE, client.CoreV1Event(
        metadata=client.V1ObjectMeta(name="e"), reason="Testing", message="m", type="Normal",
        involved_object=client.V1ObjectReference(kind="Pod", name="web", namespace=NAMESPACE)))
    found = core.list_namespaced_event(NAMESPACE, field_selector="reason=Testing").items
    assert [e.message for e in found] == ["m"]


{"typed": typed, "streams": streams, "patches": patches, "dynamic": dynamic, "informer": informer, "leader": leader,
 "access": access}[sys.argv[1]]()
print("done", flush=True)
os._exit(0)  # The elector runs on in a thread of its own.
