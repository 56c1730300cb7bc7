import EdgeAPI
import EdgeBase
import Testing

@testable import EdgeKubelet

struct NodeTests {
    private let directory = TestDirectory()

    @Test func registersWithStatusAndLease() async throws {
        let node = TestNode(directory)
        node.start()
        #expect(await node.eventually { node.api.object("nodes", "", "pi") != nil })
        let object = Node(try #require(node.api.object("nodes", "", "pi")))
        #expect(object.isReady)
        #expect(object.labels["kubernetes.io/hostname"] == "pi")
        #expect(object.labels["node.kubernetes.io/instance-type"] == "edge")
        #expect(object.internalIP == "192.168.1.5")
        #expect(object.status.capacity["pods"] == Quantity(110))
        #expect(object.status.nodeInfo.operatingSystem == "linux")
        #expect(object.status.condition("MemoryPressure") != nil)
        #expect(object.status.images.map(\.names) == [["nginx"]])
        #expect(
            await node.eventually {
                node.api.object("leases.coordination.k8s.io", "kube-node-lease", "pi") != nil
            })
        let lease = Lease(
            try #require(node.api.object("leases.coordination.k8s.io", "kube-node-lease", "pi")))
        #expect(lease.spec.leaseDurationSeconds == 40)
        #expect(lease.spec.holderIdentity == "pi")
        await node.stop()
    }

    @Test(arguments: [("0-3", 4), ("0", 1), ("0-1,4,6-7", 5), ("", 1)])
    func processors(_ list: String, _ count: Int) {
        #expect(NodeFacts.processorCount(list) == count)
    }

    @Test func aNodeWithoutNetworkIsNotReady() {
        let configuration = KubeletConfiguration(
            nodeName: "pi", nodeAddresses: [.v4(.loopback)], dataDirectory: "/d", runDirectory: "/r")
        var builder = NodeStatusBuilder(configuration: configuration, facts: NodeFacts(), now: time(0))
        builder.unready = "pod CIDR is not assigned yet"
        #expect(builder.node().status.condition("Ready")?.reason == "KubeletNotReady")
        let same = NodeStatusBuilder(
            configuration: configuration, facts: NodeFacts(), unready: builder.unready, now: time(60))
        let before = builder.status(NodeStatus())
        #expect(!NodeStatusBuilder.isDifferent(before, same.status(before)))
    }
}
