internal import EdgeAPI
internal import EdgeBase
internal import EdgeSystem

/// What the host is, read once at the start.
struct NodeFacts: Sendable, Equatable {
    var processors = 1
    /// Bytes.
    var memory: Int64 = 0
    var ephemeralStorage: Int64 = 0
    var maximumPods = 110
    var machineID = ""
    var systemUUID = ""
    var bootID = ""
    var kernelVersion = ""
    var osImage = ""
    var hugePages: [String: Int64] = [:]
    var reserved: [String: Quantity] = [:]

    static let operatingSystem = "linux"

    #if arch(x86_64)
    static let architecture = "amd64"
    #elseif arch(arm64)
    static let architecture = "arm64"
    #else
    static let architecture = "unknown"
    #endif

    var capacity: [String: Quantity] {
        var result: [String: Quantity] = [
            "cpu": Quantity(processors), "memory": Quantity(memory / 1024 * 1024, format: .binarySI),
            "pods": Quantity(maximumPods),
            "ephemeral-storage": Quantity(ephemeralStorage / 1024 * 1024, format: .binarySI),
        ]
        for (name, bytes) in hugePages { result[name] = Quantity(bytes, format: .binarySI) }
        return result
    }

    var allocatable: [String: Quantity] {
        var result = capacity
        for (name, amount) in reserved {
            if let whole = result[name] { result[name] = max(.zero, whole - amount) }
        }
        return result
    }

    /// Reads /proc, /sys and /etc; blocks for some small files.
    static func read(_ configuration: KubeletConfiguration, storage: FileSystemUsage?) -> NodeFacts {
        var facts = NodeFacts()
        facts.processors = processorCount(text("/sys/devices/system/cpu/online"))
        facts.memory = (try? SystemMemory.current()).map { Int64(clamping: $0.total) } ?? 0
        facts.ephemeralStorage = storage?.capacity ?? 0
        facts.maximumPods = configuration.maximumPods
        facts.machineID = text("/etc/machine-id")
        let uuid = text("/sys/class/dmi/id/product_uuid").lowercased()
        facts.systemUUID = uuid.isEmpty ? facts.machineID : uuid
        facts.bootID = text("/proc/sys/kernel/random/boot_id")
        facts.kernelVersion = text("/proc/sys/kernel/osrelease")
        facts.osImage = prettyName(text("/etc/os-release"))
        facts.reserved = configuration.reserved
        return facts
    }

    private static func text(_ path: String) -> String {
        let text = (try? File.readText(path, limit: 1 << 16)) ?? ""
        return String(text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }

    /// `0-3,8` are five.
    static func processorCount(_ list: String) -> Int {
        let count = list.split(separator: ",").reduce(0) { sum, range in
            let ends = range.split(separator: "-").compactMap { Int($0) }
            guard let first = ends.first, let last = ends.last, last >= first else { return sum }
            return sum + last - first + 1
        }
        return max(1, count)
    }

    static func prettyName(_ release: String) -> String {
        for line in release.split(separator: "\n") where line.hasPrefix("PRETTY_NAME=") {
            return line.dropFirst("PRETTY_NAME=".count).filter { $0 != "\"" && $0 != "'" }
        }
        return "Linux"
    }
}
