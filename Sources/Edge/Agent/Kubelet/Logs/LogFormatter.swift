internal import EdgeBase

/// Turns bytes of a log file into what a client sees. Bytes may come in any pieces.
struct LogFormatter {
    private let options: LogOptions
    /// A line whose end has not come yet.
    private var pending: [UInt8] = []
    /// The streams whose last line goes on.
    private var open: Set<LogLine.Stream> = []
    private var remaining: Int?
    /// All later lines are wanted, too: times only grow.
    private var hasBegun: Bool

    /// A log has no longer lines than this; more is no log.
    static let maximumLine = 1 << 20

    init(_ options: LogOptions) {
        self.options = options
        remaining = options.limitBytes
        hasBegun = options.since == nil
    }

    /// As many bytes as were asked for have been given.
    var isFull: Bool { remaining == 0 }

    /// - Parameter isStart: false where the bytes may begin within a line, which is then left out.
    mutating func format(_ bytes: [UInt8], isStart: Bool = true) -> [UInt8] {
        var input = pending + bytes
        pending = []
        if !isStart, let newline = input.firstIndex(of: UInt8(ascii: "\n")) { input.removeFirst(newline + 1) }
        var output: [UInt8] = []
        output.reserveCapacity(input.count)
        var rest = input[...]
        while let newline = rest.firstIndex(of: UInt8(ascii: "\n")), !isFull {
            append(rest[..<newline], to: &output)
            rest = rest[(newline + 1)...]
        }
        if !isFull, rest.count <= Self.maximumLine { pending = Array(rest) }
        return output
    }

    private mutating func append(_ bytes: ArraySlice<UInt8>, to output: inout [UInt8]) {
        guard let line = LogLine(bytes) else { return }
        if !hasBegun, let since = options.since {
            guard let time = line.timestamp, time >= since else { return }
            hasBegun = true
        }
        if let stream = options.stream, line.stream != stream { return }
        var text: [UInt8] = []
        if options.timestamps, !open.contains(line.stream) { text += line.time + [UInt8(ascii: " ")] }
        text += line.text
        if line.isPartial {
            open.insert(line.stream)
        } else {
            open.remove(line.stream)
            text.append(UInt8(ascii: "\n"))
        }
        if let remaining {
            output += text.prefix(remaining)
            self.remaining = max(0, remaining - text.count)
        } else {
            output += text
        }
    }
}
