/// The parsed head of a request.
public struct HTTPRequestHead: Sendable {
    public let method: HTTPMethod
    /// The request target exactly as it came.
    public let rawTarget: String
    public let target: HTTPTarget
    /// 0 for HTTP/1.0, 1 for HTTP/1.1.
    public let minorVersion: Int
    public let fields: HTTPFieldBlock
    let framing: HTTPFraming

    /// The length that the client announces; nil for a chunked body and for none.
    public var contentLength: Int? { framing.contentLength }

    /// Whether the client asks to turn the connection into another protocol, and into which.
    public var upgradeProtocols: [String] { framing.upgrades ? fields.list("upgrade") : [] }

    var body: HTTPBodyFraming {
        if framing.isChunked { return .chunked }
        guard let length = framing.contentLength, length > 0 else { return .none }
        return .length(length)
    }

    /// HTTP/1.1 keeps the connection unless told otherwise, HTTP/1.0 the other way round.
    var keepsConnection: Bool {
        minorVersion == 1 ? !framing.closes : framing.keepsAlive && !framing.closes
    }
}

/// The parsed head of a response.
public struct HTTPResponseHead: Sendable {
    public let status: HTTPStatus
    public let minorVersion: Int
    public let fields: HTTPFieldBlock
    let framing: HTTPFraming

    public var contentLength: Int? { framing.contentLength }

    var keepsConnection: Bool {
        minorVersion == 1 ? !framing.closes : framing.keepsAlive && !framing.closes
    }

    /// How the body of this response to a request of that method is delimited (RFC 9112 section 6.3).
    func body(answering method: HTTPMethod) -> HTTPBodyFraming {
        if method == .head || status.forbidsBody { return .none }
        if framing.isChunked { return .chunked }
        guard let length = framing.contentLength else { return .untilClose }
        return length == 0 ? .none : .length(length)
    }
}
