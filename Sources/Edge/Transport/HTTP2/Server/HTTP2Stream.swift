internal import NIOCore
internal import Synchronization

/// One request of an HTTP/2 connection and what is left to send of its answer.
///
/// `@unchecked Sendable`: touched on the connection's event loop only; other threads hold it in the queue of those
/// that were woken.
final class HTTP2Stream: @unchecked Sendable {
    enum Outbound {
        /// The handler has not answered yet.
        case none
        case pieces(HTTPPieceReader)
        case pulled(any PulledBody)
        case writer(HTTPBodyWriter)
        /// Nothing comes any more behind what waits.
        case ended
    }

    let id: UInt32
    let isHead: Bool
    var sendWindow: Int
    /// How many bytes of the body have been sent.
    var sent = 0

    // What is received.
    /// Nil as soon as the rest of the body is of no interest.
    var head: HTTPRequestHead?
    var body = ByteBuffer()
    var bodyLimit = 0
    var receiveWindow: Int
    /// The client has sent everything.
    var isRemoteClosed = false

    // What is sent.
    var outbound = Outbound.none
    /// Bytes of the body that have been taken from their source and wait for the client.
    var waiting = ByteBuffer()
    /// An answer that waits until the connection is writable.
    var response: HTTPServerResponse?
    /// Whether it stands in the connection's queue of streams that have something to send.
    var isReady = false
    var isClosed = false
    /// Whether there is an answer already; a second one, from a task that was too late, is dropped.
    var isAnswered = false
    /// Runs the handler or writes the body.
    var task: Task<Void, Never>?
    /// For the arrival of the body, later for an answer that the client does not take.
    var timer: Scheduled<Void>?
    let wakeFlag = WakeFlag()

    init(id: UInt32, head: HTTPRequestHead?, sendWindow: Int, receiveWindow: Int) {
        self.id = id
        isHead = head?.method == .head
        self.head = head
        self.sendWindow = sendWindow
        self.receiveWindow = receiveWindow
    }

    var writer: HTTPBodyWriter? {
        if case .writer(let writer) = outbound { writer } else { nil }
    }

    /// Whether all that is left to send is there, so that only the client is waited for.
    var isFinite: Bool {
        switch outbound {
        case .pieces, .ended: true
        case .none, .pulled, .writer: false
        }
    }
}

/// The streams of one connection whose bodies have something new: however many were woken, the event loop is
/// called once.
final class HTTP2WakeQueue: Sendable {
    private let streams = Mutex<[HTTP2Stream]>([])

    /// True for the first since the last `take`.
    func add(_ stream: HTTP2Stream) -> Bool {
        streams.withLock { streams in
            streams.append(stream)
            return streams.count == 1
        }
    }

    func take() -> [HTTP2Stream] {
        streams.withLock { streams in
            defer { streams = [] }
            return streams
        }
    }
}
