import EdgeBase
import Testing

@testable import EdgeStorage

@Suite struct SnapshotTests {
    @Test func isWrittenOnlyWhenSomethingHasChanged() async throws {
        let folder = try TemporaryFolder()
        let store = try await ObjectStore.open(.test(folder))
        try await store.put(.configMap("a"), "1")
        #expect(try await store.writeSnapshot())
        #expect(try await !store.writeSnapshot())
        try await store.put(.lease("pi"), durability: .volatile)
        #expect(try await !store.writeSnapshot())
        try await store.put(.event("e"), durability: .batched)
        #expect(try await store.writeSnapshot())
        #expect(store.statistics.snapshots == 2)
        #expect(
            folder.files.filter { $0.contains("snapshot") } == [
                "state.db.snapshot", "state.db.snapshot.previous",
            ])
    }

    @Test func aBackupIsWholeWhileWritesGoOn() async throws {
        let folder = try TemporaryFolder()
        let target = try TemporaryFolder()
        let store = try await ObjectStore.open(.test(folder))
        for index in 0..<500 { try await store.put(.configMap("\(index)"), "0", durability: .batched) }
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                for round in 1..<50 {
                    _ = try await store.commit(
                        (0..<500).map { Mutation(.configMap("\($0)"), .put(PendingObject("\(round)"))) })
                }
            }
            tasks.addTask {
                for _ in 0..<5 {
                    try await store.backup(to: target.database)
                    let copy = try await ObjectStore.open(.test(target))
                    let texts = Set(copy.contents().values)
                    #expect(texts.count == 1)
                    #expect(copy.count("configmaps") == 500)
                    #expect(copy.currentRevision > store.currentRevision)
                    try await copy.close()
                }
            }
            try await tasks.waitForAll()
        }
        #expect(target.files == ["state.db"])
    }

    @Test func isDueOncePerIntervalAfterAChange() async throws {
        let folder = try TemporaryFolder()
        let timer = ManualTimer()
        var options = StoreOptions.test(folder)
        options.snapshotInterval = .seconds(86_400)
        timer.install(&options)
        let store = try await ObjectStore.open(options)
        await until { timer.delays.count == 1 }
        #expect(timer.delays == [.seconds(600)])
        try await store.put(.configMap("a"))
        try await store.put(.configMap("b"))
        #expect(timer.delays.count == 1)
        timer.fire()
        await until { store.statistics.snapshots == 1 }
        #expect(timer.delays.isEmpty)
        try await store.put(.configMap("c"))
        await until { timer.delays.count == 1 }
        let delay = try #require(timer.delays.first)
        #expect(delay > .seconds(86_000) && delay <= .seconds(86_400))
    }

    @Test(
        arguments: [
            (nil, 600), (0, 86_400), (3_600, 82_800), (86_000, 600), (86_400, 600), (1_000_000, 600),
            (-5, 600),
        ] as [(Int?, Int)])
    func schedule(age: Int?, delay: Int) {
        let found = SnapshotSchedule.delay(age: age.map { .seconds($0) }, interval: .seconds(86_400))
        #expect(found == .seconds(delay))
    }
}
