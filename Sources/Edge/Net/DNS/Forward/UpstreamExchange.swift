internal import NIOCore
internal import NIOPosix

/// Asks servers one question until one answers. Each attempt has a socket and an id of its own: the source port
/// is the kernel's random choice, and a connected socket hears nobody but the server (RFC 5452 section 9).
///
/// All state is confined to `loop`: `start` hops there, and the channels are opened on it.
final class UpstreamExchange: @unchecked Sendable {
    struct Outcome: Sendable {
        /// The answer to give on; also a failure that a server reported when none did better.
        var answer: UpstreamAnswer?
        /// The place of the server that answered well.
        var server: Int?
    }

    private let question: UpstreamQuestion
    private let servers: [SocketAddress]
    private let timeout: TimeAmount
    private let loop: any EventLoop
    private let completion: @Sendable (Outcome) -> Void

    private var plan: ExchangePlan
    private var attempt = 0
    private var server = 0
    private var id: UInt16 = 0
    private var channel: (any Channel)?
    private var timer: Scheduled<Void>?
    private var latest: UpstreamAnswer?
    private var isFinished = false

    init(
        _ question: UpstreamQuestion, servers: [SocketAddress], first: Int, timeout: TimeAmount,
        on loop: any EventLoop, completion: @escaping @Sendable (Outcome) -> Void
    ) {
        self.question = question
        self.servers = servers
        self.timeout = timeout
        self.loop = loop
        self.completion = completion
        plan = ExchangePlan(servers: servers.count, first: first)
    }

    func start() {
        loop.execute { [self] in perform(plan.begin()) }
    }

    private func perform(_ action: ExchangePlan.Action) {
        endAttempt()
        switch action {
        case .ask(let server, let transport, let edns):
            self.server = server
            ask(transport, edns: edns)
        case .accept: finish(Outcome(answer: latest, server: server))
        case .giveUp: finish(Outcome(answer: latest, server: nil))
        }
    }

    private func finish(_ outcome: Outcome) {
        isFinished = true
        completion(outcome)
    }

    private func endAttempt() {
        attempt += 1
        timer?.cancel()
        timer = nil
        channel?.close(promise: nil)
        channel = nil
    }

    private func ask(_ transport: ExchangePlan.Transport, edns: Bool) {
        let attempt = attempt
        id = UInt16.random(in: 0...UInt16.max)
        let message = question.message(id: id, edns: edns)
        timer = loop.scheduleTask(in: timeout) { [self] in handle(.timeout, attempt) }
        connect(transport, attempt).whenComplete { [self] result in
            switch result {
            case .success(let channel): send(message, transport, on: channel, attempt)
            case .failure: handle(.failure, attempt)
            }
        }
    }

    private func connect(
        _ transport: ExchangePlan.Transport, _ attempt: Int
    ) -> EventLoopFuture<any Channel> {
        let report: @Sendable (UpstreamHandler.Event) -> Void = { [self] event in receive(event, attempt) }
        switch transport {
        case .datagram:
            return DatagramBootstrap(group: loop)
                .channelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 4096))
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandlers(
                            DatagramContentHandler(), UpstreamHandler(report))
                    }
                }
                .connect(to: servers[server])
        case .stream:
            return ClientBootstrap(group: loop)
                .connectTimeout(timeout)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandlers(
                            ByteToMessageHandler(MessageFrameDecoder()), UpstreamHandler(report))
                    }
                }
                .connect(to: servers[server])
        }
    }

    private func send(
        _ message: [UInt8], _ transport: ExchangePlan.Transport, on channel: any Channel, _ attempt: Int
    ) {
        guard attempt == self.attempt, !isFinished else {
            channel.close(promise: nil)
            return
        }
        self.channel = channel
        var buffer = channel.allocator.buffer(capacity: message.count + 2)
        if transport == .stream { buffer.writeInteger(UInt16(message.count)) }
        buffer.writeBytes(message)
        channel.writeAndFlush(buffer, promise: nil)
    }

    private func receive(_ event: UpstreamHandler.Event, _ attempt: Int) {
        switch event {
        case .closed: handle(.failure, attempt)
        case .message(let message):
            // What does not answer the question is as if it had not come: the true answer may still.
            guard attempt == self.attempt, !isFinished, question.isAnswered(by: message, id: id),
                let header = MessageHeader(message)
            else { return }
            do throws(MessageError) {
                // The records of a truncated answer may end anywhere.
                if !header.flags.contains(.truncated) { latest = try UpstreamAnswer(message) }
                handle(.answer(header.code, isTruncated: header.flags.contains(.truncated)), attempt)
            } catch {
                handle(.failure, attempt)
            }
        }
    }

    private func handle(_ event: ExchangePlan.Event, _ attempt: Int) {
        guard attempt == self.attempt, !isFinished else { return }
        perform(plan.handle(event))
    }
}
