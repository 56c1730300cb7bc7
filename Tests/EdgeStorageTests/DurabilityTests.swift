import EdgeBase
import Testing

@testable import EdgeStorage

/// What is there after a restart: `crash` opens a copy of the files, `close` ends cleanly first.
@Suite struct DurabilityTests {
    enum Ending: CaseIterable { case crash, close }

    /// Ends the store and opens what is left.
    private func restart(
        _ store: ObjectStore, _ folder: TemporaryFolder, _ ending: Ending
    ) async throws -> (ObjectStore, TemporaryFolder) {
        if ending == .close { try await store.close() }
        let copy = try folder.copyOfDatabase()
        return (try await ObjectStore.open(.test(copy)), copy)
    }

    @Test(arguments: Ending.allCases)
    func durableWritesSurvive(ending: Ending) async throws {
        let folder = try TemporaryFolder()
        let store = try await ObjectStore.open(.test(folder))
        for index in 0..<300 {
            try await store.put(
                ObjectKey(resource: "pods", namespace: "n\(index % 7)", name: "p\(index)"), "a")
        }
        for index in stride(from: 0, to: 300, by: 3) {
            try await store.put(
                ObjectKey(resource: "pods", namespace: "n\(index % 7)", name: "p\(index)"), "b")
        }
        for index in stride(from: 0, to: 300, by: 5) {
            try await store.delete(ObjectKey(resource: "pods", namespace: "n\(index % 7)", name: "p\(index)"))
        }
        let (reopened, _) = try await restart(store, folder, ending)
        #expect(reopened.list("pods").objects.map(\.key) == store.list("pods").objects.map(\.key))
        #expect(reopened.list("pods").objects.map(\.bytes) == store.list("pods").objects.map(\.bytes))
        #expect(reopened.list("pods").objects.map(\.revision) == store.list("pods").objects.map(\.revision))
    }

