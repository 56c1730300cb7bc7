internal import NIOCore
internal import Synchronization

/// Answers the queries that come over UDP. Replies to one burst of datagrams leave together.
final class DatagramQueryHandler: ChannelInboundHandler {
    typealias InboundIn = AddressedEnvelope<ByteBuffer>
    typealias OutboundOut = AddressedEnvelope<ByteBuffer>

    private let resolver: QueryResolver
    private let counters: DNSCounters

    init(_ resolver: QueryResolver, counters: DNSCounters) {
        self.resolver = resolver
        self.counters = counters
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let envelope = unwrapInboundIn(data)
        let message = Array(envelope.data.readableBytesView)
        let client = envelope.remoteAddress
        switch resolver.answer(message, over: .datagram, on: context.eventLoop) {
        case .none: break
        case .now(let reply):
            guard context.channel.isWritable else {
                counters.droppedReplies.add(1, ordering: .relaxed)
                return
            }
            let buffer = context.channel.allocator.buffer(bytes: reply)
            context.write(wrapOutboundOut(OutboundOut(remoteAddress: client, data: buffer)), promise: nil)
        case .later(let future):
            let channel = context.channel
            let counters = counters
            future.whenSuccess { reply in
                guard channel.isActive, channel.isWritable else {
                    counters.droppedReplies.add(1, ordering: .relaxed)
                    return
                }
                let buffer = channel.allocator.buffer(bytes: reply)
                channel.writeAndFlush(OutboundOut(remoteAddress: client, data: buffer), promise: nil)
            }
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        context.flush()
        context.fireChannelReadComplete()
    }

    /// An error about one datagram (a client that has gone) is no reason to stop.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {}
}
