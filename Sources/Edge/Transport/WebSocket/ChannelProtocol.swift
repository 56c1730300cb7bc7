internal import EdgeJSON
internal import NIOCore

/// Kubernetes' channel protocols over WebSocket: each message begins with the number of its channel.
struct ChannelProtocol: Sendable, Equatable {
    /// What the sub-protocol is called; empty for none.
    let name: String
    /// 1, 4 or 5.
    let version: Int
    /// The channel is a digit and the rest Base64, in text messages.
    let isBase64: Bool

    /// In v5 a message on this channel closes the channel that it names.
    static let closeChannel: UInt8 = 255

    static let remoteCommand = [
        ChannelProtocol(name: "v5.channel.k8s.io", version: 5, isBase64: false),
        ChannelProtocol(name: "v4.channel.k8s.io", version: 4, isBase64: false),
        ChannelProtocol(name: "v4.base64.channel.k8s.io", version: 4, isBase64: true),
        ChannelProtocol(name: "channel.k8s.io", version: 1, isBase64: false),
        ChannelProtocol(name: "base64.channel.k8s.io", version: 1, isBase64: true),
        ChannelProtocol(name: "", version: 1, isBase64: false),
    ]

    static let portForward = remoteCommand.filter { $0.version == 4 || $0.name.isEmpty }

    /// The first offer that is known; no offer at all means the one without a name.
    static func choose(_ offered: [String], from known: [ChannelProtocol]) -> ChannelProtocol? {
        for name in offered.isEmpty ? [""] : offered {
            if let match = known.first(where: { $0.name == name }) { return match }
        }
        return nil
    }

    func message(_ channel: UInt8, _ bytes: ByteBuffer) -> (bytes: ByteBuffer, isText: Bool) {
        var message = ByteBuffer()
        if isBase64 {
            message.writeInteger(UInt8(ascii: "0") &+ channel)
            message.writeString(Base64.encode(bytes.readableBytesView))
        } else {
            message.reserveCapacity(bytes.readableBytes + 1)
            message.writeInteger(channel)
            message.writeImmutableBuffer(bytes)
        }
        return (message, isBase64)
    }
}

/// Sorts the parts of messages by channel.
struct ChannelDemultiplexer {
    /// Base64 must be decoded as a whole message; longer ones are refused.
    private static let maximumBase64 = 1024 * 1024

    private let isBase64: Bool
    private var channel: UInt8?
    private var encoded: [UInt8] = []

    init(_ kind: ChannelProtocol) {
        isBase64 = kind.isBase64
    }

    /// Bytes for a channel, or nil when there are none yet. Empty bytes come only with an empty message.
    mutating func receive(
        _ part: WebSocketConnection.Part
    ) throws(StreamError) -> (channel: UInt8, bytes: ByteBuffer)? {
        var bytes = part.bytes
        if channel == nil {
            guard let first: UInt8 = bytes.readInteger() else { return nil }
            channel = isBase64 ? first &- UInt8(ascii: "0") : first
        }
        guard let current = channel else { return nil }
        if part.isEnd { channel = nil }
        guard isBase64 else {
            return bytes.readableBytes > 0 || part.isEnd ? (current, bytes) : nil
        }
        encoded += bytes.readableBytesView
        guard encoded.count <= Self.maximumBase64 else {
            throw .limitExceeded("Base64 message is larger than \(Self.maximumBase64) bytes")
        }
        guard part.isEnd else { return nil }
        defer { encoded = [] }
        guard let decoded = Base64.decode(String(decoding: encoded, as: UTF8.self)) else {
            throw .protocolViolation("message is not Base64")
        }
        return (current, ByteBuffer(bytes: decoded))
    }
}
