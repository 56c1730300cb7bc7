import EdgeBase
import NIOCore
import NIOPosix
import Synchronization

@testable import EdgeDNS

/// A name server on loopback whose answers a test writes.
final class FakeUpstream: Sendable {
    /// What to send back for a query: any number of messages.
    typealias Script = @Sendable (_ query: DNSQuery, _ isStream: Bool) -> [[UInt8]]

    let port: Int
    private let channels: [any Channel]
    private let asked = Mutex<[String]>([])
    private let script: Mutex<Script>

    private final class Answerer: Sendable {
        let owner = Mutex<FakeUpstream?>(nil)
        func answer(_ message: [UInt8], isStream: Bool) -> [[UInt8]] {
            guard let owner = owner.withLock({ $0 }), case .query(let query) = DNSQuery.parse(message) else {
                return []
            }
            owner.asked.withLock { $0.append("\(isStream ? "tcp" : "udp") \(query.name)") }
            return owner.script.withLock { $0 }(query, isStream)
        }
    }
    private let answerer: Answerer

    static func start(_ script: @escaping Script) async throws -> FakeUpstream {
        let answerer = Answerer()
        let group = MultiThreadedEventLoopGroup.singleton
        let datagrams = try await DatagramBootstrap(group: group).channelInitializer { channel in
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHandler(Datagrams(answerer))
            }
        }.bind(host: "127.0.0.1", port: 0).get()
        let port = datagrams.localAddress?.port ?? 0
        let streams = try await ServerBootstrap(group: group)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandlers(
                        ByteToMessageHandler(MessageFrameDecoder()), Streams(answerer))
                }
            }.bind(host: "127.0.0.1", port: port).get()
        let upstream = FakeUpstream(port, [datagrams, streams], script, answerer)
        answerer.owner.withLock { $0 = upstream }
        return upstream
    }

    private init(_ port: Int, _ channels: [any Channel], _ script: @escaping Script, _ answerer: Answerer) {
        self.port = port
        self.channels = channels
        self.script = Mutex(script)
        self.answerer = answerer
    }

    /// `udp www.example.com.` for each query that came.
    var queries: [String] { asked.withLock { $0 } }

    func replaceScript(_ script: @escaping Script) {
        self.script.withLock { $0 = script }
    }

    func stop() async {
        answerer.owner.withLock { $0 = nil }
        for channel in channels { try? await channel.close() }
    }

    private final class Datagrams: ChannelInboundHandler {
        typealias InboundIn = AddressedEnvelope<ByteBuffer>
        typealias OutboundOut = AddressedEnvelope<ByteBuffer>
        let answerer: Answerer
        init(_ answerer: Answerer) { self.answerer = answerer }
        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let envelope = unwrapInboundIn(data)
            for reply in answerer.answer(Array(envelope.data.readableBytesView), isStream: false) {
                let answer = OutboundOut(
                    remoteAddress: envelope.remoteAddress, data: ByteBuffer(bytes: reply))
                context.writeAndFlush(wrapOutboundOut(answer), promise: nil)
            }
        }
    }

    private final class Streams: ChannelInboundHandler {
        typealias InboundIn = [UInt8]
        typealias OutboundOut = ByteBuffer
        let answerer: Answerer
        init(_ answerer: Answerer) { self.answerer = answerer }
        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            for reply in answerer.answer(unwrapInboundIn(data), isStream: true) {
                var buffer = ByteBuffer(integer: UInt16(reply.count))
                buffer.writeBytes(reply)
                context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
            }
        }
    }
}

extension DNSQuery {
    /// An answer of one address to this query.
    func addressReply(_ last: UInt8, ttl: UInt32 = 60) -> [UInt8] {
        var writer = ReplyWriter(to: self, limit: 65535)
        writer.add(.answer, name, .a, ttl: ttl, .address(.v4(IPv4Address(192, 0, 2, last))))
        return writer.finish(.noError, authoritative: false)
    }

    /// The beginning of an answer that is too large for UDP.
    var truncatedReply: [UInt8] {
        var reply = errorReply(.noError)
        reply[2] |= 0x02
        return reply
    }

    /// A denial with an SOA.
    func denial(minimum: UInt32) -> [UInt8] {
        var writer = ReplyWriter(to: self, limit: 65535)
        writer.add(
            .authority, .root, .soa, ttl: 900,
            .authority(ZoneAuthority(server: .root, mailbox: .root, serial: 1, minimum: minimum)))
        return writer.finish(.nameError, authoritative: false)
    }
}
