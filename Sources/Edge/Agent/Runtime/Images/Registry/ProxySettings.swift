internal import EdgeJSON

/// Which proxy an address is reached through: `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY` as Go's programs
/// read them. The proxy itself is spoken to over plain HTTP.
public struct ProxySettings: Sendable {
    public struct Server: Hashable, Sendable {
        public var host: String
        public var port: Int
        var authorization: String?

        /// From `http://[user:password@]host[:port]` or `host:port`; nil for other schemes.
        public init?(_ text: String) {
            var rest = text.trimmed[...]
            if let colon = rest.firstIndex(of: ":"), rest[colon...].hasPrefix("://") {
                guard rest[..<colon].lowercased() == "http" else { return nil }
                rest = rest[colon...].dropFirst(3)
            }
            rest = rest.prefix { $0 != "/" }
            if let at = rest.lastIndex(of: "@") {
                authorization = "Basic " + Base64.encode(rest[..<at].utf8)
                rest = rest[rest.index(after: at)...]
            }
            guard let url = RegistryURL("http://\(rest)"), !url.host.isEmpty else { return nil }
            host = url.host.hasPrefix("[") ? String(url.host.dropFirst().dropLast()) : url.host
            port = url.port ?? 80
        }
    }

    public var http: Server?
    public var https: Server?
    /// Host names with all below them, addresses, `host:port`, `*`.
    public var exceptions: [String] = []

    public init() {}

    /// Lower-case names count too. `CONTAINERD_` variants win, so that only images go through the proxy.
    public init(environment: [String: String]) {
        func value(_ name: String) -> String? {
            [environment["CONTAINERD_\(name)"], environment[name], environment[name.lowercased()]]
                .lazy.compactMap { $0 }.first { !$0.isEmpty }
        }
        http = value("HTTP_PROXY").flatMap(Server.init)
        https = value("HTTPS_PROXY").flatMap(Server.init)
        exceptions = (value("NO_PROXY") ?? "").split(separator: ",").map { $0.trimmed.lowercased() }
    }

    /// Nil for a direct connection. The loopback interface is never reached through a proxy.
    func server(for url: RegistryURL) -> Server? {
        guard !url.isLoopback, !exceptions.contains(where: { Self.covers($0, url) }) else { return nil }
        return url.scheme == .https ? https : http
    }

    private static func covers(_ exception: String, _ url: RegistryURL) -> Bool {
        if exception == "*" { return true }
        var name = exception[...]
        if let colon = name.lastIndex(of: ":"), let port = Int(name[name.index(after: colon)...]),
            !name[..<colon].contains(":")
        {
            guard port == url.port ?? (url.scheme == .https ? 443 : 80) else { return false }
            name = name[..<colon]
        }
        if let block = ProxyExceptionBlock(String(name)) { return block.contains(url.host) }
        if name.hasPrefix("*.") { name.removeFirst() }
        let bare = name.hasPrefix(".") ? name.dropFirst() : name
        return !bare.isEmpty && (url.host == bare && !name.hasPrefix(".") || url.host.hasSuffix(".\(bare)"))
    }
}
