internal import ArgumentParser
internal import EdgeTransport
internal import NIOPosix

struct AgentCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "agent", abstract: "Run a node on this host, of the cluster of a server elsewhere.")

    @Option(help: "The server to join, https://host:6443.")
    var server: String

    @OptionGroup(title: "Node options") var node: NodeOptions

    func validate() throws {
        guard let url = HTTPURL(server), url.isEncrypted, url.target == "/" else {
            throw ValidationError("--server must be such as https://server:6443, not \"\(server)\"")
        }
    }

    func run() async throws {
        HostSetup.startLogging(debug: node.debug)
        HostSetup.trimMemoryAtRest()
        guard let url = HTTPURL(server) else { throw ValidationError("--server is not a URL") }
        let host = try JoinedHost(node, server: url, group: MultiThreadedEventLoopGroup.singleton)
        try await Signals.untilAsked { try await host.run() }
    }
}
