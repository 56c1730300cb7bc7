public import NIOCore

/// Bytes in both directions with backpressure: an upgraded HTTP connection, a TCP connection, a stream of
/// SPDY or of the agent tunnel. One task reads, any number may write; the bytes of one `write` stay together.
public protocol ByteStream: AnyObject, Sendable {
    /// The next bytes, never an empty buffer, or nil when the peer has ended its direction. Throws when the
    /// stream broke, and `CancellationError` when the task is cancelled while it waits.
    func read() async throws -> ByteBuffer?
    /// Hands bytes over; returns when they are on their way, which takes as long as the peer does not read.
    func write(_ bytes: ByteBuffer) async throws
    /// Ends this side's direction; the peer's stays open.
    func finish() async throws
    /// Breaks off both directions. Does no harm when the stream is closed already.
    func close()
    /// Ends this side's direction behind what was written, and closes when the peer has ended its own or some
    /// seconds have passed.
    func closeWhenSent()
    /// False once it is known that the stream broke or that the peer has ended its direction.
    var isOpen: Bool { get }
}

extension ByteStream {
    public func closeWhenSent() { close() }

    public func write(_ bytes: some Sequence<UInt8> & Sendable) async throws {
        try await write(ByteBuffer(bytes: bytes))
    }

    public func write(_ text: String) async throws {
        try await write(ByteBuffer(string: text))
    }

    /// Everything up to the end of the peer's direction; throws when that is more than `limit` bytes.
    public func readAll(limit: Int) async throws -> ByteBuffer {
        var all = ByteBuffer()
        while var bytes = try await read() {
            guard all.readableBytes + bytes.readableBytes <= limit else {
                throw StreamError.limitExceeded("stream is longer than \(limit) bytes")
            }
            all.writeBuffer(&bytes)
        }
        return all
    }
}
