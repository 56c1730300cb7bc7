internal import ArgumentParser
internal import EdgeBase
internal import EdgeTransport
internal import Logging
internal import NIOPosix

struct ServerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "server", abstract: "Run the control plane of a cluster, and a node on this host.")

    @OptionGroup(title: "Node options") var node: NodeOptions
    @OptionGroup(title: "Cluster options") var server: ServerOptions

    func run() async throws {
        HostSetup.startLogging(debug: node.debug)
        HostSetup.trimMemoryAtRest()
        let lock = try ProcessLock.take(node.layout.pidFile)
        defer { lock.release() }
        let plane = try await ControlPlane.open(server, node: node)
        let group = MultiThreadedEventLoopGroup.singleton
        try await Signals.untilAsked { [node, server] in
            try await plane.run(group: group) {
                if !server.disableAgent { try await plane.startNode(node, group: group) }
            }
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
