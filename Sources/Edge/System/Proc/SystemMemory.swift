/// The host's memory in bytes, from /proc/meminfo.
public struct SystemMemory: Sendable, Equatable {
    public let total: UInt64
    public let free: UInt64
    public let available: UInt64
    public let swapTotal: UInt64
    public let swapFree: UInt64

    public init(_ text: String) {
        let values = KeyedValues(text)
        let bytes = { (name: String) in (values.number(name) ?? 0) * 1024 }
        total = bytes("MemTotal")
        free = bytes("MemFree")
        available = bytes("MemAvailable")
        swapTotal = bytes("SwapTotal")
        swapFree = bytes("SwapFree")
    }

    public static func current() throws(SystemError) -> SystemMemory {
        SystemMemory(try File.readText("/proc/meminfo"))
    }
}
