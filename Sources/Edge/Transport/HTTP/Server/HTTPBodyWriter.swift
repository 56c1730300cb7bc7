public import NIOCore
internal import Synchronization

/// What a `writer` body writes to.
public final class HTTPBodyWriter: Sendable {
    let gate = WritabilityGate()
    private let send: @Sendable (ByteBuffer) -> Void

    init(send: @escaping @Sendable (ByteBuffer) -> Void) {
        self.send = send
    }

    /// Sends bytes; waits while the client does not read. Throws when the client went away.
    public func write(_ bytes: ByteBuffer) async throws {
        try await gate.wait()
        if bytes.readableBytes > 0 { send(bytes) }
    }

    public func write(_ bytes: [UInt8]) async throws {
        try await write(ByteBuffer(bytes: bytes))
    }
}
