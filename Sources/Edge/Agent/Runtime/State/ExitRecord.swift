internal import EdgeBase

/// How a container ended, as a line of text: "1 CODE SIGNAL OOM STARTED FINISHED", times in nanoseconds since
/// 1970. The helper writes it; for a container that could not start edge does, with the reason behind the line.
struct ExitRecord: Sendable, Equatable {
    var code: Int32
    var signal: Int32
    var isOutOfMemory: Bool
    var started: Timestamp
    var finished: Timestamp
    /// Why it could not start; otherwise "".
    var message = ""

    var text: String {
        "1 \(code) \(signal) \(isOutOfMemory ? 1 : 0) \(started.nanoseconds) \(finished.nanoseconds)\n\(message)"
    }

    init(
        code: Int32, signal: Int32, isOutOfMemory: Bool, started: Timestamp, finished: Timestamp,
        message: String = ""
    ) {
        self.code = code
        self.signal = signal
        self.isOutOfMemory = isOutOfMemory
        self.started = started
        self.finished = finished
        self.message = message
    }

    /// Nil for text of another form or version.
    init?(text: String) {
        let lines = text.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
        let numbers = lines[0].split(separator: " ").compactMap { Int64($0) }
        guard numbers.count == 6, numbers[0] == 1, let code = Int32(exactly: numbers[1]),
            let signal = Int32(exactly: numbers[2])
        else { return nil }
        self.code = code
        self.signal = signal
        isOutOfMemory = numbers[3] != 0
        started = Timestamp(nanoseconds: numbers[4])
        finished = Timestamp(nanoseconds: numbers[5])
        message = lines.count > 1 ? String(lines[1]) : ""
    }

    var containerExit: ContainerExit {
        let shown = signal == 0 ? code : 128 + signal
        let reason: ContainerExit.Reason =
            if !message.isEmpty {
                .startError
            } else if isOutOfMemory {
                .outOfMemory
            } else {
                shown == 0 ? .completed : .error
            }
        return ContainerExit(
            code: shown, signal: signal, finished: finished, reason: reason, message: message)
    }
}
