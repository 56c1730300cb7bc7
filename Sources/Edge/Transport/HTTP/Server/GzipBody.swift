internal import CZlib
public import NIOCore
internal import Synchronization

/// A body that is compressed while it is sent: some milliseconds of work are cut into steps, between which the event
/// loop serves others.
public final class GzipBody: PulledBody {
    private struct State {
        var reader: HTTPPieceReader
        var deflater: Deflater?
        var input = ByteBuffer()
        var wake: (@Sendable () -> Void)?
    }

    /// How many bytes are compressed in one step.
    private static let step = 64 * 1024

    private let state: Mutex<State>

    /// Nil when there is no memory for it.
    public init?(_ pieces: HTTPBodyPieces) {
        guard let deflater = Deflater() else { return nil }
        state = Mutex(State(reader: HTTPPieceReader(pieces), deflater: deflater))
    }

    public func start(wake: @escaping @Sendable () -> Void) { state.withLock { $0.wake = wake } }

    public func cancel() {
        state.withLock { state in
            state.deflater = nil
            state.wake = nil
        }
    }

    public func pull(into buffer: inout ByteBuffer, limit: Int) -> PullResult {
        state.withLock { state in
            guard let deflater = state.deflater else { return .abort }
            var taken = 0
            while buffer.readableBytes < limit {
                if state.input.readableBytes == 0, !state.reader.isAtEnd {
                    guard taken < Self.step else {
                        state.wake?()
                        return .wait
                    }
                    state.input.clear()
                    state.reader.fill(&state.input, limit: 16 * 1024)
                    taken += state.input.readableBytes
                }
                switch deflater.run(&state.input, isLast: state.reader.isAtEnd, into: &buffer, room: limit) {
                case .more: continue
                case .end:
                    state.deflater = nil
                    state.wake = nil
                    return .end
                case .failed: return .abort
                }
            }
            return .more
        }
    }
}

/// zlib's compressor in gzip's format, at the level that is cheapest (Kubernetes uses the same).
///
/// `@unchecked Sendable`: used by one body, under its lock.
private final class Deflater: @unchecked Sendable {
    enum Outcome { case more, end, failed }

    private let stream: UnsafeMutablePointer<z_stream>

    init?() {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        // 15 bits of window, 16 for gzip's header.
        let result = deflateInit2_(
            stream, 1, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size))
        guard result == Z_OK else {
            stream.deallocate()
            return nil
        }
    }

    deinit {
        deflateEnd(stream)
        stream.deallocate()
    }

    /// Compresses what is in `input`; after the last of it until nothing is left.
    func run(
        _ input: inout ByteBuffer, isLast: Bool, into output: inout ByteBuffer, room: Int
    ) -> Outcome {
        var result = Z_OK
        let stream = stream
        input.readWithUnsafeMutableReadableBytes { source in
            stream.pointee.next_in = source.baseAddress?.assumingMemoryBound(to: UInt8.self)
            stream.pointee.avail_in = UInt32(source.count)
            let space = max(room - output.readableBytes, 256)
            output.writeWithUnsafeMutableBytes(minimumWritableBytes: space) { target in
                stream.pointee.next_out = target.baseAddress?.assumingMemoryBound(to: UInt8.self)
                stream.pointee.avail_out = UInt32(space)
                result = deflate(stream, isLast ? Z_FINISH : Z_NO_FLUSH)
                return space - Int(stream.pointee.avail_out)
            }
            return source.count - Int(stream.pointee.avail_in)
        }
        switch result {
        case Z_STREAM_END: return .end
        case Z_OK, Z_BUF_ERROR: return .more
        default: return .failed
        }
    }
}

extension HTTPServerResponse {
    /// Kubernetes' rule: what is smaller is not worth the time.
    public static let compressionThreshold = 128 * 1024

    /// The answer compressed, when its body is large and complete and the client takes gzip.
    public func compressed(for request: HTTPServerRequest) -> HTTPServerResponse {
        let pieces: HTTPBodyPieces
        switch body {
        case .pieces(let all) where all.count > Self.compressionThreshold: pieces = all
        case .bytes(let bytes) where bytes.count > Self.compressionThreshold:
            pieces = HTTPBodyPieces(CollectionOfOne(bytes))
        default: return self
        }
        guard request.head.fields.list("accept-encoding", contains: "gzip"), request.method == .get,
            !headers.contains("Content-Encoding"), let gzip = GzipBody(pieces)
        else { return self }
        var answer = self
        answer.headers.add("Content-Encoding", "gzip")
        answer.headers.add("Vary", "Accept-Encoding")
        answer.body = .pulled(gzip)
        return answer
    }
}
