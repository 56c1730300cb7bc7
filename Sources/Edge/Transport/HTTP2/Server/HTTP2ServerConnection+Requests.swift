internal import NIOCore

extension HTTP2ServerConnection {
    /// How many frames one header block may come in.
    private static let maximumBlockFrames = 16

    // MARK: Heads

    func takeHeaders(_ header: HTTP2FrameHeader, _ payload: ByteBuffer) throws(HTTP2Failure) {
        guard header.stream % 2 == 1 else { throw Self.wrongStream }
        var payload = payload
        try header.unpadded(&payload)
        if header.has(HTTP2FrameHeader.Flag.priority) {
            guard payload.readSlice(length: 5) != nil else { throw Self.wrongLength }
        }
        let block = PendingBlock(
            stream: header.stream, endsStream: header.has(HTTP2FrameHeader.Flag.endStream), bytes: payload)
        guard header.has(HTTP2FrameHeader.Flag.endHeaders) else {
            pendingBlock = block
            return
        }
        try take(block)
    }

    func takeContinuation(_ header: HTTP2FrameHeader, _ payload: ByteBuffer) throws(HTTP2Failure) {
        guard var block = pendingBlock else {
            throw HTTP2Failure(.protocolError, "continuation of no header block")
        }
        // One owner, so that the buffer grows in place.
        pendingBlock = nil
        var payload = payload
        block.frames += 1
        guard block.frames <= Self.maximumBlockFrames,
            block.bytes.readableBytes + payload.readableBytes <= settings.maximumHeadBytes
        else { throw HTTP2Failure(.enhanceYourCalm, "header block too large") }
        block.bytes.writeBuffer(&payload)
        if header.has(HTTP2FrameHeader.Flag.endHeaders) { try take(block) } else { pendingBlock = block }
    }

    /// A header block as a whole: a request, or what may stand behind its body.
    private func take(_ block: PendingBlock) throws(HTTP2Failure) {
        var fields = HTTP2FieldCollector(limit: settings.maximumHeadBytes)
        try decoder.decode(block.bytes.readableBytesUInt8Span, into: &fields)
        if block.stream <= lastStream {
            try takeTrailers(block)
            return
        }
        lastStream = block.stream
        begun += 1
        // The client was told that no more is answered, and sends it again elsewhere.
        if let lastAccepted, block.stream > lastAccepted { return }
        guard streams.count < settings.maximumStreams else {
            try charge(5)
            outgoing.writeResetStream(block.stream, .refusedStream)
            return
        }
        guard !fields.isTooLarge else {
            refuse(
                block,
                HTTPSyntaxError("message head is longer than \(settings.maximumHeadBytes) bytes", status: 431)
            )
            return
        }
        guard let head = fields.head() else {
            try charge(5)
            outgoing.writeResetStream(block.stream, .protocolError)
            return
        }
        begin(head, block)
    }

    private func takeTrailers(_ block: PendingBlock) throws(HTTP2Failure) {
        // One that has been reset in the meantime.
        guard let stream = streams[block.stream] else {
            try charge(5)
            return
        }
        guard block.endsStream, !stream.isRemoteClosed else {
            reset(stream, .protocolError)
            return
        }
        endBody(stream)
    }

    private func begin(_ head: HTTPRequestHead, _ block: PendingBlock) {
        let stream = HTTP2Stream(
            id: block.stream, head: head, sendWindow: peerInitialWindow, receiveWindow: Self.streamWindow)
        streams[block.stream] = stream
        if block.endsStream {
            endBody(stream)
            return
        }
        stream.bodyLimit = handler.bodyLimit(head, connection)
        if let length = head.contentLength, length > stream.bodyLimit {
            refuse(stream, .tooLarge(stream.bodyLimit))
            return
        }
        if head.framing.expectsContinue {
            outgoing.writeFrameHeader(
                HTTP2FrameHeader.Kind.headers, length: 5, flags: HTTP2FrameHeader.Flag.endHeaders,
                stream: stream.id)
            HPACKResponseWriter.writeStatus(100, to: &outgoing)
        }
        stream.timer = eventLoop.scheduleTask(in: TimeAmount(settings.bodyTimeout)) { [weak self] in
            guard let self, !stream.isClosed, stream.head != nil else { return }
            self.refuse(stream, HTTPSyntaxError("request body did not arrive in time", status: 408))
            self.flush()
        }
    }

    /// Answers a request that is none to the handler.
    private func refuse(_ block: PendingBlock, _ error: HTTPSyntaxError) {
        let stream = HTTP2Stream(
            id: block.stream, head: nil, sendWindow: peerInitialWindow, receiveWindow: Self.streamWindow)
        stream.isRemoteClosed = block.endsStream
        streams[block.stream] = stream
        refuse(stream, error)
    }

