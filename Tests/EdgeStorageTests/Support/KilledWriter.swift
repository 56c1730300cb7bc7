import EdgeBase
import Glibc
import Logging

@testable import EdgeStorage

/// The body of a child process that is killed amid its writes.
enum KilledWriter {
    static let writes = 400

    static let signal = SIGKILL

    /// Parent and child find the same folder by the parent's process id.
    static var folderAsParent: String { "/tmp/edge-storage-kill-\(getpid())" }
    static var folderAsChild: String { "/tmp/edge-storage-kill-\(getppid())" }

    static func options(in folder: String) -> StoreOptions {
        var options = StoreOptions(
            path: folder + "/state.db", logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        options.snapshotInterval = nil
        // Several copies of the log into the file happen before the end.
        options.checkpointBytes = 200 << 10
        return options
    }

    static func run(in folder: String) async throws {
        let store = try await ObjectStore.open(options(in: folder))
        let notes = open(folder + "/acknowledged", O_WRONLY | O_CREAT | O_APPEND, 0o600)
        let acknowledged = Counter()
        await withTaskGroup(of: Void.self) { tasks in
            for writer in 0..<6 {
                tasks.addTask {
                    for index in 0... {
                        let name = "\(writer)-\(index % 5)"
                        guard let object = try? await store.put(.configMap(name), "\(index)") else { return }
                        let line = Array("\(name) \(index) \(object.revision)\n".utf8)
                        guard write(notes, line, line.count) == line.count else { return }
                        acknowledged.add()
                        if acknowledged.value >= writes { kill(getpid(), SIGKILL) }
                    }
                }
            }
        }
    }
}
