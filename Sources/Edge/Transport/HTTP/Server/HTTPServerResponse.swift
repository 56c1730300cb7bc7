public import NIOCore

/// The answer to a request. `Content-Length`, `Transfer-Encoding`, `Connection` and `Date` are the server's
/// to set.
public struct HTTPServerResponse: Sendable {
    public var status: HTTPStatus
    public var headers: HTTPHeaders
    public var body: HTTPResponseBody
    /// Ends the connection after this answer.
    public var closesConnection = false

    public init(_ status: HTTPStatus, headers: HTTPHeaders = [:], body: HTTPResponseBody = .empty) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    public static func text(_ status: HTTPStatus, _ text: String) -> Self {
        Self(status, headers: HTTPServerResponse.plainText, body: .bytes(Array(text.utf8)))
    }

    /// JSON text that is written already.
    public static func json(_ status: HTTPStatus, _ bytes: [UInt8]) -> Self {
        Self(status, headers: HTTPServerResponse.json, body: .bytes(bytes))
    }

    public static func upgrade(_ upgrade: HTTPUpgrade) -> Self {
        Self(101, headers: upgrade.headers, body: .upgrade(upgrade))
    }

    // Shared, so that an answer does not allocate its headers.
    public static let json: HTTPHeaders = ["Content-Type": "application/json"]
    public static let plainText: HTTPHeaders = ["Content-Type": "text/plain; charset=utf-8"]
}

public enum HTTPResponseBody: Sendable {
    case empty
    case buffer(ByteBuffer)
    case bytes([UInt8])
    /// Many byte arrays, such as a list of objects, written without joining them first.
    case pieces(HTTPBodyPieces)
    /// A stream without end, such as a watch: bytes are fetched when the connection can take them.
    case pulled(any PulledBody)
    /// A stream written by a task, of a known length or chunked. An error that the closure throws breaks the
    /// connection off, so that the client does not take the body for complete.
    case writer(length: Int? = nil, @Sendable (HTTPBodyWriter) async throws -> Void)
    /// Only with status 101, see `HTTPServerResponse.upgrade`.
    case upgrade(HTTPUpgrade)
}

/// A body made of many byte arrays that are shared, not copied, until they are written.
public struct HTTPBodyPieces: Sendable {
    private(set) var pieces: [[UInt8]]
    /// Whether a comma stands between all pieces but the first and the last.
    let isList: Bool
    /// How many bytes in all.
    public let count: Int

    /// All of it in one array.
    public var joined: [UInt8] {
        var buffer = ByteBuffer()
        buffer.reserveCapacity(count)
        var reader = HTTPPieceReader(self)
        reader.fill(&buffer, limit: .max)
        return Array(buffer.readableBytesView)
    }

    /// One piece directly behind the other.
    public init(_ pieces: some Sequence<[UInt8]>) {
        self.pieces = Array(pieces)
        isList = false
        count = self.pieces.reduce(0) { $0 + $1.count }
    }

    /// The elements of a JSON array, which `head` opens and `tail` closes.
    public init(head: [UInt8], elements: some Collection<[UInt8]>, tail: [UInt8]) {
        pieces = []
        pieces.reserveCapacity(elements.count + 2)
        pieces.append(head)
        pieces.append(contentsOf: elements)
        pieces.append(tail)
        isList = true
        count = pieces.reduce(max(elements.count - 1, 0)) { $0 + $1.count }
    }
}

/// A body that is fetched piece by piece, when the connection can take more: the producer needs no buffer of
/// its own, and what happens while the client is slow arrives in one piece.
public protocol PulledBody: AnyObject, Sendable {
    /// Called once, before the first `pull`. `wake` may be called from any thread and any number of times; it
    /// leads to a `pull`.
    func start(wake: @escaping @Sendable () -> Void)
    /// Appends some `limit` bytes to the buffer (more for an element that cannot be divided). Called on the
    /// connection's event loop whenever the connection is writable; must not block.
    func pull(into buffer: inout ByteBuffer, limit: Int) -> PullResult
    /// The client went away or the server stops; `pull` is not called any more.
    func cancel()
}

public enum PullResult: Sendable {
    /// There is more: call again when the connection is writable.
    case more
    /// Nothing more for now: call again after `wake`.
    case wait
    /// The body is complete.
    case end
    /// The body broke off: the connection is closed without the end mark, so that the client notices.
    case abort
}
