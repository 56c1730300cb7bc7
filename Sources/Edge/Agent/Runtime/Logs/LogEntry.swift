public import EdgeBase

/// One line of a container's log file (the CRI's log format): `<RFC 3339 time> stdout F text`.
public struct LogEntry: Sendable, Equatable {
    public enum Stream: String, Sendable {
        case output = "stdout"
        case errorOutput = "stderr"
    }

    public let timestamp: Timestamp
    public let stream: Stream
    /// The text goes on in the next entry of the same stream.
    public let isPartial: Bool
    public let text: ArraySlice<UInt8>

    /// - Parameter line: without its newline. Nil for a line of another form, such as one cut off by a full disk.
    public init?(line: ArraySlice<UInt8>) {
        let space = UInt8(ascii: " ")
        guard let first = line.firstIndex(of: space),
            let second = line[(first + 1)...].firstIndex(of: space),
            let third = line[(second + 1)...].firstIndex(of: space),
            let timestamp = Timestamp(rfc3339: String(decoding: line[..<first], as: UTF8.self)),
            let stream = Stream(rawValue: String(decoding: line[(first + 1)..<second], as: UTF8.self))
        else { return nil }
        // Further tags may follow behind colons.
        switch line[second + 1] {
        case UInt8(ascii: "P"): isPartial = true
        case UInt8(ascii: "F"): isPartial = false
        default: return nil
        }
        self.timestamp = timestamp
        self.stream = stream
        text = line[(third + 1)...]
    }
}

/// Which part of a log is wanted, and how: the parameters of `kubectl logs`.
public struct LogOptions: Sendable {
    /// Goes on until the container has ended.
    public var follow = false
    /// Entries before are left out.
    public var since: Timestamp?
    /// Only the last lines.
    public var tailLines: Int?
    /// Ends the output after so many bytes.
    public var limitBytes: Int?
    /// Puts the time before each line.
    public var timestamps = false
    /// Nil for both.
    public var stream: LogEntry.Stream?

    public init() {}
}
