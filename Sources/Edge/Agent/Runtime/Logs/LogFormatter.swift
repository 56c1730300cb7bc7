internal import EdgeBase

/// Turns bytes of log files into what `kubectl logs` prints.
struct LogFormatter {
    private let options: LogOptions
    private var rest: [UInt8] = []
    private var remaining: Int
    private var isLineStart = true

    init(_ options: LogOptions) {
        self.options = options
        remaining = options.limitBytes ?? .max
    }

    /// The byte limit has been reached.
    var isFull: Bool { remaining <= 0 }

    /// Takes the next bytes of the log, wherever they are cut.
    mutating func append(_ bytes: [UInt8]) -> [UInt8] {
        let all = rest + bytes
        var output: [UInt8] = []
        var start = 0
        while !isFull, let end = all[start...].firstIndex(of: UInt8(ascii: "\n")) {
            if let entry = LogEntry(line: all[start..<end]) { format(entry, to: &output) }
            start = end + 1
        }
        rest = isFull ? [] : Array(all[start...])
        return output
    }

    private mutating func format(_ entry: LogEntry, to output: inout [UInt8]) {
        if let since = options.since, entry.timestamp < since { return }
        if let stream = options.stream, entry.stream != stream { return }
        var line: [UInt8] = []
        if options.timestamps, isLineStart {
            line += Array(entry.timestamp.rfc3339Nano.utf8) + [UInt8(ascii: " ")]
        }
        line += entry.text
        if !entry.isPartial { line.append(UInt8(ascii: "\n")) }
        isLineStart = !entry.isPartial
        output += line.prefix(remaining)
        remaining -= line.count
    }
}
