"""An operator as its users write them: it makes a ConfigMap for each Greeting and says so in the status."""
import kopf
import kubernetes


@kopf.on.create("example.org", "v1", "greetings")
@kopf.on.update("example.org", "v1", "greetings", field="spec.text")
def greet(spec, name, namespace, body, patch, **_):
    wanted = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": {"text": spec["text"]}}
    kopf.adopt(wanted)
    api = kubernetes.client.CoreV1Api()
    try:
        api.patch_namespaced_config_map(name, namespace, wanted)
    except kubernetes.client.ApiException as error:
        if error.status != 404:
            raise
        api.create_namespaced_config_map(namespace, wanted)
    patch.status["said"] = spec["text"]


@kopf.on.delete("example.org", "v1", "greetings")
def bye(name, namespace, **_):
    api = kubernetes.client.CoreV1Api()
    api.create_namespaced_config_map(namespace, {"metadata": {"name": f"bye-{name}"}})
