/// Counters of one network interface, from /proc/PID/net/dev.
public struct NetworkCounters: Sendable, Equatable {
    public let interface: String
    public let receivedBytes: UInt64
    public let receiveErrors: UInt64
    public let sentBytes: UInt64
    public let sendErrors: UInt64

    public static func parse(_ text: String) -> [NetworkCounters] {
        text.split(separator: "\n").compactMap { line in
            guard let colon = line.firstIndex(of: ":") else { return nil }
            let numbers = line[line.index(after: colon)...].split(separator: " ").map { UInt64($0) ?? 0 }
            guard numbers.count >= 16 else { return nil }
            return NetworkCounters(
                interface: String(line[..<colon].drop { $0 == " " }), receivedBytes: numbers[0],
                receiveErrors: numbers[2], sentBytes: numbers[8], sendErrors: numbers[10])
        }
    }

    /// The interfaces of the network namespace of a process.
    public static func ofNamespace(of pid: Int32) throws(SystemError) -> [NetworkCounters] {
        parse(try File.readText("/proc/\(pid)/net/dev"))
    }
}
