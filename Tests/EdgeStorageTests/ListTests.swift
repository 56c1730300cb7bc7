import EdgeBase
import Testing

@testable import EdgeStorage

@Suite struct ListTests {
    @Test func tellsRevisionAndWhatRemains() async throws {
        let folder = try TemporaryFolder()
        let store = try await ObjectStore.open(.test(folder))
        for namespace in ["b", "a"] {
            for index in 0..<5 { try await store.put(.configMap("\(index)", namespace)) }
        }
        let page = store.list("configmaps", limit: 3)
        #expect(page.objects.map(\.key.description) == (0..<3).map { "configmaps/a/\($0)" })
        #expect(page.revision == 11)
        #expect(page.remaining == 7)
        #expect(store.list("configmaps", namespace: "b", limit: 3).remaining == 2)
        #expect(store.count("configmaps") == 10)
        #expect(store.count("configmaps", namespace: "a") == 5)
        #expect(store.list("secrets").objects.isEmpty)
        #expect(store.resources == ["configmaps"])
    }

    /// Pages that begin before many changes and go on after them show the moment of the first one.
    @Test(arguments: 0..<10)
    func pagesAtARevisionAreOfOneMoment(seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        let folder = try TemporaryFolder()
        let store = try await ObjectStore.open(.test(folder))
        let namespaces = ["a", "b", "c"]
        func change(_ count: Int) async throws {
            for index in 0..<count {
                let key = ObjectKey.configMap(
                    "\(Int.random(in: 0..<30, using: &random))",
                    namespaces.randomElement(using: &random) ?? "a")
                if store.get(key) != nil, Bool.random(using: &random) {
                    try await store.delete(key, durability: .volatile)
                } else {
                    try await store.put(key, "\(index)", durability: .volatile)
                }
            }
        }
        try await change(100)
        let moment = store.currentRevision
        let expected = store.list("configmaps")
        let expectedB = store.list("configmaps", namespace: "b")
        #expect(
            try store.list("configmaps", at: moment).objects.map(\.bytes) == expected.objects.map(\.bytes))
        var found: [EncodedObject] = []
        var remaining = Int.max
        while remaining > 0 {
            try await change(30)
            let start = found.last.map { (namespace: $0.key.namespace, name: $0.key.name) }
            let page = try store.list("configmaps", startAfter: start, limit: 7, at: moment)
            #expect(page.revision == moment)
            found += page.objects
            remaining = page.remaining
            #expect(remaining == expected.objects.count - found.count)
        }
        #expect(found.map(\.bytes) == expected.objects.map(\.bytes))
        #expect(found.map(\.key) == expected.objects.map(\.key))
        let pageB = try store.list("configmaps", namespace: "b", at: moment)
        #expect(pageB.objects.map(\.bytes) == expectedB.objects.map(\.bytes))
    }

    @Test func aRevisionOutsideOfTheHistoryIsRefused() async throws {
        let folder = try TemporaryFolder()
        var options = StoreOptions.test(folder)
        options.historyCount = 5
        let store = try await ObjectStore.open(options)
        for index in 0..<10 { try await store.put(.configMap("\(index)")) }
        #expect(try store.list("configmaps", at: 6).objects.count == 5)
        #expect(try store.list("configmaps", at: 11).objects.count == 10)
        #expect(throws: StorageError.self) { try store.list("configmaps", at: 5) }
        #expect(throws: StorageError.self) { try store.list("configmaps", at: 12) }
        // Another resource's changes do not age this one's history.
        #expect(try store.list("secrets", at: 1).objects.isEmpty)
    }

    @Test func readersSeeWholeGroups() async throws {
        let folder = try TemporaryFolder()
        let store = try await ObjectStore.open(.test(folder))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                for round in 0..<200 {
                    _ = try await store.commit(
                        (0..<5).map { Mutation(.configMap("\($0)"), .put(PendingObject("\(round)"))) })
                }
            }
            tasks.addTask {
                for _ in 0..<5_000 {
                    let list = store.list("configmaps")
                    #expect(Set(list.objects.map(\.text)).count <= 1)
                    #expect(list.objects.isEmpty || list.objects.last?.revision == list.revision)
                }
            }
            try await tasks.waitForAll()
        }
    }
}
