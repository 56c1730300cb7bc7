/// Facts of one process from /proc.
public struct ProcessStat: Sendable, Equatable {
    public let name: String
    /// `R`, `S`, `Z`...
    public let state: Character
    public let parent: Int32
    /// Clock ticks since boot: with the pid it names a process for good.
    public let startTime: UInt64

    /// Parses /proc/PID/stat; the name stands in parentheses and may hold anything.
    public init?(_ text: String) {
        guard let open = text.firstIndex(of: "("), let close = text.lastIndex(of: ")"), open < close else {
            return nil
        }
        name = String(text[text.index(after: open)..<close])
        let fields = text[text.index(after: close)...].split(separator: " ")
        guard fields.count >= 20, let state = fields[0].first, let parent = Int32(fields[1]),
            let start = UInt64(fields[19])
        else { return nil }
        self.state = state
        self.parent = parent
        startTime = start
    }

    /// Nil where no such process is.
    public static func of(_ pid: Int32) -> ProcessStat? {
        (try? File.readText("/proc/\(pid)/stat")).flatMap { ProcessStat($0) }
    }
}

/// What identifies a boot of the host: state from another one describes nothing that still runs.
public enum BootIdentity {
    public static func current() throws(SystemError) -> String {
        try File.readText("/proc/sys/kernel/random/boot_id").filter { !$0.isWhitespace }
    }
}
