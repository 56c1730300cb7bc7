internal import ArgumentParser
internal import EdgeBase
internal import EdgeClient
internal import EdgeJSON
internal import EdgeJoin
internal import EdgeTransport
import FoundationEssentials
internal import NIOPosix

/// How a command reaches the cluster as its administrator.
struct AdminAccess: ParsableArguments {
    @Option(help: "The kubeconfig; KUBECONFIG's or the server's own when not given.")
    var kubeconfig: String?

    var now: Timestamp { SystemWallClock().now }

    func tokens() throws -> BootstrapTokens {
        let (client, authority) = try reach()
        return BootstrapTokens(
            client: HTTPAPIClient(client), authorityHash: try CertificateHash.hash(authorityFile: authority),
            clock: SystemWallClock())
    }

    /// Speaks to the API server.
    func client() throws -> RESTClient { try reach().client }

    private func reach() throws -> (client: RESTClient, authority: String) {
        let connection: KubeconfigConnection
        do {
            connection = try Kubeconfig.load([path], isRequired: true) { bytes in
                try YAML.parse(String(decoding: bytes, as: UTF8.self)).first ?? .null
            }.connection()
        } catch {
            throw CommandFailure("read kubeconfig: \(error)")
        }
        guard case .authorities(let authority) = connection.trust else {
            throw CommandFailure("\(path) names no certificate authority")
        }
        var config = RESTConfig(server: "https://\(connection.server.authority)")
        config.certificateAuthority = Array(authority.utf8)
        config.clientCertificate = connection.identity.map { Array($0.certificate.utf8) }
        config.clientKey = connection.identity.map { Array($0.privateKey.utf8) }
        config.requestTimeout = .seconds(30)
        var fields: [RESTRequest.Field] = []
        if case .bearer(let token) = connection.credentials {
            fields.append(.init("Authorization", "Bearer \(token)"))
        }
        let transport = try HTTPTransport(config, group: MultiThreadedEventLoopGroup.singleton)
        return (RESTClient(transport: transport, headers: fields), authority)
    }

    private var path: String {
        let environment = ProcessInfo.processInfo.environment
        return Kubeconfig.paths(flag: kubeconfig, variable: environment["KUBECONFIG"], home: nil).first
            ?? ServerOptions.defaultKubeconfig
    }
}
