internal import DequeModule
internal import NIOCore

extension HTTP2ServerConnection {
    private var canWrite: Bool {
        outgoing.readableBytes < settings.writeChunk && context?.channel.isWritable == true
    }

    func flush() {
        guard outgoing.readableBytes > 0, let context else { return }
        let buffer = outgoing
        outgoing = ByteBuffer()
        context.writeAndFlush(NIOAny(buffer), promise: nil)
    }

    /// Writes an answer or begins to.
    func respond(_ response: HTTPServerResponse, to stream: HTTP2Stream) {
        guard !stream.isClosed, !stream.isAnswered else {
            // The client has cancelled it in between.
            if case .pulled(let body) = response.body { body.cancel() }
            return
        }
        stream.isAnswered = true
        stream.task = nil
        stream.timer?.cancel()
        stream.timer = nil
        if outgoing.readableBytes >= settings.writeChunk { flush() }
        guard context?.channel.isWritable == true else {
            // It waits as it is: made into bytes it would take memory that the client decides about.
            stream.response = response
            markReady(stream)
            return
        }
        start(response, stream)
    }

    private func start(_ response: HTTPServerResponse, _ stream: HTTP2Stream) {
        let hasBody = !stream.isHead && !response.status.forbidsBody
        switch response.body {
        case .upgrade: reset(stream, .http11Required)
        case .empty: startWhole(HTTPBodyPieces([]), hasBody, response, stream)
        case .bytes(let bytes): startWhole(HTTPBodyPieces(CollectionOfOne(bytes)), hasBody, response, stream)
        case .pieces(let pieces): startWhole(pieces, hasBody, response, stream)
        case .buffer(let buffer):
            let isEnd = !hasBody || buffer.readableBytes == 0
            writeHead(response, stream, length: buffer.readableBytes, isEnd: isEnd)
            guard !isEnd else { return }
            stream.waiting = buffer
            stream.outbound = .ended
            markReady(stream)
        case .pulled(let body):
            writeHead(response, stream, length: nil, isEnd: !hasBody)
            guard hasBody else {
                body.cancel()
                return
            }
            stream.outbound = .pulled(body)
            startPulling(body, stream)
        case .writer(let length, let produce):
            writeHead(response, stream, length: length, isEnd: !hasBody)
            guard hasBody else { return }
            startWriting(produce, stream)
        }
    }

    private func startWhole(
        _ body: HTTPBodyPieces, _ hasBody: Bool, _ response: HTTPServerResponse, _ stream: HTTP2Stream
    ) {
        let isEnd = !hasBody || body.count == 0
        writeHead(response, stream, length: body.count, isEnd: isEnd)
        guard !isEnd else { return }
        stream.outbound = .pieces(HTTPPieceReader(body))
        if body.count <= Self.maximumFrame, ready.isEmpty, canWrite {
            pump(stream)
        } else {
            markReady(stream)
        }
    }

    private func writeHead(
        _ response: HTTPServerResponse, _ stream: HTTP2Stream, length: Int?, isEnd: Bool
    ) {
        if outgoing.readableBytes == 0 { outgoing.reserveCapacity(min(length ?? 0, Self.maximumFrame) + 512) }
        let payload = outgoing.beginFrame()
        HPACKResponseWriter.write(
            response.status, response.headers, length: length, date: date.line, to: &outgoing)
        writeBlock(payload, stream.id, isEnd: isEnd)
        if isEnd { finish(stream) }
    }

    /// Ends the frame of a header block, which is cut into several where it is longer than a frame may be.
    private func writeBlock(_ payload: Int, _ stream: UInt32, isEnd: Bool) {
        let length = outgoing.writerIndex - payload
        let endStream = isEnd ? HTTP2FrameHeader.Flag.endStream : 0
        guard length > Self.maximumFrame else {
            outgoing.endFrame(
                HTTP2FrameHeader.Kind.headers, payload: payload,
                flags: HTTP2FrameHeader.Flag.endHeaders | endStream,
                stream: stream)
            return
        }
        guard var block = outgoing.getSlice(at: payload, length: length) else { return }
        outgoing.moveWriterIndex(to: payload - HTTP2FrameHeader.size)
        var kind = HTTP2FrameHeader.Kind.headers
        while var part = block.readSlice(length: min(block.readableBytes, Self.maximumFrame)),
            part.readableBytes > 0
        {
            var flags = kind == HTTP2FrameHeader.Kind.headers ? endStream : 0
            if block.readableBytes == 0 { flags |= HTTP2FrameHeader.Flag.endHeaders }
            outgoing.writeFrameHeader(kind, length: part.readableBytes, flags: flags, stream: stream)
            outgoing.writeBuffer(&part)
            kind = HTTP2FrameHeader.Kind.continuation
        }
    }

    // MARK: Sending on

    /// Queues a stream that may have something to send.
    func markReady(_ stream: HTTP2Stream) {
        guard !stream.isReady, !stream.isClosed else { return }
        if case .none = stream.outbound, stream.response == nil { return }
        stream.isReady = true
        ready.append(stream)
    }

