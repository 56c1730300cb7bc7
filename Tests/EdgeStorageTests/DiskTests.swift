import EdgeBase
import Testing

@testable import EdgeStorage

/// A real file system with little room. Needs root for the mount.
@Suite struct DiskTests {
    @Test func aFullDiskRefusesWritesUntilThereIsRoom() async throws {
        let disk = try SmallDisk()
        let store = try await ObjectStore.open(.test(disk.folder))
        try await store.put(.configMap("a"), "1")
        disk.fill()
        await #expect(throws: StorageError.self) {
            for index in 0..<100 {
                try await store.put(.configMap("big-\(index)"), String(repeating: "x", count: 30_000))
            }
        }
        let before = store.contents()
        let revision = store.currentRevision
        await #expect(throws: StorageError.self) {
            try await store.put(.configMap("big"), String(repeating: "x", count: 100_000))
        }
        #expect(store.contents() == before)
        #expect(store.currentRevision == revision)
        // Leases are renewed all the same.
        try await store.put(.lease("pi"), durability: .volatile)

        try disk.folder.remove("ballast")
        try await store.put(.configMap("big"), String(repeating: "x", count: 100_000))
        try await store.close()
        let reopened = try await ObjectStore.open(.test(disk.folder))
        #expect(reopened.contents().count == before.count + 1)
    }

    @Test func aStoreOpensOnAFullDisk() async throws {
        let disk = try SmallDisk()
        let first = try await ObjectStore.open(.test(disk.folder))
        try await first.put(.configMap("a"), "1")
        try await first.close()
        disk.fill()
        let store = try await ObjectStore.open(.test(disk.folder))
        #expect(store.contents() == ["a": "1"])
        await #expect(throws: StorageError.self) { try await store.put(.configMap("b"), "2") }
        try disk.folder.remove("ballast")
        try await store.put(.configMap("b"), "2")
        #expect(store.contents() == ["a": "1", "b": "2"])
    }

    @Test func theLogIsCopiedBackAtItsBound() async throws {
        let folder = try TemporaryFolder()
        var options = StoreOptions.test(folder)
        options.checkpointBytes = 100_000
        let store = try await ObjectStore.open(options)
        for index in 0..<300 { try await store.put(.configMap("\(index % 5)"), "\(index)") }
        await until { store.statistics.checkpoints >= 10 }
        #expect(try folder.read("state.db-wal").count < 200_000)
        #expect(try folder.read("state.db").count < 50_000)
    }

    @Test func theFileShrinksWhenMostObjectsAreGone() async throws {
        let folder = try TemporaryFolder()
        var options = StoreOptions.test(folder)
        options.checkpointBytes = 1 << 20
        let store = try await ObjectStore.open(options)
        let text = String(repeating: "x", count: 3_000)
        for round in 0..<10 {
            _ = try await store.commit(
                (0..<200).map { Mutation(.configMap("\(round)-\($0)"), .put(PendingObject(text))) })
        }
        for round in 0..<10 {
            _ = try await store.commit((0..<200).map { Mutation(.configMap("\(round)-\($0)"), .delete) })
        }
        for index in 0..<600 { try await store.put(.configMap("a"), "\(index)") }
        try await store.close()
        #expect(try folder.read("state.db").count < 5_000_000)
    }
}
