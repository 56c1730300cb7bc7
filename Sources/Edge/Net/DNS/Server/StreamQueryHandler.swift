internal import NIOCore

/// Answers the queries of one TCP connection, in whatever order the answers come (RFC 7766 section 7). While
/// too many are open, or the client does not take its replies, nothing more is read.
final class StreamQueryHandler: ChannelDuplexHandler {
    typealias InboundIn = [UInt8]
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let resolver: QueryResolver
    private let maximumOpen: Int
    private var open = 0
    private var isReadHeld = false

    init(_ resolver: QueryResolver, maximumOpen: Int) {
        self.resolver = resolver
        self.maximumOpen = maximumOpen
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch resolver.answer(unwrapInboundIn(data), over: .stream, on: context.eventLoop) {
        case .none:
            // Who sends anything but queries over a connection has no use for it.
            context.close(promise: nil)
        case .now(let reply): context.write(wrapOutboundOut(frame(reply, context)), promise: nil)
        case .later(let future):
            open += 1
            let handler = NIOLoopBound(self, eventLoop: context.eventLoop)
            let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
            future.whenSuccess { reply in handler.value.finish(reply, bound.value) }
        }
    }

    private func finish(_ reply: [UInt8], _ context: ChannelHandlerContext) {
        open -= 1
        guard context.channel.isActive else { return }
        context.writeAndFlush(wrapOutboundOut(frame(reply, context)), promise: nil)
        resumeReading(context)
    }

    private func frame(_ reply: [UInt8], _ context: ChannelHandlerContext) -> ByteBuffer {
        var buffer = context.channel.allocator.buffer(capacity: reply.count + 2)
        buffer.writeInteger(UInt16(reply.count))
        buffer.writeBytes(reply)
        return buffer
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        context.flush()
        context.fireChannelReadComplete()
    }

    func read(context: ChannelHandlerContext) {
        if open < maximumOpen, context.channel.isWritable {
            context.read()
        } else {
            isReadHeld = true
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        resumeReading(context)
        context.fireChannelWritabilityChanged()
    }

    private func resumeReading(_ context: ChannelHandlerContext) {
        guard isReadHeld, open < maximumOpen, context.channel.isWritable else { return }
        isReadHeld = false
        context.read()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard event is IdleStateHandler.IdleStateEvent else {
            context.fireUserInboundEventTriggered(event)
            return
        }
        if open == 0 || !context.channel.isWritable { context.close(promise: nil) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
