import EdgeBase
import Logging
import Synchronization
import Testing

@testable import EdgeStorage

/// Damaged, missing and foreign files.
@Suite struct RecoveryTests {
    /// A store with a snapshot of two objects; a third one came later. Ended without a clean close.
    private func damagedFolder() async throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        let store = try await ObjectStore.open(.test(folder))
        try await store.put(.configMap("a"), "1")
        try await store.put(.configMap("b"), String(repeating: "x", count: 20_000))
        try await store.writeSnapshot()
        try await store.put(.configMap("c"), "3")
        let copy = try folder.copyOfDatabase()
        try copy.write(folder.read("state.db.snapshot"), to: "state.db.snapshot")
        // Everything into the database file, so that damage to it matters; still unclean.
        let other = try await ObjectStore.open(.test(copy))
        try await other.close()
        try copy.setMeta("clean", 0)
        return copy
    }

    enum Damage: CaseIterable { case header, pages, truncated, empty, garbage, missing, mark, row }

    private func apply(_ damage: Damage, to folder: TemporaryFolder) throws {
        var bytes = try folder.read("state.db")
        switch damage {
        case .header: bytes.replaceSubrange(0..<32, with: repeatElement(0xff, count: 32))
        case .pages: bytes.replaceSubrange(8192..<12288, with: repeatElement(0xa5, count: 4096))
        case .truncated: bytes.removeSubrange((bytes.count / 2)...)
        case .empty: bytes = []
        case .garbage: bytes = (0..<bytes.count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        case .missing:
            try folder.remove("state.db")
            return
        case .mark: return try folder.setMeta("high_water_mark", 1)
        case .row: return try folder.execute("UPDATE objects SET revision=revision-1 WHERE name='a'")
        }
        try folder.write(bytes, to: "state.db")
    }

    @Test(arguments: Damage.allCases)
    func aDamagedFileIsReplacedByItsSnapshot(damage: Damage) async throws {
        let folder = try await damagedFolder()
        try apply(damage, to: folder)
        let damagedBytes = try? folder.read("state.db")
        let log = LogRecorder()
        var options = StoreOptions.test(folder)
        options.logger = log.logger
        options.clock = FixedClock(now: Timestamp(seconds: 1_800_000_000))
        let store = try await ObjectStore.open(options)
        #expect(store.contents().keys.sorted() == ["a", "b"])
        #expect(store.contents()["a"] == "1")
        // Revisions that were used behind the snapshot do not come again.
        #expect(store.currentRevision > 1_000_000_000)
        #expect(log.lines.count { $0.level == .error } == 1)
        #expect(log.lines.first?.text.contains("what was written after the snapshot is lost") == true)
        if let damagedBytes {
            #expect(try folder.read("state.db.corrupt-20270115T080000Z") == damagedBytes)
        }
        #expect(!folder.files.contains("state.db.restoring"))
        try await store.put(.configMap("d"), "4")
        try await store.close()
        let reopened = try await ObjectStore.open(.test(folder))
        #expect(reopened.contents().keys.sorted() == ["a", "b", "d"])
    }

    @Test func aDamagedSnapshotIsPassedOver() async throws {
        let folder = try await damagedFolder()
        try folder.write(folder.read("state.db.snapshot"), to: "state.db.snapshot.previous")
        try folder.write([UInt8](repeating: 7, count: 9000), to: "state.db.snapshot")
        try apply(.garbage, to: folder)
        let log = LogRecorder()
        var options = StoreOptions.test(folder)
        options.logger = log.logger
        let store = try await ObjectStore.open(options)
        #expect(store.contents().keys.sorted() == ["a", "b"])
        #expect(log.lines.count { $0.level == .error } == 2)
    }

    @Test(arguments: [Damage.garbage, .pages, .truncated])
    func withoutASnapshotNothingIsTouched(damage: Damage) async throws {
        let folder = try await damagedFolder()
        try folder.remove("state.db.snapshot")
        try apply(damage, to: folder)
        let bytes = try folder.read("state.db")
        do {
            _ = try await ObjectStore.open(.test(folder))
            Issue.record("a damaged file was opened")
        } catch {
            #expect("\(error)".contains("is corrupt and no good snapshot exists"))
        }
        #expect(try folder.read("state.db") == bytes)
    }

    @Test func aLogWithoutItsFileIsNotApplied() async throws {
        let folder = try TemporaryFolder()
        let store = try await ObjectStore.open(.test(folder))
        try await store.put(.configMap("a"), "1")
        let copy = try folder.copyOfDatabase()
        try copy.remove("state.db")
        await #expect(throws: StorageError.self) { _ = try await ObjectStore.open(.test(copy)) }
        #expect(copy.files.contains("state.db-wal"))
    }

    @Test func aFileOfANewerEdgeIsLeftAlone() async throws {
        let folder = try await damagedFolder()
        try folder.setMeta("schema", 99)
        let bytes = try folder.read("state.db")
        do {
            _ = try await ObjectStore.open(.test(folder))
            Issue.record("a newer file was opened")
        } catch {
            #expect("\(error)".contains("schema version is 99"))
        }
        #expect(try folder.read("state.db") == bytes)
    }

    @Test func aTornLogEndsAtItsLastWholeTransaction() async throws {
        let folder = try TemporaryFolder()
        let store = try await ObjectStore.open(.test(folder))
        try await store.put(.configMap("a"), "1")
        let whole = try folder.read("state.db-wal").count
        try await store.put(.configMap("b"), "2")
        let copy = try folder.copyOfDatabase()
        let log = try copy.read("state.db-wal")
        for cut in [whole, whole + 1, whole + 24, log.count - 1] {
            try copy.write(Array(log[..<cut]), to: "state.db-wal")
            let torn = try copy.copyOfDatabase()
            #expect(try await ObjectStore.open(.test(torn)).contents() == ["a": "1"])
        }
    }

    /// Damage that a running store meets costs nothing, since memory has everything.
    @Test func aFileDamagedUnderARunningStoreIsWrittenAnew() async throws {
        let folder = try TemporaryFolder()
        let log = LogRecorder()
        var options = StoreOptions.test(folder)
        options.logger = log.logger
        options.checkpointBytes = 1
        let store = try await ObjectStore.open(options)
        let text = String(repeating: "x", count: 1_000)
        for index in 0..<1_000 { try await store.put(.configMap("\(index)"), text, durability: .batched) }
        try await store.flush()
        try await store.put(.event("unflushed"), "1", durability: .batched)
        await until { store.statistics.checkpoints > 0 }
        let size = try folder.read("state.db").count
        try folder.overwrite(
            "state.db", from: 8_192 * 3, with: [UInt8](repeating: 0xa5, count: size - 8_192 * 3))

        for index in 0..<1_000 { try await store.put(.configMap("\(index)"), "new") }
        #expect(log.lines.map(\.text).contains { $0.contains("nothing is lost") })
        try await store.delete(.configMap("0"))
        try await store.close()
        #expect(folder.files.count { $0.contains(".corrupt-") } == 1)
        let reopened = try await ObjectStore.open(.test(folder))
        #expect(reopened.count("configmaps") == 999)
        #expect(Set(reopened.contents().values) == ["new"])
        #expect(reopened.contents("events") == ["unflushed": "1"])
    }

    @Test func twoRowsOfOneNameAreReducedToTheNewer() async throws {
        let folder = try TemporaryFolder()
        let store = try await ObjectStore.open(.test(folder))
        let old = try await store.put(.configMap("a"), "1")
        try await store.put(.configMap("a"), "2")
        try await store.close()
        try folder.connect { database in try database.put(old, bytes: old.bytes, row: 77) }
        let reopened = try await ObjectStore.open(.test(folder))
        #expect(reopened.contents() == ["a": "2"])
        try await reopened.close()
        try folder.connect { database in
            let rows = try database.integer("SELECT count(*) FROM objects")
            #expect(rows == 1)
        }
    }
}

extension TemporaryFolder {
    /// Opens the database file beside the store.
    func connect(_ body: (Database) throws -> Void) throws {
        try body(Database(path: database, purpose: .live))
    }

    func execute(_ sql: String) throws { try connect { try $0.execute(sql) } }

    func setMeta(_ key: String, _ value: Int) throws {
        try execute("UPDATE meta SET value=\(value) WHERE key='\(key)'")
    }
}

struct FixedClock: WallClock {
    let now: Timestamp
}

/// Keeps what is logged.
final class LogRecorder: Sendable {
    private let state = Mutex<[(level: Logger.Level, text: String)]>([])

    var lines: [(level: Logger.Level, text: String)] { state.withLock { $0 } }

    var logger: Logger { Logger(label: "test") { [self] _ in Handler(recorder: self) } }

    private struct Handler: LogHandler {
        let recorder: LogRecorder
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            recorder.state.withLock { $0.append((event.level, "\(event.message)")) }
        }
    }
}