    private func refuse(_ stream: HTTP2Stream, _ error: HTTPSyntaxError) {
        stopBody(stream)
        respond(handler.rejection(error), to: stream)
    }

    // MARK: Bodies

    func takeData(_ header: HTTP2FrameHeader, _ payload: ByteBuffer) throws(HTTP2Failure) {
        guard header.stream != 0, header.stream <= lastStream else { throw Self.wrongStream }
        receiveWindow -= header.length
        guard receiveWindow >= 0 else {
            throw HTTP2Failure(.flowControlError, "more than the connection's window")
        }
        if receiveWindow < Self.connectionWindow / 2 {
            outgoing.writeWindowUpdate(0, Self.connectionWindow - receiveWindow)
            receiveWindow = Self.connectionWindow
        }
        var payload = payload
        try header.unpadded(&payload)
        let endsStream = header.has(HTTP2FrameHeader.Flag.endStream)
        if payload.readableBytes == 0, !endsStream { try charge(5) }
        guard let stream = streams[header.stream] else {
            // One that has been reset in the meantime.
            try charge(1)
            return
        }
        guard !stream.isRemoteClosed else {
            reset(stream, .streamClosed)
            return
        }
        stream.receiveWindow -= header.length
        guard stream.receiveWindow >= 0 else {
            reset(stream, .flowControlError)
            return
        }
        // Answered already, so nobody wants the rest.
        guard let head = stream.head else { return }
        let length = stream.body.readableBytes + payload.readableBytes
        guard length <= stream.bodyLimit else {
            refuse(stream, .tooLarge(stream.bodyLimit))
            return
        }
        if let expected = head.contentLength, length > expected || endsStream && length != expected {
            reset(stream, .protocolError)
            return
        }
        unfinishedBytes += payload.readableBytes
        if stream.body.readableBytes == 0 { stream.body = payload } else { stream.body.writeBuffer(&payload) }
        if endsStream { endBody(stream) } else { openWindow(stream) }
    }

    /// Lets the client send on, unless too much is unfinished already: then only the oldest body goes on.
    private func openWindow(_ stream: HTTP2Stream) {
        guard stream.receiveWindow < Self.streamWindow / 2 else { return }
        guard unfinishedBytes < Self.maximumUnfinished || isOldestUnfinished(stream) else { return }
        outgoing.writeWindowUpdate(stream.id, Self.streamWindow - stream.receiveWindow)
        stream.receiveWindow = Self.streamWindow
    }

    private func isOldestUnfinished(_ stream: HTTP2Stream) -> Bool {
        !streams.values.contains { $0.id < stream.id && $0.head != nil && !$0.isRemoteClosed }
    }

    /// Takes a body that is finished or not wanted out of the account.
    func stopBody(_ stream: HTTP2Stream) {
        guard stream.head != nil else { return }
        let wasFull = unfinishedBytes >= Self.maximumUnfinished
        unfinishedBytes -= stream.body.readableBytes
        stream.head = nil
        stream.body = ByteBuffer()
        stream.timer?.cancel()
        stream.timer = nil
        guard wasFull else { return }
        for other in streams.values where other.head != nil && !other.isRemoteClosed { openWindow(other) }
    }

    private func endBody(_ stream: HTTP2Stream) {
        stream.isRemoteClosed = true
        guard let head = stream.head else { return }
        if let expected = head.contentLength, expected != stream.body.readableBytes {
            reset(stream, .protocolError)
            return
        }
        let body = stream.body
        stopBody(stream)
        let request = HTTPServerRequest(head: head, body: body, connection: connection)
        switch handler.handle(request) {
        case .now(let response): respond(response, to: stream)
        case .upgrade: reset(stream, .http11Required)
        case .later(let produce):
            limitTime(of: stream, request)
            stream.task = Task { [eventLoop] in
                let response = await produce()
                eventLoop.execute { self.respondAndFlush(response, to: stream) }
            }
        case .onLoop(let produce):
            limitTime(of: stream, request)
            stream.task = Task(executorPreference: taskExecutor) {
                self.respondAndFlush(await produce(), to: stream)
            }
        }
    }

    private func limitTime(of stream: HTTP2Stream, _ request: HTTPServerRequest) {
        guard let limit = handler.timeLimit(request) else { return }
        stream.timer = eventLoop.scheduleTask(in: TimeAmount(limit)) { [weak self] in
            guard let self, !stream.isClosed, stream.task != nil else { return }
            stream.task?.cancel()
            self.respondAndFlush(self.handler.timedOut(request), to: stream)
        }
    }

    private func respondAndFlush(_ response: HTTPServerResponse, to stream: HTTP2Stream) {
        respond(response, to: stream)
        pumpReady()
        flush()
    }
}

extension HTTPSyntaxError {
    static func tooLarge(_ limit: Int) -> HTTPSyntaxError {
        HTTPSyntaxError("request body is larger than \(limit) bytes", status: 413)
    }
}
