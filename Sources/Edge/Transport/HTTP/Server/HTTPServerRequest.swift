public import NIOCore

/// A whole request with its body, as a handler sees it.
public final class HTTPServerRequest: Sendable {
    public let head: HTTPRequestHead
    public let body: ByteBuffer
    public let connection: HTTPConnection

    public init(head: HTTPRequestHead, body: ByteBuffer, connection: HTTPConnection) {
        self.head = head
        self.body = body
        self.connection = connection
    }

    public var method: HTTPMethod { head.method }
    public var rawTarget: String { head.rawTarget }
    /// The path without the query, still percent-encoded.
    public var path: String { head.target.path }
    /// The decoded segments of the path.
    public var segments: [String] { head.target.segments }
    public var query: [HTTPTarget.QueryItem] { head.target.query }
    public var headers: HTTPFieldBlock { head.fields }

    /// The first value of a query item.
    public func queryValue(_ name: String) -> String? { head.target.value(name) }
}
