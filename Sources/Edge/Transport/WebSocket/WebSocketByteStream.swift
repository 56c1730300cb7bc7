internal import NIOCore

/// The binary messages of a WebSocket as a byte stream: the carrier of tunnelled SPDY
/// (`SPDY/3.1+portforward.k8s.io`).
final class WebSocketByteStream: ByteStream {
    private static let messageSize = 32 * 1024

    private let socket: WebSocketConnection

    init(_ socket: WebSocketConnection) {
        self.socket = socket
    }

    func read() async throws -> ByteBuffer? {
        while let part = try await socket.receive() {
            guard !part.isText else {
                throw StreamError.protocolViolation("text in a binary WebSocket tunnel")
            }
            if part.bytes.readableBytes > 0 { return part.bytes }
        }
        return nil
    }

    func write(_ bytes: ByteBuffer) async throws {
        var rest = bytes
        while let part = rest.readSlice(length: min(rest.readableBytes, Self.messageSize)),
            part.readableBytes > 0
        {
            try await socket.send(part)
        }
    }

    func finish() async throws { socket.sendClose(code: 1000) }

    func close() { socket.abort() }

    var isOpen: Bool { true }
}
