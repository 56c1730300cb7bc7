import EdgeBase
import Testing

@testable import EdgeStorage

@Suite struct SubscriptionTests {
    @Test func aCursorReadsInOrderAndInPieces() async throws {
        let folder = try TemporaryFolder()
        let store = try await ObjectStore.open(.test(folder))
        let subscription = try store.subscribe("configmaps", after: 1) {}
        for index in 0..<10 { try await store.put(.configMap("\(index)")) }
        try await store.put(.event("other"))
        #expect(try subscription.next(maximum: 4).map(\.revision) == [2, 3, 4, 5])
        #expect(subscription.revision == 5)
        #expect(try subscription.next(maximum: 4).map(\.revision) == [6, 7, 8, 9])
        #expect(try subscription.next(maximum: 4).map(\.revision) == [10, 11])
        // Nothing more to come up to here: good for a bookmark.
        #expect(subscription.revision == 12)
        let late = try store.subscribe("configmaps", after: 9) {}
        #expect(try late.next().map(\.revision) == [10, 11])
    }

    @Test func aNamespaceIsWokenByItsOwnChangesOnly() async throws {
        let folder = try TemporaryFolder()
        let store = try await ObjectStore.open(.test(folder))
        let (all, own, other) = (Counter(), Counter(), Counter())
        let subscriptions = [
            try store.subscribe("configmaps", after: 1) { all.add() },
            try store.subscribe("configmaps", namespace: "a", after: 1) { own.add() },
            try store.subscribe("secrets", after: 1) { other.add() },
        ]
        try await store.put(.configMap("1", "a"))
        try await store.put(.configMap("1", "b"))
        _ = try await store.commit([
            Mutation(.configMap("2", "a"), .put(PendingObject(""))),
            Mutation(.configMap("2", "b"), .put(PendingObject(""))),
            Mutation(.configMap("3", "a"), .put(PendingObject(""))),
        ])
        #expect(all.value == 3)
        #expect(own.value == 2)
        #expect(other.value == 0)
        #expect(try subscriptions[1].next().map(\.object.key.name) == ["1", "2", "3"])
        subscriptions[0].cancel()
        try await store.put(.configMap("4", "b"))
        #expect(all.value == 3)
        #expect(store.statistics.subscriptions == 2)
    }

    @Test func aDroppedSubscriptionIsForgotten() async throws {
        let folder = try TemporaryFolder()
        let store = try await ObjectStore.open(.test(folder))
        do {
            let subscription = try store.subscribe("configmaps", namespace: "a", after: 1) {}
            #expect(store.statistics.subscriptions == 1)
            _ = subscription
        }
        #expect(store.statistics.subscriptions == 0)
    }

    /// A callback that holds the last reference to another subscription ends both, without a deadlock.
    @Test func subscriptionsMayHoldEachOther() async throws {
        let folder = try TemporaryFolder()
        let store = try await ObjectStore.open(.test(folder))
        let inner = try store.subscribe("configmaps", after: 1) {}
        let outer = try store.subscribe("configmaps", after: 1) { [inner] in _ = inner.revision }
        outer.cancel()
        outer.cancel()
        #expect(store.statistics.subscriptions <= 1)
    }

    @Test(arguments: [0, 1, 5, 6, 10, 11, 12, 100] as [UInt64])
    func tellsTooOldFromNotYet(revision: UInt64) async throws {
        let folder = try TemporaryFolder()
        var options = StoreOptions.test(folder)
        options.historyCount = 5
        let store = try await ObjectStore.open(options)
        for index in 0..<10 { try await store.put(.configMap("\(index)")) }
        var failure: StorageError?
        do throws(StorageError) {
            let subscription = try store.subscribe("configmaps", after: revision) {}
            #expect(try subscription.next().count == Int(11 - revision))
        } catch {
            failure = error
        }
        switch failure {
        case .expired(let asked, let oldest): #expect(asked == revision && revision < 6 && oldest == 6)
        case .notYet(let asked, let current): #expect(asked == revision && revision > 11 && current == 11)
        default: #expect((6...11).contains(revision))
        }
    }

