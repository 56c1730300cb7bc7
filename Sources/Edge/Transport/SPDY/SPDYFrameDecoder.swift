internal import NIOCore

/// Takes frames out of a stream of bytes. Control frames are limited in size; data is handed on as it
/// arrives.
struct SPDYFrameDecoder {
    private static let maximumControl = 32 * 1024
    private static let maximumHeaders = 100

    private let inflater: SPDYHeaderInflater
    /// The data frame of which some bytes are still to come.
    private var data: (id: UInt32, left: Int, fin: Bool)?

    init() throws(StreamError) {
        inflater = try SPDYHeaderInflater()
    }

    mutating func next(from buffer: inout ByteBuffer) throws(StreamError) -> SPDYFrame? {
        if let data { return part(data, &buffer) }
        guard let first = buffer.getInteger(at: buffer.readerIndex, as: UInt32.self),
            let second = buffer.getInteger(at: buffer.readerIndex + 4, as: UInt32.self)
        else { return nil }
        let flags = UInt8(second >> 24)
        let length = Int(second & 0xff_ffff)
        guard first & 0x8000_0000 != 0 else {
            guard first != 0 else { throw .protocolViolation("SPDY data for stream 0") }
            buffer.moveReaderIndex(forwardBy: 8)
            return part((first, length, flags & 1 != 0), &buffer)
        }
        guard first >> 16 & 0x7fff == 3 else {
            throw .protocolViolation("SPDY version \(first >> 16 & 0x7fff) instead of 3")
        }
        guard length <= Self.maximumControl else {
            throw .limitExceeded("SPDY control frame of \(length) bytes")
        }
        guard buffer.readableBytes >= 8 + length else { return nil }
        buffer.moveReaderIndex(forwardBy: 8)
        guard var body = buffer.readSlice(length: length) else { return nil }
        return try control(UInt16(first & 0xffff), flags & 1 != 0, &body)
    }

    private mutating func part(_ frame: (id: UInt32, left: Int, fin: Bool), _ buffer: inout ByteBuffer)
        -> SPDYFrame?
    {
        let length = min(frame.left, buffer.readableBytes)
        guard length > 0 || frame.left == 0, let bytes = buffer.readSlice(length: length) else {
            data = frame
            return nil
        }
        let isEnd = length == frame.left
        data = isEnd ? nil : (frame.id, frame.left - length, frame.fin)
        return .data(id: frame.id, bytes: bytes, fin: isEnd && frame.fin)
    }

    private func control(_ type: UInt16, _ fin: Bool, _ body: inout ByteBuffer) throws(StreamError)
        -> SPDYFrame
    {
        switch type {
        case SPDYFrameType.synStream:
            let id = try streamID(&body)
            guard body.readBytes(length: 6) != nil else { throw Self.malformed }
            return .synStream(id: id, headers: try headers(&body), fin: fin)
        case SPDYFrameType.synReply:
            return .synReply(id: try streamID(&body), headers: try headers(&body), fin: fin)
        case SPDYFrameType.headers:
            return .headers(id: try streamID(&body), headers: try headers(&body), fin: fin)
        case SPDYFrameType.rstStream:
            return .rstStream(id: try streamID(&body), status: SPDYStatus(rawValue: try integer(&body)))
        case SPDYFrameType.settings: return try settings(&body)
        case SPDYFrameType.ping: return .ping(id: try integer(&body))
        case SPDYFrameType.goAway:
            return .goAway(lastID: try integer(&body) & 0x7fff_ffff, status: try integer(&body))
        case SPDYFrameType.windowUpdate:
            return .windowUpdate(
                id: try integer(&body) & 0x7fff_ffff, delta: try integer(&body) & 0x7fff_ffff)
        default: return .unknown
        }
    }

    private static let malformed = StreamError.protocolViolation("malformed SPDY frame")

    private func integer(_ body: inout ByteBuffer) throws(StreamError) -> UInt32 {
        guard let value: UInt32 = body.readInteger() else { throw Self.malformed }
        return value
    }

    private func streamID(_ body: inout ByteBuffer) throws(StreamError) -> UInt32 {
        let id = try integer(&body) & 0x7fff_ffff
        guard id != 0 else { throw .protocolViolation("SPDY stream 0") }
        return id
    }

    private func settings(_ body: inout ByteBuffer) throws(StreamError) -> SPDYFrame {
        let count = try integer(&body)
        guard Int(count) * 8 == body.readableBytes else { throw Self.malformed }
        var window: UInt32?
        for _ in 0..<count {
            let id = try integer(&body) & 0xff_ffff
            let value = try integer(&body)
            if id == 7 { window = value }
        }
        return .settings(initialWindow: window)
    }

    private func headers(_ body: inout ByteBuffer) throws(StreamError) -> SPDYHeaders {
        let compressed = body.readBytes(length: body.readableBytes) ?? []
        var block = ByteBuffer(bytes: try inflater.decompress(compressed))
        let count = try integer(&block)
        guard count <= Self.maximumHeaders else { throw .limitExceeded("\(count) SPDY headers") }
        var headers: SPDYHeaders = [:]
        for _ in 0..<count {
            let name = try string(&block)
            for value in try string(&block).split(separator: "\0", omittingEmptySubsequences: false) {
                headers.add(name, String(value))
            }
        }
        return headers
    }

    private func string(_ block: inout ByteBuffer) throws(StreamError) -> String {
        let length = try integer(&block)
        guard let text = block.readString(length: Int(length)) else { throw Self.malformed }
        return text
    }
}
