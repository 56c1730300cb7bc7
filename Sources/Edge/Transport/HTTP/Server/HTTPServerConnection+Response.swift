internal import NIOCore

extension HTTPServerConnection {
    /// Up to this size a body is copied behind its headers, so that both leave in one TLS record.
    private static let maximumInline = 16 * 1024

    /// Writes an answer or begins to; what is written must be flushed by the caller.
    func respond(_ response: HTTPServerResponse, to exchange: HTTPExchange) {
        guard exchange === self.exchange, let context else { return }
        exchange.task = nil
        if exchange.timed != nil {
            exchange.timed = nil
            setDeadline(nil)
        }
        if isShuttingDown || response.closesConnection { exchange.keepsConnection = false }
        let hasBody = exchange.method != .head && !response.status.forbidsBody
        switch response.body {
        case .upgrade(let upgrade): startUpgrade(upgrade, response, exchange)
        case .empty: writeInline([], response, exchange)
        case .bytes(let bytes) where bytes.count <= Self.maximumInline: writeInline(bytes, response, exchange)
        case .bytes(let bytes):
            writeWhole(HTTPBodyPieces(CollectionOfOne(bytes)), count: bytes.count, response, exchange)
        case .pieces(let pieces): writeWhole(pieces, count: pieces.count, response, exchange)
        case .buffer(let buffer):
            var head = headBuffer(response, exchange, length: buffer.readableBytes, room: 0)
            if hasBody, buffer.readableBytes <= Self.maximumInline {
                head.writeImmutableBuffer(buffer)
                context.write(NIOAny(head), promise: nil)
                finishExchange(exchange)
            } else {
                context.write(NIOAny(head), promise: nil)
                exchange.outbound = .buffer(hasBody ? buffer : ByteBuffer())
                pump()
            }
        case .pulled(let body):
            guard hasBody else {
                body.cancel()
                writeWhole(Self.noBody, count: nil, response, exchange)
                return
            }
            startStream(response, exchange, length: nil)
            exchange.outbound = .pulled(body)
            startPulling(body, exchange)
        case .writer(let length, let produce):
            guard hasBody else {
                writeWhole(Self.noBody, count: length, response, exchange)
                return
            }
            startStream(response, exchange, length: length)
            startWriting(produce, exchange)
        }
    }

    private static let noBody = HTTPBodyPieces([])

    /// A body that leaves together with its head.
    private func writeInline(_ bytes: [UInt8], _ response: HTTPServerResponse, _ exchange: HTTPExchange) {
        var buffer = headBuffer(response, exchange, length: bytes.count, room: bytes.count)
        if exchange.method != .head, !response.status.forbidsBody { buffer.writeBytes(bytes) }
        context?.write(NIOAny(buffer), promise: nil)
        finishExchange(exchange)
    }

    /// A body that is there as a whole.
    private func writeWhole(
        _ body: HTTPBodyPieces, count: Int?, _ response: HTTPServerResponse, _ exchange: HTTPExchange
    ) {
        let hasBody = exchange.method != .head && !response.status.forbidsBody
        let length = hasBody ? count ?? 0 : 0
        var buffer = headBuffer(response, exchange, length: count, room: min(length, Self.maximumInline))
        guard length > 0 else {
            context?.write(NIOAny(buffer), promise: nil)
            finishExchange(exchange)
            return
        }
        guard length <= Self.maximumInline else {
            context?.write(NIOAny(buffer), promise: nil)
            exchange.outbound = .pieces(HTTPPieceReader(body))
            pump()
            return
        }
        var reader = HTTPPieceReader(body)
        reader.fill(&buffer, limit: .max)
        context?.write(NIOAny(buffer), promise: nil)
        finishExchange(exchange)
    }

    /// The head of a streamed body; flushed, so that the client sees it before the first bytes come.
    private func startStream(_ response: HTTPServerResponse, _ exchange: HTTPExchange, length: Int?) {
        if length == nil {
            // HTTP/1.0 knows no chunks: the end of the connection is the end of the body.
            exchange.isChunked = exchange.minorVersion == 1
            if exchange.minorVersion == 0 { exchange.keepsConnection = false }
        }
        let head = headBuffer(response, exchange, length: length, room: 0)
        context?.writeAndFlush(NIOAny(head), promise: nil)
    }

