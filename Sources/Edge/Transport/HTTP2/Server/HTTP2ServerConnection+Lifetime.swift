internal import DequeModule
internal import NIOCore

extension HTTP2ServerConnection {
    /// Marks the ping whose answer says that the client knows of the shutdown.
    static let shutdownPing: UInt64 = 0x6564_6765_2d62_7965

    // MARK: Streams

    /// The answer is written.
    func finish(_ stream: HTTP2Stream) {
        forget(stream)
        guard !stream.isRemoteClosed else { return }
        // The client need not send what nobody waits for (RFC 9113 section 8.1). It is told a moment later: some
        // clients throw an answer away whose stream is reset while they still send.
        let id = stream.id
        eventLoop.scheduleTask(in: .seconds(1)) { [weak self] in
            guard let self, self.phase == .open else { return }
            self.outgoing.writeResetStream(id, .noError)
            self.flush()
        }
    }

    /// Breaks a stream off.
    func reset(_ stream: HTTP2Stream, _ code: HTTP2ErrorCode) {
        outgoing.writeResetStream(stream.id, code)
        end(stream)
    }

    /// The client is not interested any more: stops what works on the request.
    func end(_ stream: HTTP2Stream) {
        stream.task?.cancel()
        switch stream.outbound {
        case .pulled(let body): body.cancel()
        case .writer(let writer): writer.gate.fail(StreamError.reset("stream cancelled"))
        case .none, .pieces, .ended: break
        }
        if case .pulled(let body) = stream.response?.body { body.cancel() }
        forget(stream)
    }

    private func forget(_ stream: HTTP2Stream) {
        guard !stream.isClosed else { return }
        stopBody(stream)
        stream.isClosed = true
        stream.outbound = .ended
        stream.waiting = ByteBuffer()
        stream.response = nil
        stream.task = nil
        stream.timer?.cancel()
        stream.timer = nil
        streams[stream.id] = nil
        if streams.isEmpty { becameIdle() }
    }

    func abandonStreams() {
        for stream in streams.values { end(stream) }
        ready = []
    }

    private func becameIdle() {
        // A connection that had many streams gives their memory back.
        if streams.capacity > 16 { streams = [:] }
        if isShuttingDown, lastAccepted != nil { closeWhenSent() } else { balanceDeadline() }
    }

    // MARK: The connection

    /// The deadline that fits what the connection does.
    func balanceDeadline() {
        if phase == .closed { return }
        if phase == .preface || pendingBlock != nil || inbound.readableBytes > 0 {
            if !deadline.isShort { setDeadline(settings.headTimeout, isShort: true) }
        } else if context?.channel.isWritable == false {
            setDeadline(settings.writeTimeout)
        } else {
            setDeadline(streams.isEmpty ? settings.idleTimeout : nil)
        }
    }

    func setDeadline(_ delay: Duration?, isShort: Bool = false) {
        let time = delay.map { eventLoop.now + TimeAmount($0) }
        guard deadline.move(to: time, isShort: isShort) else { return }
        deadline.schedule(on: eventLoop) { [weak self] in self?.deadlineFired() }
    }

    private func deadlineFired() {
        guard deadline.fired(on: eventLoop, fire: { [weak self] in self?.deadlineFired() }) else { return }
        if streams.isEmpty, phase == .open {
            outgoing.writeGoAway(last: lastStream, .noError)
            closeWhenSent()
        } else {
            close()
        }
    }

    /// A failure of the connection: the client is told why.
    func fail(_ failure: HTTP2Failure) {
        guard phase != .closed else { return }
        outgoing.writeGoAway(last: lastStream, failure.code, failure.message)
        closeWhenSent()
    }

    /// Sends what waits and closes.
    private func closeWhenSent() {
        guard phase != .closed else { return }
        phase = .closed
        abandonStreams()
        setDeadline(.seconds(1))
        flush()
        context?.writeAndFlush(NIOAny(ByteBuffer()))
            .assumeIsolated().whenComplete { [weak self] _ in self?.close() }
    }

    func close() {
        phase = .closed
        abandonStreams()
        context?.close(promise: nil)
    }

    // MARK: Shutdown

    /// The server stops. The client is told at once that it should go elsewhere, and which of its requests are
    /// answered only when it must have heard of it (RFC 9113 section 6.8).
    func shutDown() {
        guard !isShuttingDown, phase != .closed else { return }
        isShuttingDown = true
        outgoing.writeGoAway(last: 0x7fff_ffff, .noError)
        outgoing.writePing(Self.shutdownPing, isAcknowledgement: false)
        for stream in streams.values { endStreaming(stream) }
        pumpReady()
        flush()
        eventLoop.scheduleTask(in: .seconds(1)) { [weak self] in self?.finishGoAway() }
    }

    private func endStreaming(_ stream: HTTP2Stream) {
        switch stream.outbound {
        case .pulled(let body):
            body.cancel()
            stream.outbound = .ended
            markReady(stream)
        case .writer: stream.task?.cancel()
        case .none, .pieces, .ended: break
        }
    }

    func finishGoAway() {
        guard isShuttingDown, lastAccepted == nil, phase != .closed else { return }
        lastAccepted = lastStream
        outgoing.writeGoAway(last: lastStream, .noError)
        // Streams that were opened meanwhile end as well.
        for stream in streams.values { endStreaming(stream) }
        pumpReady()
        flush()
        if streams.isEmpty { closeWhenSent() }
    }

    /// The grace period is over.
    func abort() { close() }
}
