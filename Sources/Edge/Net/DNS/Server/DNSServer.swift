internal import EdgeBase
internal import NIOCore
internal import NIOPosix
internal import Synchronization

/// The sockets: UDP and TCP on every address.
final class DNSServer: Sendable {
    /// Queries are short; the rest is for options.
    private static let maximumQueryLength = 4096
    private static let datagramsPerRead = 8

    private let resolver: QueryResolver
    private let limits: DNSConfiguration.Limits
    private let counters: DNSCounters
    private let group: any EventLoopGroup
    private let connections: ConnectionLimiter
    private let channels = Mutex<[any Channel]>([])

    init(
        _ resolver: QueryResolver, limits: DNSConfiguration.Limits, counters: DNSCounters,
        group: any EventLoopGroup
    ) {
        self.resolver = resolver
        self.limits = limits
        self.counters = counters
        self.group = group
        connections = ConnectionLimiter(
            maximum: limits.connections, maximumPerClient: limits.connectionsPerClient)
    }

    /// Opens the sockets, all or none. With port 0 the kernel chooses one for UDP and TCP takes the same.
    /// Returns the port of the last address.
    func bind(_ addresses: [IPAddress], port: Int) async throws -> Int {
        var bound = port
        for address in addresses {
            do {
                let datagrams = try await bindDatagrams(SocketAddress(ipAddress: "\(address)", port: port))
                channels.withLock { $0.append(datagrams) }
                bound = datagrams.localAddress?.port ?? port
                let streams = try await bindStreams(SocketAddress(ipAddress: "\(address)", port: bound))
                channels.withLock { $0.append(streams) }
            } catch {
                await close()
                throw DNSError.cannotListen(address: address, port: bound, cause: "\(error)")
            }
        }
        return bound
    }

    func close() async {
        let channels = channels.withLock { channels in
            defer { channels = [] }
            return channels
        }
        for channel in channels { try? await channel.close() }
    }

    private func bindDatagrams(_ address: SocketAddress) async throws -> any Channel {
        let count = Self.datagramsPerRead
        return try await DatagramBootstrap(group: group)
            .channelOption(.datagramVectorReadMessageCount, value: count)
            .channelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: count * 2048))
            .channelInitializer { [resolver, counters] channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        DatagramQueryHandler(resolver, counters: counters))
                }
            }
            .bind(to: address).get()
    }

    private func bindStreams(_ address: SocketAddress) async throws -> any Channel {
        try await ServerBootstrap(group: group)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelOption(.backlog, value: 128)
            .childChannelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 4096))
            .childChannelOption(.maxMessagesPerRead, value: 1)
            .childChannelInitializer { [self] channel in
                channel.eventLoop.makeCompletedFuture { try prepare(channel) }
            }
            .bind(to: address).get()
    }

    private func prepare(_ channel: any Channel) throws {
        let client = channel.remoteAddress?.ipAddress ?? ""
        guard connections.admit(client) else {
            counters.refusedConnections.add(1, ordering: .relaxed)
            throw DNSError.tooManyConnections
        }
        channel.closeFuture.whenComplete { [connections] _ in connections.release(client) }
        try channel.pipeline.syncOperations.addHandlers(
            ByteToMessageHandler(MessageFrameDecoder(maximumLength: Self.maximumQueryLength)),
            IdleStateHandler(allTimeout: limits.idleTime),
            StreamQueryHandler(resolver, maximumOpen: limits.questionsPerConnection))
    }
}
