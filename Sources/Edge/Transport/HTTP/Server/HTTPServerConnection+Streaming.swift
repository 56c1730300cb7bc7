internal import NIOCore
internal import Synchronization

extension HTTPServerConnection {
    /// Writes on while the client takes it.
    func pump() {
        guard let exchange, let context else { return }
        switch exchange.outbound {
        case .none, .writer: return
        case .pieces: pumpPieces(exchange, context)
        case .buffer: pumpBuffer(exchange, context)
        case .pulled(let body): pumpPulled(body, exchange, context)
        }
    }

    private func pumpPieces(_ exchange: HTTPExchange, _ context: ChannelHandlerContext) {
        guard case .pieces(var reader) = exchange.outbound else { return }
        var buffer = ByteBuffer()
        buffer.reserveCapacity(settings.writeChunk + 1)
        while !reader.isAtEnd {
            guard context.channel.isWritable else {
                exchange.outbound = .pieces(reader)
                return
            }
            reader.fill(&buffer, limit: settings.writeChunk)
            // Flushed piece by piece: a piece lies in memory no longer than it takes to encrypt and send it.
            context.writeAndFlush(NIOAny(buffer), promise: nil)
            // The memory is used again unless somebody still holds it, as the socket does without TLS.
            buffer.clear()
        }
        finishExchange(exchange)
    }

    private func pumpBuffer(_ exchange: HTTPExchange, _ context: ChannelHandlerContext) {
        guard case .buffer(var buffer) = exchange.outbound else { return }
        while buffer.readableBytes > 0 {
            guard context.channel.isWritable else {
                exchange.outbound = .buffer(buffer)
                return
            }
            let length = min(buffer.readableBytes, settings.writeChunk)
            guard let slice = buffer.readSlice(length: length) else { break }
            context.writeAndFlush(NIOAny(slice), promise: nil)
        }
        finishExchange(exchange)
    }

    // MARK: Pulled bodies

    func startPulling(_ body: any PulledBody, _ exchange: HTTPExchange) {
        guard let eventLoop = context?.eventLoop else { return }
        let isWoken = WakeFlag()
        body.start { [weak self] in
            guard isWoken.raise() else { return }
            eventLoop.execute { [weak self] in
                isWoken.lower()
                guard let self, self.exchange === exchange else { return }
                self.pump()
            }
        }
        pump()
    }

    private func pumpPulled(
        _ body: any PulledBody, _ exchange: HTTPExchange, _ context: ChannelHandlerContext
    ) {
        var wrote = false
        loop: while context.channel.isWritable {
            var buffer = ByteBuffer()
            buffer.reserveCapacity(2048)
            HTTPChunk.begin(&buffer)
            let result = body.pull(into: &buffer, limit: settings.writeChunk)
            // The body may have led to the end of this exchange, by a call of its own.
            guard exchange === self.exchange else { return }
            if let chunk = HTTPChunk.end(buffer, isChunked: exchange.isChunked) {
                context.write(NIOAny(chunk), promise: nil)
                wrote = true
            }
            switch result {
            case .more: if wrote { context.flush() }
            case .wait: break loop
            case .end:
                endStream(exchange)
                return
            case .abort:
                close()
                return
            }
        }
        if wrote { context.flush() }
    }

    /// The body is complete.
    func endStream(_ exchange: HTTPExchange) {
        guard exchange === self.exchange, let context else { return }
        if exchange.isChunked { context.write(NIOAny(ByteBuffer(staticString: "0\r\n\r\n")), promise: nil) }
        context.flush()
        finishExchange(exchange)
    }

    // MARK: Written bodies

    func startWriting(
        _ produce: @escaping @Sendable (HTTPBodyWriter) async throws -> Void, _ exchange: HTTPExchange
    ) {
        guard let context else { return }
        let eventLoop = context.eventLoop
        let writer = HTTPBodyWriter { [weak self] bytes in
            if eventLoop.inEventLoop {
                self?.write(bytes, exchange)
            } else {
                eventLoop.execute { [weak self] in self?.write(bytes, exchange) }
            }
        }
        writer.gate.set(isWritable: context.channel.isWritable)
        exchange.outbound = .writer(writer)
        exchange.task = Task {
            do {
                try await produce(writer)
                eventLoop.execute { self.endStream(exchange) }
            } catch {
                eventLoop.execute {
                    guard exchange === self.exchange else { return }
                    // A task that the stopping server cancelled ends its body in an orderly way.
                    if self.isShuttingDown, error is CancellationError {
                        self.endStream(exchange)
                    } else {
                        self.close()
                    }
                }
            }
        }
    }

    private func write(_ bytes: ByteBuffer, _ exchange: HTTPExchange) {
        guard exchange === self.exchange, let context else { return }
        if exchange.isChunked {
            var buffer = ByteBuffer()
            buffer.reserveCapacity(bytes.readableBytes + 16)
            HTTPChunk.begin(&buffer)
            buffer.writeImmutableBuffer(bytes)
            guard let chunk = HTTPChunk.end(buffer, isChunked: true) else { return }
            context.writeAndFlush(NIOAny(chunk), promise: nil)
        } else {
            context.writeAndFlush(NIOAny(bytes), promise: nil)
        }
    }
}

/// Frames a chunk (RFC 9112 section 7.1) in place: room for the size is left in front of the data.
enum HTTPChunk {
    private static let room = 10

    static func begin(_ buffer: inout ByteBuffer) {
        buffer.writeRepeatingByte(0, count: room)
    }

    /// The chunk; nil when nothing was written after `begin`.
    static func end(_ buffer: ByteBuffer, isChunked: Bool) -> ByteBuffer? {
        var buffer = buffer
        let length = buffer.readableBytes - room
        guard length > 0 else { return nil }
        buffer.moveReaderIndex(forwardBy: room)
        guard isChunked else { return buffer }
        let size = String(length, radix: 16) + "\r\n"
        let start = buffer.readerIndex - size.utf8.count
        buffer.setString(size, at: start)
        buffer.moveReaderIndex(to: start)
        buffer.writeStaticString("\r\n")
        return buffer
    }
}

/// Lets the first of many calls through, until it is lowered.
final class WakeFlag: Sendable {
    private let isRaised = Atomic(false)

    func raise() -> Bool { !isRaised.exchange(true, ordering: .acquiringAndReleasing) }
    func lower() { isRaised.store(false, ordering: .releasing) }
}
