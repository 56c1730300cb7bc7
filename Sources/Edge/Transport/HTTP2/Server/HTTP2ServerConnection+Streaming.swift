internal import NIOCore

extension HTTP2ServerConnection {
    func startPulling(_ body: any PulledBody, _ stream: HTTP2Stream) {
        let eventLoop = eventLoop
        let wakes = wakes
        body.start { [weak self] in
            guard stream.wakeFlag.raise(), wakes.add(stream) else { return }
            eventLoop.execute { [weak self] in self?.drainWakes() }
        }
        markReady(stream)
    }

    private func drainWakes() {
        for stream in wakes.take() {
            stream.wakeFlag.lower()
            markReady(stream)
        }
        pumpReady()
        flush()
    }

    func startWriting(
        _ produce: @escaping @Sendable (HTTPBodyWriter) async throws -> Void, _ stream: HTTP2Stream
    ) {
        let eventLoop = eventLoop
        let writer = HTTPBodyWriter { [weak self] bytes in
            if eventLoop.inEventLoop {
                self?.write(bytes, stream)
            } else {
                eventLoop.execute { [weak self] in self?.write(bytes, stream) }
            }
        }
        stream.outbound = .writer(writer)
        stream.task = Task {
            let result: Result<Void, any Error>
            do { result = .success(try await produce(writer)) } catch { result = .failure(error) }
            eventLoop.execute { self.endWriting(result, stream) }
        }
    }

    private func write(_ bytes: ByteBuffer, _ stream: HTTP2Stream) {
        guard !stream.isClosed else { return }
        if stream.waiting.readableBytes == 0 {
            stream.waiting = bytes
        } else {
            stream.waiting.writeImmutableBuffer(bytes)
        }
        markReady(stream)
        pumpReady()
        if stream.waiting.readableBytes > 0 { stream.writer?.gate.set(isWritable: false) }
        flush()
    }

    private func endWriting(_ result: Result<Void, any Error>, _ stream: HTTP2Stream) {
        guard !stream.isClosed else { return }
        stream.task = nil
        switch result {
        case .success: stream.outbound = .ended
        // A task that the stopping server cancelled ends its body in an orderly way.
        case .failure(let error) where isShuttingDown && error is CancellationError: stream.outbound = .ended
        case .failure: reset(stream, .internalError)
        }
        markReady(stream)
        pumpReady()
        flush()
    }
}
