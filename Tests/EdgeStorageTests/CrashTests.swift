import EdgeBase
import FoundationEssentials
import Synchronization
import Testing

@testable import EdgeStorage

/// The promise: no acknowledged write is lost, wherever the process or the power ends.
@Suite struct CrashTests {
    /// A copy of the files that is taken at any moment holds every write acknowledged before.
    @Test func everyAcknowledgedWriteIsInTheFiles() async throws {
        let folder = try TemporaryFolder()
        let store = try await ObjectStore.open(.test(folder, gap: 10))
        let acknowledged = Acknowledgements()
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            for writer in 0..<8 {
                tasks.addTask {
                    for index in 0..<60 {
                        let name = "\(writer)-\(index % 7)"
                        try await store.put(.configMap(name), "\(index)")
                        acknowledged.note(name, index)
                        try await store.put(.lease("\(writer)"), durability: .volatile)
                    }
                }
            }
            tasks.addTask {
                for _ in 0..<12 {
                    let expected = acknowledged.all
                    let highest = store.currentRevision
                    let copy = try folder.copyOfDatabase()
                    let reopened = try await ObjectStore.open(.test(copy))
                    let contents = reopened.contents()
                    for (name, index) in expected {
                        let found = contents[name].flatMap { Int($0) } ?? -1
                        #expect(found >= index, "\(name) is back at \(found), \(index) was acknowledged")
                    }
                    #expect(reopened.currentRevision >= highest)
                }
            }
            try await tasks.waitForAll()
        }
    }

    /// A child process is killed amid its writes; it has noted each acknowledgement in a file.
    @Test(.timeLimit(.minutes(2))) func killedProcessLosesNothing() async throws {
        let folder = KilledWriter.folderAsParent
        try? FileManager.default.removeItem(atPath: folder)
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        await #expect(processExitsWith: .signal(KilledWriter.signal)) {
            try await KilledWriter.run(in: KilledWriter.folderAsChild)
        }
        let notes = String(
            decoding: try Data(contentsOf: URL(filePath: folder + "/acknowledged")), as: UTF8.self)
        let store = try await ObjectStore.open(KilledWriter.options(in: folder))
        let contents = store.contents()
        let lines = notes.split(separator: "\n")
        #expect(lines.count >= KilledWriter.writes)
        for line in lines {
            let fields = line.split(separator: " ").map(String.init)
            let (name, index, revision) = (fields[0], Int(fields[1]) ?? 0, UInt64(fields[2]) ?? 0)
            #expect(contents[name].flatMap { Int($0) } ?? -1 >= index)
            #expect(store.currentRevision >= revision)
        }
    }
}

/// What has been acknowledged, by name.
private final class Acknowledgements: Sendable {
    private let state = Mutex<[String: Int]>([:])
    var all: [String: Int] { state.withLock { $0 } }
    func note(_ name: String, _ index: Int) { state.withLock { $0[name] = index } }
}
