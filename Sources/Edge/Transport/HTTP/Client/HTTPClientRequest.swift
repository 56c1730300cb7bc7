public import NIOCore

/// A request to send.
public struct HTTPClientRequest: Sendable {
    public var method: HTTPMethod
    public var url: HTTPURL
    public var headers: HTTPHeaders
    public var body: ByteBuffer
    /// From the start to the head of the answer, the connection included; nil for no limit.
    public var timeout: Duration?
    /// Between two pieces of the answer's body; nil for no limit.
    public var readTimeout: Duration?
    /// Whether it does no harm to send it again when a kept connection turns out to be dead, whatever the
    /// method.
    public var mayBeRepeated = false
    /// How many redirects of a GET or HEAD are followed.
    public var maximumRedirects = 0

    public init(
        _ method: HTTPMethod, _ url: HTTPURL, headers: HTTPHeaders = [:], body: ByteBuffer = ByteBuffer(),
        timeout: Duration? = .seconds(30)
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.timeout = timeout
    }

    /// The head as it goes over the wire.
    func encodedHead(_ extra: HTTPHeaders) -> ByteBuffer {
        var buffer = ByteBuffer()
        buffer.reserveCapacity(512)
        buffer.writeString("\(method) \(url.target) HTTP/1.1\r\nHost: \(url.authority)\r\n")
        HTTPResponseHeadWriter.write(headers, to: &buffer)
        for field in extra.fields where !headers.contains(field.name) && field.isSendable {
            buffer.writeString("\(field.name): \(field.value)\r\n")
        }
        if body.readableBytes > 0 || method == .post || method == .put || method == .patch {
            HTTPResponseHeadWriter.writeContentLength(body.readableBytes, to: &buffer)
        }
        buffer.writeStaticString("\r\n")
        return buffer
    }
}

/// What a client proves itself with in each request.
public enum HTTPCredentials: Sendable {
    case none
    case bearer(String)
    /// A file with a token, read again when it is older than a minute: mounted tokens are renewed.
    case bearerFile(String)
    case basic(user: String, password: String)
}

/// Why a request got no answer.
public enum HTTPClientError: Error, CustomStringConvertible {
    case invalidRequest(String)
    /// The server closed the connection before the answer was complete.
    case connectionClosed
    case bodyTooLarge(limit: Int)
    case tooManyRedirects
    /// The server did not switch protocols but answered.
    case upgradeRefused(HTTPResponseHead, body: ByteBuffer)
    case shutDown

    public var description: String {
        switch self {
        case .invalidRequest(let cause): "invalid request: \(cause)"
        case .connectionClosed: "the server closed the connection before the answer was complete"
        case .bodyTooLarge(let limit): "the answer is larger than \(limit) bytes"
        case .tooManyRedirects: "too many redirects"
        case .upgradeRefused(let head, let body):
            "the server refused to switch protocols: \(head.status): \(String(buffer: body).prefix(500))"
        case .shutDown: "the client is shut down"
        }
    }
}
