import EdgeBase
import Testing

@testable import EdgeStorage

@Suite struct RevisionDigitsTests {
    @Test(arguments: [(1, "1"), (9, "9"), (10, "10"), (4096, "4096"), (UInt64.max, "18446744073709551615")])
    func insertsDigitsBetweenTheQuotes(revision: UInt64, digits: String) {
        let object = EncodedObject(
            key: .configMap("a"), revision: revision, pending: PendingObject("x"))
        #expect(
            String(decoding: object.bytes, as: UTF8.self)
                == "{\"metadata\":{\"resourceVersion\":\"\(digits)\"},\"data\":\"x\"}")
        #expect(RevisionDigits.match(revision, in: object.bytes, at: Int(object.revisionOffset)))
        #expect(!RevisionDigits.match(revision - 1, in: object.bytes, at: Int(object.revisionOffset)))
    }

    @Test(arguments: [(9, 10), (10, 9), (99, 1_000_000), (5, 6)] as [(UInt64, UInt64)])
    func replacesDigitsOfAnotherLength(old: UInt64, new: UInt64) {
        let object = EncodedObject(key: .configMap("a"), revision: old, pending: PendingObject("text"))
        #expect(object.carrying(revision: new).text == "text")
        #expect(object.text == "text")
    }

    @Test(arguments: [0, 1, 31, 33, 1000])
    func refusesAnOffsetOutsideOfTheQuotes(offset: Int) async throws {
        let folder = try TemporaryFolder()
        let store = try await ObjectStore.open(.test(folder))
        let pending = PendingObject(bytes: PendingObject("x").bytes, revisionOffset: offset)
        await #expect(throws: StorageError.self) {
            _ = try await store.commit(Mutation(.configMap("a"), .put(pending)))
        }
        #expect(store.currentRevision == 1)
    }
}
