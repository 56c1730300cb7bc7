internal import EdgeBase
internal import EdgeSystem

/// Takes off a host what an edge has left that no longer runs: processes of pods, mounts, cgroups and files. The
/// network is the caller's part. Blocks; every step is tried, and what failed is told at the end.
public struct HostCleaner: Sendable {
    public let dataDirectory: String
    public let runDirectory: String
    public let record: HostRecord
    public private(set) var failures: [String] = []
    /// What stays for a reason, for the user to know.
    public private(set) var notes: [String] = []

    public init(dataDirectory: String, runDirectory: String, record: HostRecord) {
        self.dataDirectory = dataDirectory
        self.runDirectory = runDirectory
        self.record = record
    }

    /// The entries of the data directory that edge makes.
    static let dataEntries = ["server", "agent", "storage"]
    static let runEntries = ["runtime", "pods", "edge.sock", "edge.pid"]

    /// Runs a step; its failure does not keep the others from being tried.
    public mutating func attempt(_ what: String, _ step: () throws -> Void) {
        do { try step() } catch { failures.append("\(what): \(error)") }
    }

    // MARK: Processes and cgroups

    /// Ends what runs in the pods' groups, helpers included, and removes the groups.
    public mutating func endPods() {
        for group in record.node?.cgroups ?? [] {
            attempt("end processes in \(group)") { try CgroupTree.end(group) }
        }
        for group in record.node?.cgroups ?? [] {
            attempt("remove cgroup \(group)") { try CgroupTree.remove(group) }
        }
        for parent in record.node?.cgroupParents.sorted(by: { $0.utf8.count > $1.utf8.count }) ?? [] {
            // Another user of the group keeps it.
            try? Directory.removeEmpty(parent)
        }
    }

    // MARK: Mounts

    /// Directories that nobody but edge mounts in.
    private var mountingDirectories: [String] {
        [runDirectory] + ["pods", "containers", "store"].map { "\(dataDirectory)/agent/\($0)" }
    }

    public mutating func unmountAll() {
        var mounts: [MountInfo] = []
        attempt("read mounts") { mounts = try MountInfo.current() }
        // The run directory itself may be a mount of the user's.
        let plan = MountPlan(
            mounts.filter { $0.mountPoint != runDirectory }, own: mountingDirectories, others: [dataDirectory]
        )
        for mount in plan.unmount {
            attempt("unmount \(mount)") { try Mount.unmountCleanly(mount) }
        }
        for mount in plan.foreign {
            notes.append("\(mount) stays: something else is mounted there")
        }
    }

    // MARK: Files

    public mutating func removeRunFiles() {
        remove(Self.runEntries, in: runDirectory)
        removeIfEmpty(runDirectory)
    }

    public mutating func removeDataFiles() {
        remove(Self.dataEntries, in: dataDirectory)
        // What could not be removed is found by it the next time.
        if failures.isEmpty { removeFile(HostRecord.path(dataDirectory: dataDirectory)) }
        removeIfEmpty(dataDirectory)
    }

    private mutating func remove(_ names: [String], in directory: String) {
        for name in names {
            // Mounts of the user's stay, with the directories above them: they have been noted.
            let path = "\(directory)/\(name)"
            attempt("remove \(path)") { try Directory.removeTree(path, keepingMounts: true) }
        }
    }

    public mutating func removeFile(_ path: String) {
        attempt("remove \(path)") { try File.remove(path) }
    }

    public mutating func removeIfEmpty(_ directory: String) {
        do throws(SystemError) {
            try Directory.removeEmpty(directory)
        } catch {
            switch error.errno {
            case .notEmpty, .exists:
                let left = ((try? Directory.names(directory)) ?? []).sorted().prefix(5).joined(
                    separator: ", ")
                notes.append("\(directory) stays: it holds what edge has not made (\(left))")
            case .busy: notes.append("\(directory) stays: it is a mount point")
            case .notDirectory: break
            default: failures.append("\(error)")
            }
        }
    }
}
