import EdgeBase
import Testing

@testable import EdgeStorage

/// An outcome of a commit, in a form that can be compared.
private enum Outcome: Equatable {
    case done
    case notFound
    case alreadyExists(UInt64)
    case conflict(UInt64)
    case other(String)

    init(_ error: StorageError) {
        self =
            switch error {
            case .notFound: .notFound
            case .alreadyExists(let current): .alreadyExists(current.revision)
            case .conflict(let current): .conflict(current.revision)
            default: .other("\(error)")
            }
    }
}

private func outcome(_ body: () async throws -> Void) async -> Outcome {
    do {
        try await body()
        return .done
    } catch let error as StorageError {
        return Outcome(error)
    } catch {
        return .other("\(error)")
    }
}

@Suite struct CommitTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let exists: Bool
        let precondition: Mutation.Precondition
        let isDelete: Bool
        fileprivate let expected: Outcome

        var testDescription: String {
            "\(isDelete ? "delete" : "put") if \(precondition), \(exists ? "present" : "absent")"
        }
    }

    /// The object, where it exists, has revision 2.
    static let cases: [Case] = [
        Case(exists: false, precondition: .none, isDelete: false, expected: .done),
        Case(exists: false, precondition: .absent, isDelete: false, expected: .done),
        Case(exists: false, precondition: .exists, isDelete: false, expected: .notFound),
        Case(exists: false, precondition: .revision(2), isDelete: false, expected: .notFound),
        Case(exists: true, precondition: .none, isDelete: false, expected: .done),
        Case(exists: true, precondition: .absent, isDelete: false, expected: .alreadyExists(2)),
        Case(exists: true, precondition: .exists, isDelete: false, expected: .done),
        Case(exists: true, precondition: .revision(2), isDelete: false, expected: .done),
        Case(exists: true, precondition: .revision(1), isDelete: false, expected: .conflict(2)),
        Case(exists: true, precondition: .revision(3), isDelete: false, expected: .conflict(2)),
        Case(exists: false, precondition: .none, isDelete: true, expected: .notFound),
        Case(exists: false, precondition: .absent, isDelete: true, expected: .notFound),
        Case(exists: false, precondition: .exists, isDelete: true, expected: .notFound),
        Case(exists: false, precondition: .revision(2), isDelete: true, expected: .notFound),
        Case(exists: true, precondition: .none, isDelete: true, expected: .done),
        Case(exists: true, precondition: .absent, isDelete: true, expected: .alreadyExists(2)),
        Case(exists: true, precondition: .exists, isDelete: true, expected: .done),
        Case(exists: true, precondition: .revision(2), isDelete: true, expected: .done),
        Case(exists: true, precondition: .revision(9), isDelete: true, expected: .conflict(2)),
    ]

    @Test(arguments: cases, [Mutation.Durability.durable, .batched, .volatile])
    func comparesAndSwaps(test: Case, durability: Mutation.Durability) async throws {
        let folder = try TemporaryFolder()
        let store = try await ObjectStore.open(.test(folder))
        let key = ObjectKey.configMap("a")
        if test.exists { try await store.put(key, "old", durability: durability) }
        let before = store.currentRevision
        let result = await outcome {
            if test.isDelete {
                try await store.delete(key, if: test.precondition, durability: durability)
            } else {
                try await store.put(key, "new", if: test.precondition, durability: durability)
            }
        }
        #expect(result == test.expected)
        #expect(store.currentRevision == (result == .done ? before + 1 : before))
        let text = result == .done ? (test.isDelete ? nil : "new") : (test.exists ? "old" : nil)
        #expect(store.get(key)?.text == text)
    }

    @Test func aGroupIsAppliedAsAWholeOrNotAtAll() async throws {
        let folder = try TemporaryFolder()
        let store = try await ObjectStore.open(.test(folder))
        let first = try await store.put(.configMap("a"), "1")
        let failing = [
            Mutation(.configMap("b"), .put(PendingObject("1")), if: .absent),
            Mutation(.configMap("a"), .put(PendingObject("2")), if: .revision(first.revision)),
            Mutation(.configMap("c"), .delete),
        ]
        let result = await outcome { _ = try await store.commit(failing) }
        #expect(result == .notFound)
        #expect(store.contents() == ["a": "1"])

        let objects = try await store.commit(Array(failing.dropLast()))
        #expect(objects.map(\.revision) == [first.revision + 1, first.revision + 2])
        #expect(objects.map(\.text) == ["1", "2"])
        #expect(store.contents() == ["a": "2", "b": "1"])
    }

    @Test func mutationsOfAGroupSeeEachOther() async throws {
        let folder = try TemporaryFolder()
        let store = try await ObjectStore.open(.test(folder))
        let subscription = try store.subscribe("configmaps", after: store.currentRevision) {}
        let objects = try await store.commit([
            Mutation(.configMap("a"), .put(PendingObject("1")), if: .absent),
            Mutation(.configMap("a"), .put(PendingObject("2")), if: .revision(2)),
            Mutation(.configMap("a"), .delete, if: .revision(3)),
            Mutation(.configMap("a"), .put(PendingObject("3")), if: .absent),
        ])
        #expect(objects.map(\.revision) == [2, 3, 4, 5])
        #expect(objects.map(\.text) == ["1", "2", "2", "3"])
        let changes = try subscription.next()
        #expect(changes.map(\.kind) == [.added, .modified, .deleted, .added])
        #expect(changes.map(\.previous?.revision) == [nil, 2, 3, nil])
        try await store.close()
        let reopened = try await ObjectStore.open(.test(folder))
        #expect(reopened.contents() == ["a": "3"])
    }

    @Test func aDeletionCarriesTheLastVersionUnderItsOwnRevision() async throws {
        let folder = try TemporaryFolder()
        let store = try await ObjectStore.open(.test(folder))
        let subscription = try store.subscribe("configmaps", after: store.currentRevision) {}
        try await store.put(.configMap("a"), "last words")
        for index in 0..<10 { try await store.put(.configMap("b"), "\(index)") }
        let deleted = try await store.delete(.configMap("a"))
        #expect(deleted.revision == 13)
        #expect(deleted.text == "last words")
        let change = try #require(try subscription.next().last)
        #expect(change.kind == .deleted)
        #expect(change.object === deleted)
        #expect(change.previous?.revision == 2)
    }

    @Test func revisionsGrowInTheOrderOfCommitsOverAllResources() async throws {
        let folder = try TemporaryFolder()
        let store = try await ObjectStore.open(.test(folder, gap: 1000))
        #expect(store.currentRevision == 1)
        var last = store.currentRevision
        for index in 0..<20 {
            let durability: Mutation.Durability = [.durable, .batched, .volatile][index % 3]
            let key = index % 2 == 0 ? ObjectKey.configMap("\(index)") : .event("\(index)")
            let object = try await store.put(key, durability: durability)
            #expect(object.revision > last)
            #expect(store.currentRevision == object.revision)
            #expect(store.revision(of: key.resource) == object.revision)
            last = object.revision
        }
    }

    @Test func versionsOfOneObjectShareTheirKey() async throws {
        let folder = try TemporaryFolder()
        let store = try await ObjectStore.open(.test(folder))
        try await store.put(ObjectKey(resource: "configmaps", namespace: "default", name: "caf\u{e9}"), "1")
        try await store.put(ObjectKey(resource: "configmaps", namespace: "default", name: "cafe\u{301}"), "2")
        try await store.close()
        let reopened = try await ObjectStore.open(.test(folder))
        #expect(reopened.list("configmaps").objects.map(\.text) == ["2"])
    }

    @Test func aClosedStoreRefusesWritesAndStillReads() async throws {
        let folder = try TemporaryFolder()
        let store = try await ObjectStore.open(.test(folder))
        try await store.put(.configMap("a"), "1")
        try await store.close()
        for durability in [Mutation.Durability.durable, .batched, .volatile] {
            let result = await outcome { try await store.put(.configMap("b"), durability: durability) }
            #expect(result == .other("the store is closed"))
        }
        #expect(await outcome { try await store.close() } == .other("the store is closed"))
        #expect(store.contents() == ["a": "1"])
    }

    @Test func aSecondStoreOnTheSameFileIsRefused() async throws {
        let folder = try TemporaryFolder()
        let store = try await ObjectStore.open(.test(folder))
        await #expect(throws: StorageError.self) { _ = try await ObjectStore.open(.test(folder)) }
        try await store.put(.configMap("a"), "1")
    }
}
