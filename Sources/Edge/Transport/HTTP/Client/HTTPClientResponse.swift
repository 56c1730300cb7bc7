public import NIOCore
internal import Synchronization

/// An answer: its head, and its body as it arrives.
public struct HTTPClientResponse: Sendable {
    public let head: HTTPResponseHead
    public let body: HTTPClientBody

    public var status: HTTPStatus { head.status }
    public var headers: HTTPFieldBlock { head.fields }

    /// The whole body; throws when it is larger than `limit`.
    public func collect(limit: Int) async throws -> ByteBuffer {
        if let length = head.contentLength, length > limit {
            body.abandon()
            throw HTTPClientError.bodyTooLarge(limit: limit)
        }
        var all = ByteBuffer()
        for try await var part in body {
            guard all.readableBytes + part.readableBytes <= limit else {
                body.abandon()
                throw HTTPClientError.bodyTooLarge(limit: limit)
            }
            if all.readableBytes == 0 { all = part } else { all.writeBuffer(&part) }
        }
        return all
    }
}

/// The bytes of an answer as they arrive. The connection goes back to its pool when the body was read to its
/// end, and is closed when it is dropped before. Can be gone through once.
public final class HTTPClientBody: AsyncSequence, Sendable {
    public typealias Element = ByteBuffer

    private let connection: HTTPClientConnection
    private let patience: Duration?
    private let onEnd: @Sendable () -> Void
    private let isFinished = Mutex(false)

    /// - Parameter patience: how long the next piece may take; nil for as long as it likes.
    init(
        connection: HTTPClientConnection, patience: Duration? = nil, onEnd: @escaping @Sendable () -> Void
    ) {
        self.connection = connection
        self.patience = patience
        self.onEnd = onEnd
        // Without a body the exchange is over.
        if connection.isIdle { finish() }
    }

    deinit {
        if !isFinished.withLock({ $0 }) { connection.close() }
    }

    /// The next bytes, or nil at the end.
    public func next() async throws -> ByteBuffer? {
        if isFinished.withLock({ $0 }) { return nil }
        do {
            let part = try await Deadline.run(patience, "reading the answer") { [connection] in
                try await connection.readBody()
            }
            if let part { return part }
        } catch {
            abandon()
            throw error
        }
        finish()
        return nil
    }

    /// Closes the connection: the rest is not wanted.
    public func abandon() {
        let isOver = isFinished.withLock { isFinished in
            defer { isFinished = true }
            return isFinished
        }
        if !isOver { connection.close() }
    }

    private func finish() {
        let isOver = isFinished.withLock { isFinished in
            defer { isFinished = true }
            return isFinished
        }
        if !isOver { onEnd() }
    }

    public struct AsyncIterator: AsyncIteratorProtocol {
        let body: HTTPClientBody

        public func next() async throws -> ByteBuffer? { try await body.next() }
    }

    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(body: self) }
}
