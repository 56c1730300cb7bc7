import EdgeAPI
import EdgeBase
import EdgeJSON
import Testing

struct ObjectViewTests {
    @Test func namesItsResource() {
        #expect(Pod.resource == "pods" && Pod.apiVersion == "v1" && Pod.kind == "Pod")
        #expect(Deployment.resource == "deployments.apps" && Deployment.apiVersion == "apps/v1")
        let set = ReplicaSet(namespace: "prod", name: "web-1")
        #expect(set.key == ObjectKey(resource: "replicasets.apps", namespace: "prod", name: "web-1"))
        #expect(set.object.apiVersion == "apps/v1" && set.object.kind == "ReplicaSet")
    }

    @Test func passesMetadataThrough() {
        var node = Node(name: "pi")
        node.labels = ["b": "2", "a": "1"]
        node[annotation: "x"] = "y"
        node.finalizers = ["f/g"]
        #expect(node.object.metadata["labels"] == ["a": "1", "b": "2"])
        #expect(node[label: "a"] == "1" && node.annotations == ["x": "y"])
        node.labels = [:]
        node.finalizers = []
        #expect(node.object.metadata["labels"] == nil && node.object.metadata["finalizers"] == nil)
    }

    /// Zero counters vanish where Kubernetes omits them, and stay where it writes them.
    @Test func zeroCounters() {
        var status = ReplicaSetStatus()
        status.replicas = 0
        status.readyReplicas = 0
        #expect(status.json == ["replicas": 0])
    }

    @Test func selectors() {
        var deployment = Deployment(namespace: "a", name: "web")
        #expect(!deployment.spec.selector.matches([:]))
        deployment.object["spec"] = ["selector": ["matchLabels": ["app": "web"]]]
        #expect(deployment.spec.selector.matches(["app": "web", "x": "y"]))
        #expect(deployment.spec.replicas == 1)
    }

    @Test func services() {
        var service = Service(namespace: "a", name: "web")
        #expect(!service.podSelector.matches(["a": "b"]))
        service.spec.selector = ["app": "web"]
        service.spec.clusterIP = "None"
        #expect(service.isHeadless && service.clusterAddresses.isEmpty)
        service.spec.clusterIP = "10.43.0.1"
        #expect(service.clusterAddresses == ["10.43.0.1"] && service.podSelector.matches(["app": "web"]))
    }

    @Test func nodes() {
        var node = Node(name: "pi")
        node.labels = ["node-role.kubernetes.io/control-plane": "", "node-role.kubernetes.io/": "x"]
        #expect(node.roles == ["control-plane"] && node.hostname == "pi" && !node.isReady)
    }
}
