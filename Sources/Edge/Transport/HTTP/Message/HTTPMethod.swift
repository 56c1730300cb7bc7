/// An HTTP request method (RFC 9110 section 9), case-sensitive.
public enum HTTPMethod: Hashable, Sendable {
    case get, head, post, put, patch, delete, options, connect, trace
    case other(String)

    public init(_ text: String) {
        self =
            switch text {
            case "GET": .get
            case "HEAD": .head
            case "POST": .post
            case "PUT": .put
            case "PATCH": .patch
            case "DELETE": .delete
            case "OPTIONS": .options
            case "CONNECT": .connect
            case "TRACE": .trace
            default: .other(text)
            }
    }

    public var text: String {
        switch self {
        case .get: "GET"
        case .head: "HEAD"
        case .post: "POST"
        case .put: "PUT"
        case .patch: "PATCH"
        case .delete: "DELETE"
        case .options: "OPTIONS"
        case .connect: "CONNECT"
        case .trace: "TRACE"
        case .other(let text): text
        }
    }

    /// Whether sending the request twice has the effect of sending it once (RFC 9110 section 9.2.2).
    public var isIdempotent: Bool {
        switch self {
        case .get, .head, .put, .delete, .options, .trace: true
        default: false
        }
    }
}

extension HTTPMethod: CustomStringConvertible {
    public var description: String { text }
}
