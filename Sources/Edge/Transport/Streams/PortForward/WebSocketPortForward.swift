internal import NIOCore

/// Port-forward over WebSocket channels, as the Python client uses it: for port number `n` of the request the
/// channels `2n` (data) and `2n + 1` (errors). The server begins each channel with the port, 16 bits in
/// little endian.
enum WebSocketPortForward {
    private static let maximumPorts = 64
    private static let mark = 256 * 1024

    static func answer(
        _ request: HTTPServerRequest, _ offered: [String], _ handler: @escaping PortForwardHandler
    ) -> HTTPServerResponse {
        guard let kind = ChannelProtocol.choose(offered, from: ChannelProtocol.portForward) else {
            return .text(403, "none of the sub-protocols is supported: \(offered.joined(separator: ", "))\n")
        }
        let texts = request.head.target.values("ports").flatMap { $0.split(separator: ",") }
        let ports = texts.compactMap { UInt16($0) }.filter { $0 > 0 }.map { Int($0) }
        guard !ports.isEmpty, ports.count == texts.count, ports.count <= maximumPorts else {
            return .text(400, "query parameter \"ports\" must name 1 to \(maximumPorts) ports\n")
        }
        return WebSocketConnection.upgrade(request, subprotocol: kind.name) { socket in
            await serve(socket, kind, ports, handler)
        }
    }

    private static func serve(
        _ socket: WebSocketConnection, _ kind: ChannelProtocol, _ ports: [Int],
        _ handler: @escaping PortForwardHandler
    ) async {
        let streams = ports.indices.map {
            ChannelByteStream(socket, kind, channel: UInt8($0 * 2), mark: mark)
        }
        await RemoteCommandServer.run {
            let failure = await read(socket, kind, streams)
            for stream in streams { stream.inputEnded(failure) }
        } command: {
            await withTaskGroup(of: Void.self) { group in
                for (port, stream) in zip(ports, streams) {
                    group.addTask { await forward(socket, kind, port, stream, handler) }
                }
            }
        }
    }

    private static func forward(
        _ socket: WebSocketConnection, _ kind: ChannelProtocol, _ port: Int, _ stream: ChannelByteStream,
        _ handler: PortForwardHandler
    ) async {
        func send(_ channel: UInt8, _ bytes: ByteBuffer) async throws {
            let message = kind.message(channel, bytes)
            try await socket.send(message.bytes, isText: message.isText)
        }
        do {
            let prefix = ByteBuffer(integer: UInt16(port), endianness: .little)
            try await send(stream.channel, prefix)
            try await send(stream.channel + 1, prefix)
            try await handler(port, stream)
        } catch {
            try? await send(stream.channel + 1, ByteBuffer(string: PortForwardServer.message(port, error)))
        }
    }

    private static func read(
        _ socket: WebSocketConnection, _ kind: ChannelProtocol, _ streams: [ChannelByteStream]
    ) async -> (any Error)? {
        var demultiplexer = ChannelDemultiplexer(kind)
        do {
            while let part = try await socket.receive() {
                guard let (channel, bytes) = try demultiplexer.receive(part) else { continue }
                // Clients have nothing to say on error channels, and other channels do not exist.
                guard channel % 2 == 0, Int(channel) / 2 < streams.count else { continue }
                await streams[Int(channel) / 2].received(bytes)
            }
            return nil
        } catch {
            return error
        }
    }
}

/// One channel of a WebSocket as a byte stream. The protocol has no way to end one direction of one channel.
final class ChannelByteStream: ByteStream {
    let channel: UInt8
    private let socket: WebSocketConnection
    private let kind: ChannelProtocol
    private let mark: Int
    private let inbound: InboundQueue<ByteBuffer>
    private let room = RoomGate()

    init(_ socket: WebSocketConnection, _ kind: ChannelProtocol, channel: UInt8, mark: Int) {
        self.socket = socket
        self.kind = kind
        self.channel = channel
        self.mark = mark
        let room = room
        inbound = InboundQueue(size: \.readableBytes) { _, left in
            if left < mark / 2 { room.set(isFull: false) }
        }
    }

    func read() async throws -> ByteBuffer? { try await inbound.next() }

    func write(_ bytes: ByteBuffer) async throws {
        var rest = bytes
        while let part = rest.readSlice(length: min(rest.readableBytes, 32 * 1024)), part.readableBytes > 0 {
            let message = kind.message(channel, part)
            try await socket.send(message.bytes, isText: message.isText)
        }
    }

    func finish() async throws {}

    func close() {
        inbound.end(StreamError.closed)
        room.open()
    }

    var isOpen: Bool { !inbound.isEnded }

    /// Takes bytes of the peer; waits while too many lie unread.
    func received(_ bytes: ByteBuffer) async {
        guard bytes.readableBytes > 0, inbound.push(bytes) > mark else { return }
        room.set(isFull: true)
        if inbound.buffered < mark / 2 { room.set(isFull: false) }
        await withTaskCancellationHandler {
            await room.wait()
        } onCancel: {
            room.open()
        }
    }

    func inputEnded(_ error: (any Error)?) { inbound.end(error) }
}
