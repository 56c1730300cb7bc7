public import EdgeBase
internal import EdgeSystem

extension HostFacts {
    /// Reads what /proc, /sys and the file systems say. The network's and the probes' part is the caller's. Blocks.
    ///
    /// - Parameter dataDirectory: need not exist yet.
    public mutating func readSystem(dataDirectory: String, clock: any WallClock = SystemWallClock()) {
        isRoot = KernelProbe.isRoot
        kernelRelease = KernelProbe.release
        pageSize = KernelProbe.pageSize
        missingNamespaces = ["cgroup", "ipc", "mnt", "net", "pid", "uts"].filter {
            !File.exists("/proc/self/ns/\($0)")
        }
        hasSeccomp = File.exists("/proc/sys/kernel/seccomp/actions_avail")
        cgroups = try? CgroupLayout.detect()
        for path in ["/boot/firmware/cmdline.txt", "/boot/cmdline.txt"] {
            guard let text = try? File.readText(path, limit: 1 << 16) else { continue }
            bootArguments = (path, text)
            break
        }
        totalMemory = (try? SystemMemory.current().total) ?? 0
        now = clock.now.nanoseconds / 1_000_000_000
        binaryTime = Int64((try? FileStatus(of: "/proc/self/exe", followLinks: true).modified) ?? 0)
        readDisk(dataDirectory)
    }

    private mutating func readDisk(_ dataDirectory: String) {
        dataPath = Self.existingParent(of: dataDirectory)
        if let mounts = try? MountInfo.current() {
            dataType = MountInfo.containing(dataPath, in: mounts)?.type ?? "?"
        }
        guard let status = try? FileSystemStatus(of: dataPath) else { return }
        availableDisk = status.available
        // Some file systems do not count files.
        freeFiles = status.files == 0 ? 1 : status.freeFiles
        isDataReadOnly = status.isReadOnly
    }

    /// The directory itself or the nearest one above it that exists.
    public static func existingParent(of path: String) -> String {
        var path = path
        while !File.exists(path), let slash = path.lastIndex(of: "/") {
            path = slash == path.startIndex ? "/" : String(path[..<slash])
        }
        return path
    }

    /// Tries something; the failure is kept for the report.
    public mutating func probe(_ name: String, _ body: () throws -> Void) {
        do {
            try body()
            probes.append((name, ""))
        } catch {
            probes.append((name, "\(error)"))
        }
    }
}

/// Carries out what the doctor can repair itself.
public enum DoctorRepair {
    /// - Returns: what was done, for the user.
    public static func perform(_ repair: Finding.Repair) throws -> String {
        switch repair {
        case .kernelArguments(let file, let words):
            let text = try File.readText(file, limit: 1 << 16)
            let mode = try FileStatus(of: file, followLinks: true).mode
            try File.writeAtomically(Array(CgroupCheck.adding(words, to: text).utf8), to: file, mode: mode)
            return "\(words.joined(separator: " ")) added to \(file): reboot to make it count"
        }
    }
}
