public import NIOCore

/// The streams of one exec or attach as the kubelet sees them, whatever protocol carries them.
public final class RemoteCommandSession: Sendable {
    public let options: RemoteCommandOptions
    let resizes = InboundQueue<TerminalSize>(size: { _ in 1 })
    private let readInput: @Sendable () async throws -> ByteBuffer?
    private let writeOutput: @Sendable (RemoteCommandOutput, ByteBuffer) async throws -> Void

    init(
        options: RemoteCommandOptions, readStdin: @escaping @Sendable () async throws -> ByteBuffer?,
        write: @escaping @Sendable (RemoteCommandOutput, ByteBuffer) async throws -> Void
    ) {
        self.options = options
        readInput = readStdin
        writeOutput = write
    }

    /// The next bytes of standard input, or nil when the client has closed it.
    public func readStdin() async throws -> ByteBuffer? { options.stdin ? try await readInput() : nil }

    /// The next size of the client's terminal, or nil when there will be none.
    public func nextResize() async throws -> TerminalSize? { try await resizes.next() }

    /// Sends output; waits while the client does not read. What was not asked for is dropped.
    public func writeStdout(_ bytes: ByteBuffer) async throws {
        if options.stdout { try await writeOutput(.stdout, bytes) }
    }

    public func writeStderr(_ bytes: ByteBuffer) async throws {
        if options.stderr { try await writeOutput(.stderr, bytes) }
    }
}

enum RemoteCommandOutput: Sendable {
    case stdout, stderr
}

extension RemoteCommandSession {
    /// Only the last sizes matter: a client cannot fill the memory with them.
    func pushResize(_ size: TerminalSize) {
        if resizes.buffered < 16 { resizes.push(size) }
    }
}

/// Runs the command of a session. The task is cancelled when the client goes away.
public typealias RemoteCommandHandler = @Sendable (RemoteCommandSession) async -> RemoteCommandStatus

/// The server's side of exec and attach over both carriers.
public enum RemoteCommandServer {
    /// The sub-protocols, best first.
    static let protocols = [
        "v5.channel.k8s.io", "v4.channel.k8s.io", "v3.channel.k8s.io", "v2.channel.k8s.io", "channel.k8s.io",
    ]

    /// The answer to an exec or attach request: the upgrade that runs `handler`, or a refusal.
    public static func answer(
        _ request: HTTPServerRequest, options: RemoteCommandOptions, handler: @escaping RemoteCommandHandler
    ) -> HTTPServerResponse {
        if WebSocketHandshake.isRequested(request) {
            return WebSocketRemoteCommand.answer(request, options, handler)
        }
        if request.head.upgradeProtocols.contains(where: { ASCIIText.equal($0, "SPDY/3.1") }) {
            return SPDYRemoteCommand.answer(request, options, handler)
        }
        return .text(400, "Upgrade request required\n")
    }

    /// Runs a reader of the carrier and a command side by side until the command has ended. The end of the
    /// carrier cancels the command.
    static func run(
        reader: @escaping @Sendable () async -> Void, command: @escaping @Sendable () async -> Void
    ) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await reader() }
            group.addTask { await command() }
            await group.next()
            group.cancelAll()
        }
    }
}
