internal import NIOCore

/// Cuts a TCP stream into messages: each follows its length in two bytes (RFC 1035 section 4.2.2).
struct MessageFrameDecoder: ByteToMessageDecoder {
    typealias InboundOut = [UInt8]

    /// A peer announced a message larger than is taken.
    struct MessageTooLarge: Error, CustomStringConvertible {
        let length: Int
        var description: String { "dns message of \(length) bytes on a stream is too large" }
    }

    private let maximumLength: Int

    init(maximumLength: Int = Int(UInt16.max)) {
        self.maximumLength = maximumLength
    }

    mutating func decode(context: ChannelHandlerContext, buffer: inout ByteBuffer) throws -> DecodingState {
        guard let length = buffer.getInteger(at: buffer.readerIndex, as: UInt16.self).map(Int.init) else {
            return .needMoreData
        }
        guard length <= maximumLength else { throw MessageTooLarge(length: length) }
        guard let message = buffer.getBytes(at: buffer.readerIndex + 2, length: length) else {
            return .needMoreData
        }
        buffer.moveReaderIndex(forwardBy: length + 2)
        context.fireChannelRead(wrapInboundOut(message))
        return .continue
    }

    mutating func decodeLast(
        context: ChannelHandlerContext, buffer: inout ByteBuffer, seenEOF: Bool
    ) throws -> DecodingState {
        try decode(context: context, buffer: &buffer)
    }
}
