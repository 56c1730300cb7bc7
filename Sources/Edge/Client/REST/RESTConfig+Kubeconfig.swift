public import EdgeTransport

extension RESTConfig {
    /// What a context of a kubeconfig comes down to.
    public init(_ connection: KubeconfigConnection) {
        var server = connection.server.description
        while server.hasSuffix("/") { server.removeLast() }
        self.init(server: server)
        switch connection.trust {
        case .authorities(let pem): certificateAuthority = Array(pem.utf8)
        case .insecure: skipsTLSVerification = true
        case .system: break
        }
        clientCertificate = connection.identity.map { Array($0.certificate.utf8) }
        clientKey = connection.identity.map { Array($0.privateKey.utf8) }
        switch connection.credentials {
        case .bearer(let text): token = text
        case .bearerFile(let path): tokenFile = path
        case .basic(let user, let secret): (username, password) = (user, secret)
        case .none: break
        }
        tlsServerName = connection.serverName
        headers = connection.impersonation.fields.map { .init($0.name, $0.value) }
    }
}
