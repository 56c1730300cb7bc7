internal import EdgeBase
internal import Testing

@testable internal import EdgeAPIServer

@Suite struct FairnessTests {
    private final class Item {}

    @Test(arguments: [(64, 6), (128, 6), (16, 4), (1, 1), (3, 8)])
    func handsAreDifferentQueues(queues: Int, size: Int) {
        for hash in [0, 1, 12_345_678_901, UInt64.max] as [UInt64] {
            let hand = ShuffleSharding.hand(hash, of: queues, size: size)
            #expect(hand.count == min(size, queues))
            #expect(Set(hand).count == hand.count)
            #expect(hand.allSatisfy { (0..<queues).contains($0) })
        }
    }

    @Test func aFloodFillsItsOwnQueuesOnly() {
        var queue = FairQueue<Item>()
        let limits = QueueLimits(queues: 64, handSize: 6, length: 50)
        var taken = 0
        for _ in 0..<1000 where queue.add(Item(), hash: 7, limits) { taken += 1 }
        #expect(taken == 6 * 50)
        let other = Item()
        let isQueued = queue.add(other, hash: 0x1234_5678_9abc_def0, limits)
        #expect(isQueued)
        // Its turn comes after at most one of each of the flood's queues.
        let first = (0..<7).compactMap { _ in queue.next() }
        #expect(first.contains { $0 === other })
    }

    @Test func whoLeavesIsNotServed() {
        var queue = FairQueue<Item>()
        let limits = QueueLimits(queues: 1, handSize: 1, length: 2)
        let items = [Item(), Item(), Item()]
        let results = items.map { queue.add($0, hash: 0, limits) }
        #expect(results == [true, true, false])
        let isRemoved = queue.remove(items[0])
        #expect(isRemoved)
        let next = queue.next()
        #expect(next === items[1])
        #expect(queue.isEmpty)
    }

    @Test func seatsAreHandedOn() async {
        let level = PriorityLevel(
            name: "x",
            .init(isExempt: false, seats: 1, queuing: QueueLimits(queues: 4, handSize: 2, length: 1)))
        let timers = TimerQueue()
        let isSeated = await level.take(hash: 1, timers: timers)
        #expect(isSeated)
        async let second = level.take(hash: 2, timers: timers)
        while level.load.waiting == 0 { await Task.yield() }
        level.release()
        let isNext = await second
        #expect(isNext)
        level.release()
        #expect(level.load == (0, 0))
    }

    @Test func cancelledWaitersLeave() async {
        let level = PriorityLevel(name: "x", .init(isExempt: false, seats: 0, queuing: QueueLimits()))
        let task = Task { await level.take(hash: 1, timers: TimerQueue()) }
        while level.load.waiting == 0 { await Task.yield() }
        task.cancel()
        let isSeated = await task.value
        #expect(!isSeated)
        #expect(level.load == (0, 0))
    }

    @Test(arguments: [
        ("system:admin", ["system:masters"], "/api/v1/pods", "exempt"),
        (
            "system:node:a", ["system:nodes"],
            "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/a", "system-node-high"
        ),
        ("system:node:a", ["system:nodes"], "/api/v1/nodes/a", "system-node-high"),
        ("system:node:a", ["system:nodes"], "/api/v1/pods", "system-nodes"),
        (
            "system:serviceaccount:kube-system:x",
            ["system:serviceaccounts", "system:serviceaccounts:kube-system"], "/api/v1/pods",
            "kube-system-service-accounts"
        ),
        ("system:serviceaccount:a:x", ["system:serviceaccounts"], "/api/v1/pods", "service-accounts"),
        ("alice", ["system:authenticated"], "/api/v1/pods", "global-default"),
        ("alice", ["system:authenticated"], "/readyz", "probes"),
        ("alice", ["system:authenticated"], "/version", "global-default"),
    ])
    func schemas(name: String, groups: [String], path: String, wanted: String) {
        let info = RequestInfo(
            method: "GET", path: path, segments: path.split(separator: "/").map(String.init))
        let level = PriorityLevel(name: "x", .init())
        let schemas = FairnessObjects.bootstrapSchemas.map { FlowSchema($0, level: level, levelUID: "") }
            .sorted { $0.precedence < $1.precedence }
        #expect(schemas.first { $0.matches(UserInfo(name: name, groups: groups), info) }?.name == wanted)
    }
}
