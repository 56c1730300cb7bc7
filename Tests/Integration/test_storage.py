"""What the store promises across crashes."""
import json

from harness.cluster import Cluster, wait_for


def test_acknowledged_writes_survive_kill(host, tmp_path):
    with Cluster(host, tmp_path, "--disable-agent") as cluster:
        for number in range(20):
            cluster.kubectl("create", "configmap", f"c{number}", f"--from-literal=n={number}")
        before = cluster.get("configmaps")
        cluster.kill()
        cluster.start()
        after = cluster.get("configmaps")
        assert [i["metadata"]["resourceVersion"] for i in after["items"]] == \
            [i["metadata"]["resourceVersion"] for i in before["items"]]
        cluster.kubectl("create", "configmap", "later")
        revision = cluster.get("configmap", "later")["metadata"]["resourceVersion"]
        assert int(revision) > max(int(i["metadata"]["resourceVersion"]) for i in before["items"])
