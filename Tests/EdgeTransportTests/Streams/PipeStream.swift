internal import NIOCore
internal import Synchronization

@testable internal import EdgeTransport

/// Two byte streams that are each other's peer, in memory. What one has written and the other has not read is
/// limited.
final class PipeStream: ByteStream {
    private let incoming: InboundQueue<ByteBuffer>
    private let outgoing: InboundQueue<ByteBuffer>
    private let credit: CreditGate
    /// The most bytes that ever lay unread in this stream.
    let highest = Mutex(0)

    private init(
        _ incoming: InboundQueue<ByteBuffer>, _ outgoing: InboundQueue<ByteBuffer>, _ credit: CreditGate
    ) {
        self.incoming = incoming
        self.outgoing = outgoing
        self.credit = credit
    }

    static func pair(capacity: Int = 64 * 1024) -> (PipeStream, PipeStream) {
        let toLeft = CreditGate(credit: capacity)
        let toRight = CreditGate(credit: capacity)
        let left = InboundQueue<ByteBuffer>(size: \.readableBytes) { taken, _ in toLeft.add(taken) }
        let right = InboundQueue<ByteBuffer>(size: \.readableBytes) { taken, _ in toRight.add(taken) }
        return (PipeStream(left, right, toRight), PipeStream(right, left, toLeft))
    }

    func read() async throws -> ByteBuffer? { try await incoming.next() }

    func write(_ bytes: ByteBuffer) async throws {
        var rest = bytes
        while rest.readableBytes > 0 {
            let length = try await credit.take(upTo: rest.readableBytes)
            guard let part = rest.readSlice(length: length) else { return }
            if outgoing.isEnded { throw StreamError.reset("pipe is closed") }
            let buffered = outgoing.push(part)
            highest.withLock { $0 = max($0, buffered) }
        }
    }

    func finish() async throws { outgoing.end() }

    func close() {
        outgoing.end(StreamError.reset("pipe closed"))
        incoming.end(StreamError.closed)
        credit.fail(StreamError.closed)
    }

    func closeWhenSent() { outgoing.end() }

    var isOpen: Bool { !incoming.isEnded }
}