    /// Status line and headers, with room for a body behind them.
    private func headBuffer(
        _ response: HTTPServerResponse, _ exchange: HTTPExchange, length: Int?, room: Int
    ) -> ByteBuffer {
        var buffer = ByteBuffer()
        buffer.reserveCapacity(256 + room)
        HTTPResponseHeadWriter.writeStatusLine(response.status, to: &buffer)
        HTTPResponseHeadWriter.write(response.headers, to: &buffer)
        buffer.writeBytes(date.line)
        if exchange.isChunked {
            buffer.writeStaticString("Transfer-Encoding: chunked\r\n")
        } else if let length, !response.status.forbidsBody {
            HTTPResponseHeadWriter.writeContentLength(length, to: &buffer)
        }
        if !exchange.keepsConnection {
            buffer.writeStaticString("Connection: close\r\n")
        } else if exchange.minorVersion == 0 {
            buffer.writeStaticString("Connection: keep-alive\r\n")
        }
        buffer.writeStaticString("\r\n")
        return buffer
    }

    /// The answer is written: the next request may come, or the connection ends.
    func finishExchange(_ exchange: HTTPExchange) {
        guard exchange === self.exchange, let context else { return }
        self.exchange = nil
        guard exchange.keepsConnection, !isShuttingDown else {
            phase = .closed
            setDeadline(settings.writeTimeout)
            context.writeAndFlush(NIOAny(ByteBuffer()))
                .assumeIsolated().whenComplete { [weak self] _ in self?.close() }
            return
        }
        phase = .head
        setDeadline(settings.idleTimeout)
        if !context.channel.isWritable { setDeadline(settings.writeTimeout) }
        process()
    }

    /// Answers what is not an acceptable request, and closes without losing the answer: were the socket
    /// closed while bytes of the client lie unread in it, the kernel would send a reset that overtakes the
    /// answer.
    func reject(_ error: HTTPSyntaxError) {
        guard let context else { return }
        var response = handler.rejection(error)
        response.closesConnection = true
        let body: [UInt8] =
            switch response.body {
            case .bytes(let bytes): bytes
            default: Array(error.message.utf8)
            }
        var buffer = ByteBuffer()
        HTTPResponseHeadWriter.writeStatusLine(response.status, to: &buffer)
        HTTPResponseHeadWriter.write(response.headers, to: &buffer)
        buffer.writeBytes(date.line)
        HTTPResponseHeadWriter.writeContentLength(body.count, to: &buffer)
        buffer.writeStaticString("Connection: close\r\n\r\n")
        buffer.writeBytes(body)
        phase = .draining
        exchange = nil
        _ = takeInbound()
        setDeadline(.seconds(1))
        context.writeAndFlush(NIOAny(buffer), promise: nil)
        context.close(mode: .output, promise: nil)
    }

    /// Ends the connection and what works for it.
    func close() {
        abandonExchange()
        phase = .closed
        context?.close(promise: nil)
    }

    /// The client is gone: stops what still works on its request.
    func abandonExchange() {
        guard let exchange else { return }
        self.exchange = nil
        exchange.task?.cancel()
        switch exchange.outbound {
        case .pulled(let body): body.cancel()
        case .writer(let writer): writer.gate.fail(StreamError.reset("connection closed"))
        default: break
        }
    }
}

enum HTTPResponseHeadWriter {
    static func writeStatusLine(_ status: HTTPStatus, to buffer: inout ByteBuffer) {
        if status.code == 200 {
            buffer.writeStaticString("HTTP/1.1 200 OK\r\n")
        } else {
            buffer.writeString("HTTP/1.1 \(status.code) \(status.reason)\r\n")
        }
    }

    static func write(_ headers: HTTPHeaders, to buffer: inout ByteBuffer) {
        for field in headers.fields where field.isSendable {
            buffer.writeString(field.name)
            buffer.writeStaticString(": ")
            buffer.writeString(field.value)
            buffer.writeStaticString("\r\n")
        }
    }

    static func writeContentLength(_ length: Int, to buffer: inout ByteBuffer) {
        buffer.writeStaticString("Content-Length: ")
        buffer.writeString(String(length))
        buffer.writeStaticString("\r\n")
    }
}
