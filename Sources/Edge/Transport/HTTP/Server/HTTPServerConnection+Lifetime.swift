internal import NIOCore

extension HTTPServerConnection {
    /// Moves the deadline; nil for none.
    func setDeadline(_ delay: Duration?, isShort: Bool = false) {
        guard let eventLoop = context?.eventLoop else { return }
        let time = delay.map { eventLoop.now + TimeAmount($0) }
        guard deadline.move(to: time, isShort: isShort) else { return }
        deadline.schedule(on: eventLoop) { [weak self] in self?.deadlineFired() }
    }

    private func deadlineFired() {
        guard let eventLoop = context?.eventLoop else { return }
        guard deadline.fired(on: eventLoop, fire: { [weak self] in self?.deadlineFired() }) else { return }
        if case .body = phase {
            reject(HTTPSyntaxError("request body did not arrive in time", status: 408))
            return
        }
        if let exchange, let request = exchange.timed {
            exchange.task?.cancel()
            respond(handler.timedOut(request), to: exchange)
            context?.flush()
            return
        }
        close()
    }

    /// Sets a limit to the time that the task of a request takes until it answers.
    func limitTime(of exchange: HTTPExchange, _ request: HTTPServerRequest) {
        guard let limit = handler.timeLimit(request) else { return }
        exchange.timed = request
        setDeadline(limit)
    }

    /// The server stops: no further request is taken, streams are told to end, the request at work is
    /// finished.
    func shutDown() {
        guard !isShuttingDown else { return }
        isShuttingDown = true
        upgradeTask?.cancel()
        if isIdle {
            close()
            return
        }
        guard let exchange else { return }
        switch exchange.outbound {
        case .pulled(let body):
            body.cancel()
            endStream(exchange)
        case .writer: exchange.task?.cancel()
        default: break
        }
    }

    /// The grace period is over.
    func abort() {
        upgradeTask?.cancel()
        close()
    }

    /// Answers 101 and hands the connection over as a byte stream.
    func startUpgrade(_ upgrade: HTTPUpgrade, _ response: HTTPServerResponse, _ exchange: HTTPExchange) {
        guard let context, exchange.minorVersion == 1 else {
            reject(HTTPSyntaxError("an upgrade needs HTTP/1.1"))
            return
        }
        var buffer = ByteBuffer()
        HTTPResponseHeadWriter.writeStatusLine(101, to: &buffer)
        let fixed: HTTPHeaders = ["Connection": "Upgrade", "Upgrade": upgrade.protocolName]
        HTTPResponseHeadWriter.write(fixed, to: &buffer)
        HTTPResponseHeadWriter.write(response.headers, to: &buffer)
        buffer.writeStaticString("\r\n")
        context.writeAndFlush(NIOAny(buffer), promise: nil)
        deadline.cancel()
        self.exchange = nil
        phase = .upgraded
        let channel = context.channel
        let (stream, streamHandler) = ChannelStream.make(channel: channel)
        do {
            try context.pipeline.syncOperations.addHandler(streamHandler, position: .after(self))
            try channel.syncOptions?.setOption(.allowRemoteHalfClosure, value: true)
            try channel.syncOptions?.setOption(.autoRead, value: true)
        } catch {
            close()
            return
        }
        let early = takeInbound()
        if early.readableBytes > 0 { context.fireChannelRead(NIOAny(early)) }
        // This handler stays and passes bytes on: it knows how to stop the stream with the server.
        upgradeTask = Task {
            await upgrade.run(stream)
            stream.closeWhenSent()
        }
    }
}
