internal import NIOCore

extension HTTP2ServerConnection {
    /// A frame as a whole.
    func take(_ header: HTTP2FrameHeader, _ payload: ByteBuffer) throws(HTTP2Failure) {
        if let pendingBlock {
            guard header.kind == HTTP2FrameHeader.Kind.continuation, header.stream == pendingBlock.stream
            else {
                throw HTTP2Failure(.protocolError, "a header block was interrupted")
            }
        }
        switch header.kind {
        case HTTP2FrameHeader.Kind.data: try takeData(header, payload)
        case HTTP2FrameHeader.Kind.headers: try takeHeaders(header, payload)
        case HTTP2FrameHeader.Kind.continuation: try takeContinuation(header, payload)
        case HTTP2FrameHeader.Kind.resetStream: try takeReset(header, payload)
        case HTTP2FrameHeader.Kind.settings: try takeSettings(header, payload)
        case HTTP2FrameHeader.Kind.ping: try takePing(header, payload)
        case HTTP2FrameHeader.Kind.windowUpdate: try takeWindowUpdate(header, payload)
        case HTTP2FrameHeader.Kind.priority:
            guard header.stream != 0 else { throw Self.wrongStream }
            guard header.length == 5 else { throw Self.wrongLength }
            try charge(1)
        case HTTP2FrameHeader.Kind.goAway:
            guard header.stream == 0 else { throw Self.wrongStream }
            try charge(1)
        case HTTP2FrameHeader.Kind.pushPromise: throw HTTP2Failure(.protocolError, "clients do not push")
        default: try charge(1)
        }
    }

    static let wrongStream = HTTP2Failure(.protocolError, "frame on a stream that it does not belong to")
    static let wrongLength = HTTP2Failure(.frameSizeError, "frame of a wrong length")

    private func takeReset(_ header: HTTP2FrameHeader, _ payload: ByteBuffer) throws(HTTP2Failure) {
        guard header.length == 4 else { throw Self.wrongLength }
        guard header.stream != 0, header.stream <= lastStream else { throw Self.wrongStream }
        // What was begun for nothing costs the server most.
        try charge(5)
        if let stream = streams[header.stream] { end(stream) }
    }

    private func takePing(_ header: HTTP2FrameHeader, _ payload: ByteBuffer) throws(HTTP2Failure) {
        var payload = payload
        guard header.stream == 0 else { throw Self.wrongStream }
        guard header.length == 8, let data: UInt64 = payload.readInteger() else { throw Self.wrongLength }
        try charge(2)
        if header.has(HTTP2FrameHeader.Flag.ack) {
            if data == Self.shutdownPing { finishGoAway() }
        } else {
            outgoing.writePing(data, isAcknowledgement: true)
        }
    }

    private func takeSettings(_ header: HTTP2FrameHeader, _ payload: ByteBuffer) throws(HTTP2Failure) {
        guard header.stream == 0 else { throw Self.wrongStream }
        if header.has(HTTP2FrameHeader.Flag.ack) {
            guard header.length == 0 else { throw Self.wrongLength }
            try charge(1)
            return
        }
        guard header.length % 6 == 0 else { throw Self.wrongLength }
        try charge(4)
        var payload = payload
        while let name: UInt16 = payload.readInteger(), let value: UInt32 = payload.readInteger() {
            switch name {
            case HTTP2Setting.initialWindowSize: try setInitialWindow(Int(value))
            case HTTP2Setting.maximumFrameSize where !(16384...16_777_215).contains(value),
                HTTP2Setting.enablePush where value > 1:
                throw HTTP2Failure(.protocolError, "setting out of its range")
            // Larger frames than the smallest allowed are not sent, no table is kept for answers, and nothing is
            // pushed.
            default: break
            }
        }
        outgoing.writeSettingsAcknowledgement()
    }

    private func setInitialWindow(_ size: Int) throws(HTTP2Failure) {
        guard size <= HTTP2Setting.maximumWindow else {
            throw HTTP2Failure(.flowControlError, "initial window out of its range")
        }
        let difference = size - peerInitialWindow
        peerInitialWindow = size
        guard difference != 0 else { return }
        for stream in streams.values {
            stream.sendWindow += difference
            guard stream.sendWindow <= HTTP2Setting.maximumWindow else {
                throw HTTP2Failure(.flowControlError, "window too large")
            }
            if difference > 0 { markReady(stream) }
        }
    }

    private func takeWindowUpdate(_ header: HTTP2FrameHeader, _ payload: ByteBuffer) throws(HTTP2Failure) {
        var payload = payload
        guard header.length == 4, let value: UInt32 = payload.readInteger() else { throw Self.wrongLength }
        let increment = Int(value & 0x7fff_ffff)
        try charge(1)
        guard header.stream != 0 else {
            guard increment > 0 else { throw HTTP2Failure(.protocolError, "empty window update") }
            sendWindow += increment
            guard sendWindow <= HTTP2Setting.maximumWindow else {
                throw HTTP2Failure(.flowControlError, "window too large")
            }
            return
        }
        guard header.stream <= lastStream else { throw Self.wrongStream }
        guard let stream = streams[header.stream] else { return }
        stream.sendWindow += increment
        guard increment > 0, stream.sendWindow <= HTTP2Setting.maximumWindow else {
            reset(stream, increment > 0 ? .flowControlError : .protocolError)
            return
        }
        markReady(stream)
    }
}
