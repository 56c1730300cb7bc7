public import EdgeJSON
internal import EdgeSystem

/// Asks the edge that runs on this host.
public enum ControlClient {
    /// Sends a request and returns the end of its answer.
    ///
    /// - Parameter item: called for each item before.
    /// - Throws: `ControlError`.
    @discardableResult
    public static func ask(
        _ path: String, _ request: ControlRequest, item: (JSONValue) -> Void = { _ in }
    ) async throws -> JSONValue {
        let socket: MessageSocket
        do throws(SystemError) {
            socket = try MessageSocket.connect(to: path)
        } catch {
            switch error.errno {
            case .noEntry, .connectionRefused: throw ControlError(.notRunning, "edge is not running")
            default: throw ControlError(.refused, "\(error)")
            }
        }
        // As many as the socket's buffer holds, and more.
        let (messages, continuation) = AsyncStream.makeStream(
            of: [UInt8].self, bufferingPolicy: .bufferingOldest(65536))
        let reactor = try Reactor()
        try socket.startReceiving(on: reactor) { message in
            guard let message else { return continuation.finish() }
            continuation.yield(message.bytes)
        }
        defer { socket.close() }
        try socket.send(request.encoded)
        for await bytes in messages {
            switch ControlReply(bytes) {
            case .item(let value): item(value)
            case .done(let value): return value
            case .failed(let text): throw ControlError(.refused, text)
            case nil: throw ControlError(.refused, "the answer is not understood")
            }
        }
        throw ControlError(.notRunning, "edge ended before it answered")
    }
}
