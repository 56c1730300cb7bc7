import EdgeBase
import Testing

@testable import EdgeStorage

/// Volatile and batched writes: never behind the disk, never out of order.
@Suite struct MemoryWriteTests {
    @Test(arguments: [Mutation.Durability.volatile, .batched])
    func doesNotWaitForADiskThatStandsStill(durability: Mutation.Durability) async throws {
        let folder = try TemporaryFolder()
        let gate = DiskGate()
        var options = StoreOptions.test(folder, gap: 100)
        gate.install(&options)
        let store = try await ObjectStore.open(options)
        let leases = try store.subscribe("leases.coordination.k8s.io", after: store.currentRevision) {}
        let maps = try store.subscribe("configmaps", after: store.currentRevision) {}
        gate.hold()
        async let durable = store.put(.configMap("a"))
        await gate.waitForTransaction()
        var last: UInt64 = 0
        for _ in 0..<50 {
            last = try await store.put(.lease("pi"), durability: durability).revision
        }
        #expect(try leases.next().map(\.revision) == Array(2...51))
        #expect(try maps.next().isEmpty)
        #expect(store.currentRevision == last)
        gate.letGo()
        // What was not visible yet comes with a greater revision than everything that was.
        let revision = try await durable.revision
        #expect(revision == 102)
        #expect(try maps.next().map(\.revision) == [revision])
        #expect(store.statistics.transactions == 1)
    }

    @Test func waitsWhereTheSameObjectIsBeingWritten() async throws {
        let folder = try TemporaryFolder()
        let gate = DiskGate()
        var options = StoreOptions.test(folder, gap: 100)
        gate.install(&options)
        let store = try await ObjectStore.open(options)
        let created = try await store.put(.lease("pi"), "1")
        gate.hold()
        async let durable = store.put(.lease("pi"), "2", if: .revision(created.revision))
        await gate.waitForTransaction()
        let renewal = Task {
            try await store.put(.lease("pi"), "3", if: .revision(created.revision), durability: .volatile)
        }
        await until { store.statistics.waiting == 1 }
        #expect(store.get(.lease("pi"))?.text == "1")
        gate.letGo()
        let second = try await durable
        await #expect(throws: StorageError.self) { _ = try await renewal.value }
        try await store.put(.lease("pi"), "4", if: .revision(second.revision), durability: .volatile)
        #expect(store.get(.lease("pi"))?.text == "4")
    }

    @Test func waitsOnceTheGapIsUsedUp() async throws {
        let folder = try TemporaryFolder()
        let gate = DiskGate()
        var options = StoreOptions.test(folder, gap: 2)
        gate.install(&options)
        let store = try await ObjectStore.open(options)
        gate.hold()
        async let durable = store.put(.configMap("a"))
        await gate.waitForTransaction()
        for name in ["1", "2"] { try await store.put(.lease(name), durability: .volatile) }
        async let third = store.put(.lease("3"), durability: .volatile)
        await until { store.statistics.waiting == 1 }
        gate.letGo()
        let (first, last) = try await (durable.revision, third.revision)
        #expect(first < last)
        #expect(store.count("leases.coordination.k8s.io") == 3)
    }

    @Test func volatileWritesOfAThousandHoursWriteNothing() async throws {
        let folder = try TemporaryFolder()
        let store = try await ObjectStore.open(.test(folder))
        try await store.put(.lease("pi"))
        await until { store.statistics.bytesWritten > 0 }
        let before = try folder.read("state.db-wal")
        for _ in 0..<10_000 { try await store.put(.lease("pi"), durability: .volatile) }
        #expect(try folder.read("state.db-wal") == before)
        #expect(store.statistics.transactions == 1)
        #expect(store.statistics.flushes == 0)
    }

    @Test func oneTimerFlushesWhatWasBatched() async throws {
        let folder = try TemporaryFolder()
        let timer = ManualTimer()
        var options = StoreOptions.test(folder)
        timer.install(&options)
        let store = try await ObjectStore.open(options)
        #expect(timer.delays.isEmpty)
        for index in 0..<10 { try await store.put(.event("\(index)"), durability: .batched) }
        try await store.put(.configMap("a"))
        #expect(timer.delays == [.seconds(30)])
        #expect(store.statistics.unflushed == 10)
        timer.fire()
        await until { store.statistics.unflushed == 0 }
        #expect(store.statistics.flushes == 1)
        #expect(timer.delays.isEmpty)
        try await store.put(.event("0"), durability: .batched)
        #expect(timer.delays == [.seconds(30)])
    }

    @Test(arguments: [(count: 5, bytes: 1 << 20), (count: 1000, bytes: 250)])
    func manyBatchedWritesAreFlushedBeforeTheirTime(limit: (count: Int, bytes: Int)) async throws {
        let folder = try TemporaryFolder()
        var options = StoreOptions.test(folder)
        options.flushCount = limit.count
        options.flushBytes = limit.bytes
        let store = try await ObjectStore.open(options)
        for index in 0..<5 { try await store.put(.event("\(index)"), "0123456789", durability: .batched) }
        await until { store.statistics.unflushed == 0 }
        #expect(store.statistics.flushes >= 1)
    }

    @Test func aFailedFlushIsRepeated() async throws {
        let folder = try TemporaryFolder()
        let (gate, timer) = (DiskGate(), ManualTimer())
        var options = StoreOptions.test(folder)
        gate.install(&options)
        timer.install(&options)
        let store = try await ObjectStore.open(options)
        try await store.put(.event("a"), "1", durability: .batched)
        gate.fail(SQLiteError(code: 13, operation: "COMMIT", message: "database or disk is full"))
        timer.fire()
        await until { store.statistics.failedTransactions == 1 && timer.delays.count == 1 }
        #expect(store.contents("events") == ["a": "1"])
        gate.fail(nil)
        timer.fire()
        await until { store.statistics.unflushed == 0 }
        let copy = try folder.copyOfDatabase()
        #expect(try await ObjectStore.open(.test(copy)).contents("events") == ["a": "1"])
    }
}
