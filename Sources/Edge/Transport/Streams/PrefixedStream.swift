internal import NIOCore
internal import Synchronization

/// A stream in front of which some bytes have been read already.
final class PrefixedStream: ByteStream {
    private let prefix: Mutex<ByteBuffer?>
    private let stream: any ByteStream

    init(_ prefix: ByteBuffer, _ stream: any ByteStream) {
        self.prefix = Mutex(prefix)
        self.stream = stream
    }

    func read() async throws -> ByteBuffer? {
        let first = prefix.withLock { prefix in
            defer { prefix = nil }
            return prefix
        }
        if let first, first.readableBytes > 0 { return first }
        return try await stream.read()
    }

    func write(_ bytes: ByteBuffer) async throws { try await stream.write(bytes) }
    func finish() async throws { try await stream.finish() }
    func close() { stream.close() }
    func closeWhenSent() { stream.closeWhenSent() }
    var isOpen: Bool { stream.isOpen }
}
