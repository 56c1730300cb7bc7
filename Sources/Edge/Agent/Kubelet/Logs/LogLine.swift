internal import EdgeBase

/// One line of a container log in the format of the CRI: `<RFC 3339 time> stdout F text`.
struct LogLine: Equatable {
    enum Stream: String, Sendable {
        case stdout, stderr
    }

    var time: ArraySlice<UInt8>
    var stream: Stream
    /// The text goes on in the next line of the log.
    var isPartial: Bool
    var text: ArraySlice<UInt8>

    /// Nil for a line of another form, such as the rest of one whose write broke off.
    init?(_ line: ArraySlice<UInt8>) {
        let blank = UInt8(ascii: " ")
        guard let timeEnd = line.firstIndex(of: blank) else { return nil }
        let rest = line[(timeEnd + 1)...]
        guard let streamEnd = rest.firstIndex(of: blank),
            let stream = Stream(rawValue: String(decoding: rest[..<streamEnd], as: UTF8.self))
        else { return nil }
        let tail = rest[(streamEnd + 1)...]
        // Tags may be joined by colons; the first one tells whether the line is whole.
        guard let tag = tail.first, tag == UInt8(ascii: "F") || tag == UInt8(ascii: "P"),
            let tagEnd = tail.firstIndex(of: blank)
        else { return nil }
        time = line[..<timeEnd]
        self.stream = stream
        isPartial = tag == UInt8(ascii: "P")
        text = tail[(tagEnd + 1)...]
    }

    var timestamp: Timestamp? { Timestamp(rfc3339: String(decoding: time, as: UTF8.self)) }
}
