internal import EdgeBase
internal import EdgeTransport

/// What of a log is wanted: `v1.PodLogOptions`.
struct LogOptions: Sendable, Equatable {
    var follow = false
    var previous = false
    var tailLines: Int?
    var since: Timestamp?
    var timestamps = false
    var limitBytes: Int?
    /// Nil: both.
    var stream: LogLine.Stream?

    init() {}

    /// From a request's query. Throws what the client is told with 422.
    init(_ target: HTTPTarget, now: Timestamp) throws(KubeletError) {
        follow = Self.flag(target, "follow")
        previous = Self.flag(target, "previous")
        timestamps = Self.flag(target, "timestamps")
        tailLines = try Self.number(target, "tailLines", minimum: 0)
        limitBytes = try Self.number(target, "limitBytes", minimum: 1)
        if let seconds = try Self.number(target, "sinceSeconds", minimum: 1) {
            since = now - .seconds(seconds)
        }
        if let text = target.value("sinceTime"), !text.isEmpty {
            guard since == nil else {
                throw KubeletError("at most one of `sinceTime` or `sinceSeconds` may be specified")
            }
            guard let time = Timestamp(rfc3339: text) else {
                throw KubeletError("sinceTime: invalid time \(text)")
            }
            since = time
        }
        switch target.value("stream") {
        case nil, "", "All": stream = nil
        case "Stdout": stream = .stdout
        case "Stderr": stream = .stderr
        case let other?: throw KubeletError("stream: unsupported value \"\(other)\"")
        }
    }

    private static func flag(_ target: HTTPTarget, _ name: String) -> Bool {
        ["true", "1"].contains(target.value(name)?.lowercased())
    }

    private static func number(_ target: HTTPTarget, _ name: String, minimum: Int) throws(KubeletError)
        -> Int?
    {
        guard let text = target.value(name), !text.isEmpty else { return nil }
        guard let number = Int(text), number >= minimum else {
            throw KubeletError("\(name): invalid value \"\(text)\"")
        }
        return number
    }
}