    /// Lets the streams that wait send, a chunk each in turn, while the connection takes it.
    func pumpReady() {
        while let stream = ready.popFirst() {
            if stream.isClosed { continue }
            if outgoing.readableBytes >= settings.writeChunk { flush() }
            guard canWrite, sendWindow > 0 || stream.response != nil else {
                ready.prepend(stream)
                break
            }
            stream.isReady = false
            if let response = stream.response {
                stream.response = nil
                start(response, stream)
            } else {
                pump(stream)
            }
        }
    }

    /// Sends up to a chunk of one stream.
    private func pump(_ stream: HTTP2Stream) {
        let limit = outgoing.readableBytes + settings.writeChunk
        while !stream.isClosed {
            let room = min(stream.sendWindow, sendWindow, Self.maximumFrame - HTTP2FrameHeader.size)
            if isDone(stream) {
                outgoing.writeFrameHeader(
                    HTTP2FrameHeader.Kind.data, length: 0, flags: HTTP2FrameHeader.Flag.endStream,
                    stream: stream.id)
                finish(stream)
                return
            }
            guard room > 0 else {
                block(stream)
                return
            }
            guard outgoing.readableBytes < limit else {
                markReady(stream)
                return
            }
            guard writeFrame(stream, room) else { return }
        }
    }

    private func isDone(_ stream: HTTP2Stream) -> Bool {
        if case .ended = stream.outbound { stream.waiting.readableBytes == 0 } else { false }
    }

    /// Writes one DATA frame; false when the stream has nothing for now.
    private func writeFrame(_ stream: HTTP2Stream, _ room: Int) -> Bool {
        let payload = outgoing.beginFrame()
        if stream.waiting.readableBytes > 0 {
            if var slice = stream.waiting.readSlice(length: min(room, stream.waiting.readableBytes)) {
                outgoing.writeBuffer(&slice)
            }
            if stream.waiting.readableBytes == 0 {
                stream.waiting = ByteBuffer()
                stream.writer?.gate.set(isWritable: true)
            }
        } else {
            switch stream.outbound {
            case .pieces(var reader):
                // One owner, so that reading on copies nothing.
                stream.outbound = .none
                reader.fill(&outgoing, limit: outgoing.readableBytes + room)
                stream.outbound = reader.isAtEnd ? .ended : .pieces(reader)
            case .pulled(let body):
                guard pull(body, stream, payload, room) else { return false }
            case .none, .writer, .ended:
                outgoing.moveWriterIndex(to: payload - HTTP2FrameHeader.size)
                return false
            }
        }
        let length = outgoing.writerIndex - payload
        stream.sendWindow -= length
        stream.sent += length
        sendWindow -= length
        meter.credit(2)
        let isEnd = isDone(stream)
        outgoing.endFrame(
            HTTP2FrameHeader.Kind.data, payload: payload, flags: isEnd ? HTTP2FrameHeader.Flag.endStream : 0,
            stream: stream.id)
        if isEnd { finish(stream) }
        return true
    }

    /// Fetches bytes of a body behind the header of a frame; what does not fit into it waits. False when there is
    /// nothing, and no frame.
    private func pull(_ body: any PulledBody, _ stream: HTTP2Stream, _ payload: Int, _ room: Int) -> Bool {
        let header = payload - HTTP2FrameHeader.size
        let result = body.pull(into: &outgoing, limit: outgoing.readableBytes + room)
        // The body may have led to the end of this stream, by a call of its own.
        guard !stream.isClosed else {
            outgoing.moveWriterIndex(to: header)
            return false
        }
        switch result {
        case .more, .wait: break
        case .end: stream.outbound = .ended
        case .abort:
            outgoing.moveWriterIndex(to: header)
            body.cancel()
            reset(stream, .internalError)
            return false
        }
        let length = outgoing.writerIndex - payload
        if length == 0, !isDone(stream) {
            outgoing.moveWriterIndex(to: header)
            if case .more = result { markReady(stream) }
            return false
        }
        if length > room {
            stream.waiting = ByteBuffer()
            stream.waiting.writeBytes(outgoing.readableBytesView.suffix(length - room))
            outgoing.moveWriterIndex(to: payload + room)
        }
        return true
    }

    /// The client's windows are full. An answer that is complete does not wait for them for ever.
    private func block(_ stream: HTTP2Stream) {
        stream.writer?.gate.set(isWritable: false)
        if stream.sendWindow > 0 {
            markReady(stream)
        }
        guard stream.isFinite, stream.timer == nil else { return }
        let sent = stream.sent
        stream.timer = eventLoop.scheduleTask(in: TimeAmount(settings.writeTimeout)) { [weak self] in
            stream.timer = nil
            guard let self, !stream.isClosed else { return }
            // Who takes a little from time to time is slow, not gone.
            guard stream.sent == sent else { return }
            self.reset(stream, .cancel)
            self.flush()
        }
    }
}