    @Test func aSlowReaderExpires() async throws {
        let folder = try TemporaryFolder()
        var options = StoreOptions.test(folder)
        options.historyCount = 5
        let store = try await ObjectStore.open(options)
        let slow = try store.subscribe("configmaps", after: 1) {}
        for index in 0..<5 { try await store.put(.configMap("\(index)")) }
        #expect(try slow.next(maximum: 1).count == 1)
        for index in 0..<2 { try await store.put(.configMap("\(index)")) }
        #expect(throws: StorageError.self) { try slow.next() }
        #expect(throws: StorageError.self) { try slow.next() }
    }

    @Test func aQuietNamespaceDoesNotExpireFromOthersNoise() async throws {
        let folder = try TemporaryFolder()
        var options = StoreOptions.test(folder)
        options.historyCount = 5
        let store = try await ObjectStore.open(options)
        let quiet = try store.subscribe("configmaps", namespace: "quiet", after: 1) {}
        for index in 0..<50 { try await store.put(.configMap("\(index)", "noise")) }
        try await store.put(.configMap("1", "quiet"))
        #expect(try quiet.next().map(\.object.key.name) == ["1"])
        try await store.put(.configMap("2", "quiet"))
        for index in 0..<50 { try await store.put(.configMap("\(index)", "noise")) }
        #expect(throws: StorageError.self) { try quiet.next() }
    }

    @Test func historyIsBoundedByTheBytesThatOnlyItKeeps() async throws {
        let folder = try TemporaryFolder()
        var options = StoreOptions.test(folder)
        options.historyBytes = 100_000
        let store = try await ObjectStore.open(options)
        let text = String(repeating: "x", count: 10_000)
        for index in 0..<100 { try await store.put(.configMap("\(index)"), text) }
        // Objects that are still current cost the history nothing.
        #expect(store.statistics.historyBytes == 0)
        _ = try store.subscribe("configmaps", after: 1) {}
        for index in 0..<100 { try await store.put(.configMap("\(index)"), text) }
        #expect(store.statistics.historyBytes > 100_000)
        #expect(store.statistics.historyBytes < 200_000)
        #expect(throws: StorageError.self) { try store.subscribe("configmaps", after: 101) {} }
    }

    @Test func afterARestartHistoryBeginsAtTheStart() async throws {
        let folder = try TemporaryFolder()
        let store = try await ObjectStore.open(.test(folder))
        for index in 0..<10 { try await store.put(.configMap("\(index)")) }
        try await store.close()
        let reopened = try await ObjectStore.open(.test(folder))
        #expect(reopened.currentRevision == 11)
        #expect(throws: StorageError.self) { try reopened.subscribe("configmaps", after: 10) {} }
        #expect(throws: StorageError.self) { try reopened.subscribe("secrets", after: 10) {} }
        let subscription = try reopened.subscribe("configmaps", after: 11) {}
        let listed = try reopened.list("configmaps", at: 11)
        #expect(listed.objects.count == 10)
        try await reopened.put(.configMap("new"))
        #expect(try subscription.next().map(\.kind) == [.added])
    }

    /// Readers that follow a busy store from several threads see each change once, in order.
    @Test func watchersMissNothing() async throws {
        let folder = try TemporaryFolder()
        var options = StoreOptions.test(folder, gap: 50)
        options.historyCount = 100_000
        options.historyBytes = 1 << 30
        let store = try await ObjectStore.open(options)
        let total = 600
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            for _ in 0..<4 {
                let (wakes, wake) = AsyncStream.makeStream(
                    of: Void.self, bufferingPolicy: .bufferingNewest(1))
                let subscription = try store.subscribe("configmaps", after: 1) { wake.yield() }
                tasks.addTask {
                    var seen: [UInt64] = []
                    while seen.count < total {
                        let changes = try subscription.next(maximum: 10)
                        seen += changes.map(\.revision)
                        if changes.isEmpty { for await _ in wakes { break } }
                    }
                    #expect(seen.count == total)
                    #expect(seen == seen.sorted())
                    #expect(Set(seen).count == total)
                }
            }
            for writer in 0..<6 {
                tasks.addTask {
                    for index in 0..<total / 6 {
                        let durability: Mutation.Durability = [.durable, .volatile, .batched][writer % 3]
                        try await store.put(.configMap("\(writer)-\(index % 10)"), durability: durability)
                    }
                }
            }
            try await tasks.waitForAll()
        }
    }
}
