/// One place where a registry's content can be asked for, with how to ask.
struct RegistryEndpoint: Sendable {
    /// The API's base: ends with `/v2` unless the configuration says otherwise.
    var base: RegistryURL
    /// The repository's path at this endpoint.
    var repository: String
    /// The registry that a mirror stands for, sent as the `ns` query.
    var namespace: String?
    var tls: RegistryConfiguration.TLS?
    /// From registries.yaml.
    var credential: RegistryCredential?

    var isMirror: Bool { namespace != nil }

    func url(_ kind: String, _ name: String) -> RegistryURL {
        let url = base.appending(path: "\(repository)/\(kind)/\(name)")
        return namespace.map { url.adding(query: "ns", $0) } ?? url
    }

    /// Where Docker Hub's content is served: its API is not at docker.io.
    private static let dockerHub = "registry-1.docker.io"

    /// The endpoints for a reference in the order in which they are tried: the registry's mirrors, else those of
    /// `*`, then always the registry itself, without rewrites.
    static func all(
        for reference: ImageReference, in configuration: RegistryConfiguration
    ) -> [RegistryEndpoint] {
        let domain = reference.domain
        let own = ownEndpoints(reference, configuration)
        let mirror = configuration.mirrors[domain] ?? configuration.mirrors["*"]
        var endpoints: [RegistryEndpoint] = []
        for text in mirror?.endpoints ?? [] {
            guard let base = parse(text), !own.contains(where: { $0.base == base }),
                !endpoints.contains(where: { $0.base == base })
            else { continue }
            let host = settings(for: base.authority, in: configuration)
            let rewritten = mirror?.rewrites.lazy.compactMap { $0.apply(to: reference.path) }.first
            endpoints.append(
                RegistryEndpoint(
                    base: base, repository: rewritten ?? reference.path, namespace: domain, tls: host?.tls,
                    credential: host?.credential))
        }
        return endpoints + own
    }

    /// The registry itself. On the loopback interface plain HTTP is tried where TLS fails, as Docker does.
    private static func ownEndpoints(
        _ reference: ImageReference, _ configuration: RegistryConfiguration
    ) -> [RegistryEndpoint] {
        let domain = reference.domain
        let authority = domain == ImageReference.defaultDomain ? dockerHub : domain
        guard let base = RegistryURL("https://\(authority)/v2") else { return [] }
        let host = settings(for: domain, in: configuration)
        let secure = RegistryEndpoint(
            base: base, repository: reference.path, tls: host?.tls, credential: host?.credential)
        guard base.isLoopback, host?.tls == nil else { return [secure] }
        var plain = secure
        plain.base.scheme = .http
        return base.port == 443 ? [secure] : base.port == nil ? [secure, plain] : [plain, secure]
    }

    /// Credentials and TLS for a host: its own entry, else that of `*`.
    static func settings(
        for authority: String, in configuration: RegistryConfiguration
    ) -> RegistryConfiguration.Host? {
        var names = [authority]
        if [dockerHub, "index.docker.io", ImageReference.defaultDomain].contains(authority) {
            names += [dockerHub, "index.docker.io", ImageReference.defaultDomain]
        }
        for name in names {
            if let host = configuration.hosts[name] { return host }
        }
        return configuration.hosts["*"]
    }

    /// An endpoint as k3s reads it: https unless said otherwise (http for odd ports of the loopback interface),
    /// and `/v2` unless it has a path of its own.
    static func parse(_ text: String) -> RegistryURL? {
        var url: RegistryURL
        if RegistryURL(text) == nil, let guessed = RegistryURL("https://\(text)"), !text.contains("://") {
            url = guessed
            if url.isLoopback, let port = url.port, port != 443 { url.scheme = .http }
        } else if let written = RegistryURL(text) {
            url = written
        } else {
            return nil
        }
        if url.host == ImageReference.defaultDomain || url.host == "index.docker.io" { url.host = dockerHub }
        guard url.query == nil else { return nil }
        while url.path.hasSuffix("/") { url.path.removeLast() }
        if url.path.isEmpty { url.path = "/v2" }
        return url
    }
}
