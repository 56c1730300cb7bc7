/// A process's memory in bytes, from /proc/PID/smaps_rollup.
public struct ProcessMemory: Sendable, Equatable {
    public let resident: UInt64
    /// Shared pages count in parts.
    public let proportional: UInt64
    public let `private`: UInt64
    public let anonymous: UInt64

    public init(_ text: String) {
        let values = KeyedValues(text)
        let bytes = { (name: String) in (values.number(name) ?? 0) * 1024 }
        resident = bytes("Rss")
        proportional = bytes("Pss")
        `private` = bytes("Private_Clean") + bytes("Private_Dirty")
        anonymous = bytes("Anonymous")
    }

    public static func of(_ pid: Int32) throws(SystemError) -> ProcessMemory {
        ProcessMemory(try File.readText("/proc/\(pid)/smaps_rollup"))
    }
}
