internal import NIOCore
internal import Synchronization

/// One connection of a client: requests and answers in turn over any byte stream. One exchange uses it at a
/// time.
final class HTTPClientConnection: Sendable {
    private struct State {
        var inbound = ByteBuffer()
        var collector = HTTPHeadCollector(limit: 64 * 1024)
        var decoder = HTTPBodyDecoder(.none)
        var isIdle = true
        var mayBeReused = true
    }

    let stream: any ByteStream
    private let state = Mutex(State())

    init(stream: any ByteStream) {
        self.stream = stream
    }

    /// Whether another request may be sent.
    var isReusable: Bool {
        stream.isOpen && state.withLock { $0.isIdle && $0.mayBeReused && $0.inbound.readableBytes == 0 }
    }

    func close() {
        state.withLock { $0.mayBeReused = false }
        stream.close()
    }

    /// Whether no exchange is at work.
    var isIdle: Bool { state.withLock { $0.isIdle } }

    /// Sends a request and reads the head of the answer; the body is to be read then.
    func exchange(_ request: HTTPClientRequest, _ extra: HTTPHeaders) async throws -> HTTPResponseHead {
        state.withLock { $0.isIdle = false }
        var message = request.encodedHead(extra)
        if request.body.readableBytes <= 16 * 1024 {
            message.writeImmutableBuffer(request.body)
            try await stream.write(message)
        } else {
            try await stream.write(message)
            var rest = request.body
            while let part = rest.readSlice(length: min(rest.readableBytes, 128 * 1024)),
                part.readableBytes > 0
            {
                try await stream.write(part)
            }
        }
        while true {
            let head = try await readHead()
            if head.status.isInformational, head.status != 101 { continue }
            state.withLock { state in
                let framing = head.body(answering: request.method)
                state.decoder = HTTPBodyDecoder(framing)
                state.isIdle = framing == .none
                if !head.keepsConnection { state.mayBeReused = false }
            }
            return head
        }
    }

    private func readHead() async throws -> HTTPResponseHead {
        while true {
            let bytes = try state.withLock { try $0.collector.next(from: &$0.inbound) }
            if let bytes { return try HTTPHeadParser.response(bytes) }
            guard try await readMore() else { throw HTTPClientError.connectionClosed }
        }
    }

    /// The next bytes of the body, or nil at its end.
    func readBody() async throws -> ByteBuffer? {
        while true {
            let part = try state.withLock { state -> HTTPBodyDecoder.Part in
                if state.isIdle { return .end }
                let part = try state.decoder.next(from: &state.inbound)
                if part == .end { state.isIdle = true }
                return part
            }
            switch part {
            case .data(let bytes): return bytes
            case .end: return nil
            case .needMore:
                if try await readMore() { continue }
                let mayEnd = state.withLock { state in
                    state.mayBeReused = false
                    state.isIdle = true
                    return state.decoder.mayEndHere
                }
                guard mayEnd else { throw HTTPClientError.connectionClosed }
                stream.close()
                return nil
            }
        }
    }

    private func readMore() async throws -> Bool {
        guard var bytes = try await stream.read() else { return false }
        state.withLock { state in
            if state.inbound.readableBytes == 0 {
                state.inbound = bytes
            } else {
                state.inbound.discardReadBytes()
                state.inbound.writeBuffer(&bytes)
            }
        }
        return true
    }

    /// The connection as a byte stream after an upgrade, with what has arrived behind the head.
    func takeStream() -> any ByteStream {
        let early = state.withLock { state in
            state.mayBeReused = false
            state.isIdle = true
            defer { state.inbound = ByteBuffer() }
            return state.inbound
        }
        return early.readableBytes > 0 ? PrefixedStream(early, stream) : stream
    }
}