    @Test(arguments: Ending.allCases)
    func revisionsNeverRepeat(ending: Ending) async throws {
        let folder = try TemporaryFolder()
        var options = StoreOptions.test(folder)
        options.revisionBlock = 10
        let store = try await ObjectStore.open(options)
        var used: Set<UInt64> = []
        for index in 0..<100 {
            let durability: Mutation.Durability = index % 10 == 0 ? .durable : .volatile
            used.insert(try await store.put(.lease("pi"), "\(index)", durability: durability).revision)
        }
        used.insert(try await store.delete(.lease("pi")).revision)
        #expect(used.count == 101)
        let (reopened, _) = try await restart(store, folder, ending)
        #expect(reopened.currentRevision >= store.currentRevision)
        let next = try await reopened.put(.lease("pi"), durability: .volatile).revision
        #expect(next > store.currentRevision)
        if ending == .close { #expect(next == store.currentRevision + 1) }
    }

    @Test func revisionsNeverRepeatOverManyCrashes() async throws {
        var folder = try TemporaryFolder()
        var last: UInt64 = 0
        for round in 0..<10 {
            var options = StoreOptions.test(folder, gap: 3)
            options.revisionBlock = 20
            let store = try await ObjectStore.open(options)
            for index in 0..<30 {
                let durability: Mutation.Durability = (index + round) % 4 == 0 ? .durable : .volatile
                let revision = try await store.put(.lease("pi"), durability: durability).revision
                #expect(revision > last)
                last = revision
            }
            folder = try folder.copyOfDatabase()
        }
    }

    @Test(arguments: Ending.allCases)
    func volatileWritesAreForgotten(ending: Ending) async throws {
        let folder = try TemporaryFolder()
        let store = try await ObjectStore.open(.test(folder))
        try await store.put(.lease("kept"), "durable")
        try await store.put(.lease("kept"), "renewed", durability: .volatile)
        try await store.put(.lease("lost"), "volatile", durability: .volatile)
        try await store.put(.lease("gone"), "volatile", durability: .volatile)
        try await store.delete(.lease("gone"), durability: .volatile)
        let (reopened, _) = try await restart(store, folder, ending)
        #expect(reopened.contents("leases.coordination.k8s.io") == ["kept": "durable"])
    }

    @Test(arguments: Ending.allCases)
    func aVolatileDeletionOfWhatTheDiskHasIsDurable(ending: Ending) async throws {
        let folder = try TemporaryFolder()
        let store = try await ObjectStore.open(.test(folder))
        try await store.put(.lease("a"), "durable")
        try await store.put(.lease("a"), "renewed", durability: .volatile)
        try await store.delete(.lease("a"), durability: .volatile)
        let (reopened, _) = try await restart(store, folder, ending)
        #expect(reopened.contents("leases.coordination.k8s.io").isEmpty)
    }

    @Test(arguments: Ending.allCases)
    func aDurableWriteMakesAVolatileObjectDurable(ending: Ending) async throws {
        let folder = try TemporaryFolder()
        let store = try await ObjectStore.open(.test(folder))
        try await store.put(.lease("a"), "1", durability: .volatile)
        try await store.put(.lease("a"), "2")
        try await store.put(.lease("b"), "1", durability: .volatile)
        try await store.put(.lease("b"), "2")
        try await store.delete(.lease("b"))
        // A mixed group is as durable as its strongest member.
        _ = try await store.commit([
            Mutation(.lease("c"), .put(PendingObject("1")), durability: .volatile),
            Mutation(.lease("d"), .put(PendingObject("1"))),
        ])
        let (reopened, _) = try await restart(store, folder, ending)
        #expect(reopened.contents("leases.coordination.k8s.io") == ["a": "2", "c": "1", "d": "1"])
    }

    /// What happens to an event, step by step, and what is left of it: after a crash, and after a clean end.
    enum Step: Sendable {
        case put(String), durablePut(String), delete, durableDelete, flush, volatilePut(String)
    }

    static let histories: [(steps: [Step], crash: String?, close: String?)] = [
        ([.put("1")], nil, "1"),
        ([.put("1"), .flush], "1", "1"),
        ([.put("1"), .flush, .put("2")], "1", "2"),
        ([.put("1"), .delete], nil, nil),
        ([.put("1"), .durableDelete], nil, nil),
        ([.put("1"), .flush, .delete], "1", nil),
        ([.put("1"), .flush, .delete, .flush], nil, nil),
        ([.put("1"), .flush, .durableDelete], nil, nil),
        ([.put("1"), .flush, .delete, .put("2")], "1", "2"),
        ([.put("1"), .flush, .delete, .put("2"), .flush], "2", "2"),
        ([.put("1"), .flush, .delete, .put("2"), .delete], "1", nil),
        ([.put("1"), .flush, .delete, .durablePut("2")], "2", "2"),
        ([.put("1"), .flush, .delete, .durablePut("2"), .durableDelete], nil, nil),
        ([.put("1"), .flush, .delete, .volatilePut("2")], "1", "2"),
        ([.put("1"), .flush, .delete, .volatilePut("2"), .delete, .flush], nil, nil),
        ([.put("1"), .durablePut("2")], "2", "2"),
        ([.durablePut("1"), .put("2")], "1", "2"),
        ([.durablePut("1"), .delete], "1", nil),
        ([.durablePut("1"), .delete, .flush], nil, nil),
        ([.volatilePut("1"), .put("2"), .flush, .volatilePut("3")], "2", "2"),
        ([.put("1"), .volatilePut("2"), .flush], "2", "2"),
    ]

    @Test(arguments: histories, Ending.allCases)
    func batchedWritesSurviveTheirFlush(
        history: (steps: [Step], crash: String?, close: String?), ending: Ending
    ) async throws {
        let folder = try TemporaryFolder()
        let store = try await ObjectStore.open(.test(folder))
        let key = ObjectKey.event("a")
        for step in history.steps {
            switch step {
            case .put(let text): try await store.put(key, text, durability: .batched)
            case .durablePut(let text): try await store.put(key, text)
            case .volatilePut(let text): try await store.put(key, text, durability: .volatile)
            case .delete: try await store.delete(key, durability: .batched)
            case .durableDelete: try await store.delete(key)
            case .flush: try await store.flush()
            }
        }
        let (reopened, _) = try await restart(store, folder, ending)
        #expect(reopened.get(key)?.text == (ending == .crash ? history.crash : history.close))
        #expect(reopened.count("events") <= 1)
    }

    /// Whatever is mixed, a clean restart shows what memory showed, volatile versions aside.
    @Test(arguments: 0..<20)
    func aRandomHistorySurvivesACleanEnd(seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        let folder = try TemporaryFolder()
        let store = try await ObjectStore.open(.test(folder, gap: 5))
        var expected: [String: String] = [:]
        for index in 0..<200 {
            let name = "e\(Int.random(in: 0..<8, using: &random))"
            let durability: Mutation.Durability = Bool.random(using: &random) ? .durable : .batched
            if expected[name] != nil, Int.random(in: 0..<3, using: &random) == 0 {
                try await store.delete(.event(name), durability: durability)
                expected[name] = nil
            } else {
                try await store.put(.event(name), "\(index)", durability: durability)
                expected[name] = "\(index)"
            }
            if Int.random(in: 0..<20, using: &random) == 0 { try await store.flush() }
        }
        #expect(store.contents("events") == expected)
        try await store.close()
        let reopened = try await ObjectStore.open(.test(folder))
        #expect(reopened.contents("events") == expected)
    }
}

/// SplitMix64: the same numbers in each run.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
