internal import ArgumentParser
internal import EdgeTransport
internal import Logging
internal import NIOPosix
internal import UnixSignals

struct ServerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "server", abstract: "Run the control plane of a cluster, and a node on this host.")

    @OptionGroup(title: "Node options") var node: NodeOptions
    @OptionGroup(title: "Cluster options") var server: ServerOptions

    func run() async throws {
        HostSetup.startLogging(debug: node.debug)
        let lock = try ProcessLock.take(node.layout.pidFile)
        defer { lock.release() }
        let plane = try await ControlPlane.open(server, node: node)
        let group = MultiThreadedEventLoopGroup.singleton
        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
        try await withThrowingTaskGroup { tasks in
            tasks.addTask { [node, server] in
                try await plane.run(group: group) {
                    if !server.disableAgent { try await plane.startNode(node, group: group) }
                }
            }
            tasks.addTask {
                for await _ in signals { return }
            }
            defer { tasks.cancelAll() }
            // A signal ends the wait orderly; a component's failure is thrown.
            do { try await tasks.next() } catch is CancellationError {}
            tasks.cancelAll()
            do { try await tasks.waitForAll() } catch is CancellationError {}
        }
    }
}

extension NodeOptions {
    /// The token of the flag or of the file that it names.
    func readToken() throws -> String? {
        if let token { return token }
        guard let tokenFile else { return nil }
        guard let text = try SmallFile.readTextIfPresent(tokenFile) else {
            throw CommandFailure("read token: \(tokenFile) does not exist")
        }
        return String(text.prefix { !$0.isNewline })
    }
}
