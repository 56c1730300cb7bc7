internal import NIOCore

/// Tells an exchange of the messages that a server sends, and of the end of the connection.
final class UpstreamHandler: ChannelInboundHandler {
    typealias InboundIn = [UInt8]

    enum Event: Sendable {
        case message([UInt8])
        case closed
    }

    private let report: @Sendable (Event) -> Void

    init(_ report: @escaping @Sendable (Event) -> Void) {
        self.report = report
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        report(.message(unwrapInboundIn(data)))
    }

    func channelInactive(context: ChannelHandlerContext) {
        report(.closed)
        context.fireChannelInactive()
    }

    /// Over UDP this is "port unreachable": the next server is asked at once.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        report(.closed)
        context.close(promise: nil)
    }
}

/// Takes the message out of a datagram that came on a connected socket.
final class DatagramContentHandler: ChannelInboundHandler {
    typealias InboundIn = AddressedEnvelope<ByteBuffer>
    typealias InboundOut = [UInt8]

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        context.fireChannelRead(wrapInboundOut(Array(unwrapInboundIn(data).data.readableBytesView)))
    }
}
