import EdgeBase
import Testing

@testable import EdgeStorage

@Suite struct GroupCommitTests {
    @Test func groupsThatQueueWhileTheDiskWorksShareOneTransaction() async throws {
        let folder = try TemporaryFolder()
        let gate = DiskGate()
        var options = StoreOptions.test(folder)
        gate.install(&options)
        let store = try await ObjectStore.open(options)
        let wakes = Counter()
        let subscription = try store.subscribe("configmaps", after: store.currentRevision) { wakes.add() }

        gate.hold()
        async let first = store.put(.configMap("first"))
        await gate.waitForTransaction()
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            for index in 0..<20 {
                tasks.addTask { try await store.put(.configMap("\(index)")) }
            }
            await until { store.statistics.waiting == 20 }
            #expect(store.count("configmaps") == 0)
            #expect(wakes.value == 0)
            gate.letGo()
            try await tasks.waitForAll()
        }
        _ = try await first
        let statistics = store.statistics
        #expect(statistics.transactions == 2)
        #expect(statistics.groups == 21)
        #expect(statistics.largestTransaction == 20)
        #expect(wakes.value == 2)
        let changes = try subscription.next()
        #expect(changes.map(\.revision) == Array(2...22))
        #expect(try subscription.next().isEmpty)
    }

    @Test func aFailedPreconditionFailsItsGroupAndNothingElse() async throws {
        let folder = try TemporaryFolder()
        let gate = DiskGate()
        var options = StoreOptions.test(folder)
        gate.install(&options)
        let store = try await ObjectStore.open(options)
        gate.hold()
        async let first = store.put(.configMap("first"))
        await gate.waitForTransaction()
        let created = try await withThrowingTaskGroup(of: Bool.self) { tasks in
            for index in 0..<10 {
                tasks.addTask {
                    do {
                        try await store.put(.configMap("contended"), "\(index)", if: .absent)
                        return true
                    } catch StorageError.alreadyExists {
                        return false
                    }
                }
                tasks.addTask { try await store.put(.configMap("own-\(index)")).revision > 0 }
            }
            await until { store.statistics.waiting == 20 }
            gate.letGo()
            return try await tasks.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        _ = try await first
        #expect(created == 11)
        #expect(store.count("configmaps") == 12)
        #expect(store.statistics.transactions == 2)
    }

    @Test func aRefusingDiskChangesNothingAndTheNextCommitTriesAgain() async throws {
        let folder = try TemporaryFolder()
        let gate = DiskGate()
        var options = StoreOptions.test(folder)
        gate.install(&options)
        let store = try await ObjectStore.open(options)
        try await store.put(.configMap("a"), "1")
        let before = store.currentRevision
        gate.fail(SQLiteError(code: 778, operation: "COMMIT", message: "disk I/O error"))
        for _ in 0..<3 {
            await #expect(throws: StorageError.self) { try await store.put(.configMap("a"), "2") }
            await #expect(throws: StorageError.self) { try await store.put(.configMap("b")) }
            await #expect(throws: StorageError.self) { try await store.delete(.configMap("a")) }
        }
        #expect(store.currentRevision == before)
        #expect(store.contents() == ["a": "1"])
        #expect(store.statistics.failedTransactions == 9)
        gate.fail(nil)
        try await store.put(.configMap("a"), "3")
        try await store.close()
        let reopened = try await ObjectStore.open(.test(folder))
        #expect(reopened.contents() == ["a": "3"])
    }

    @Test func nobodyLearnsOfAWriteThatTheDiskRefusedLater() async throws {
        let folder = try TemporaryFolder()
        let gate = DiskGate()
        var options = StoreOptions.test(folder)
        gate.install(&options)
        let store = try await ObjectStore.open(options)
        gate.hold()
        async let first = store.put(.configMap("first"))
        await gate.waitForTransaction()
        await withTaskGroup(of: Bool.self) { tasks in
            for _ in 0..<5 {
                tasks.addTask {
                    do {
                        try await store.put(.configMap("contended"), if: .absent)
                    } catch StorageError.unavailable {
                        return true
                    } catch {}
                    return false
                }
            }
            await until { store.statistics.waiting == 5 }
            gate.fail(SQLiteError(code: 13, operation: "COMMIT", message: "database or disk is full"))
            gate.letGo()
            for await unavailable in tasks { #expect(unavailable) }
        }
        _ = try await first
        #expect(Array(store.contents().keys) == ["first"])
    }

    @Test func tooManyWaitingGroupsAreRefused() async throws {
        let folder = try TemporaryFolder()
        let gate = DiskGate()
        var options = StoreOptions.test(folder)
        options.queueLimit = 1
        gate.install(&options)
        let store = try await ObjectStore.open(options)
        gate.hold()
        async let first = store.put(.configMap("first"))
        await gate.waitForTransaction()
        async let second = store.put(.configMap("second"))
        await until { store.statistics.waiting == 1 }
        await #expect(throws: StorageError.self) { try await store.put(.configMap("third")) }
        gate.letGo()
        _ = try await (first, second)
        #expect(store.count("configmaps") == 2)
    }
}
