internal import EdgeJSON
public import NIOCore

/// What one context of a kubeconfig comes down to.
public struct KubeconfigConnection: Sendable {
    public let server: HTTPURL
    /// The context's namespace; nil when it names none.
    public let namespace: String?
    /// The name that the server's certificate must carry, when it is not the URL's host.
    public let serverName: String?
    public let trust: TLSClientContext.Trust
    public let identity: KeyPair?
    public let credentials: HTTPCredentials
    /// Headers that make the request somebody else's (`as`, `as-groups`, `as-uid`).
    public let impersonation: HTTPHeaders

    /// A client for this cluster.
    public func makeClient(group: any EventLoopGroup, userAgent: String) throws -> HTTPClient {
        var settings = HTTPClient.Settings()
        settings.tls = try TLSClientContext(trust: trust, identity: identity)
        settings.serverName = serverName
        settings.credentials = credentials
        settings.headers = impersonation
        settings.headers.add("User-Agent", userAgent)
        return try HTTPClient(group: group, settings: settings)
    }
}

/// What a command line says instead of the file.
public struct KubeconfigOverrides: Sendable {
    public var context: String?
    public var cluster: String?
    public var user: String?
    public var namespace: String?
    public var server: String?
    public var token: String?
    public var insecureSkipVerify = false

    public init() {}
}

extension Kubeconfig {
    /// The connection that a context describes; the current one unless another is asked for.
    public func connection(_ overrides: KubeconfigOverrides = KubeconfigOverrides()) throws
        -> KubeconfigConnection
    {
        let contextName = overrides.context ?? currentContext
        let context = contexts.first { $0.name == contextName }?.value
        if !contextName.isEmpty, context == nil {
            throw KubeconfigError("context \"\(contextName)\" does not exist")
        }
        let clusterName = overrides.cluster ?? context?["cluster"]?.string
        let userName = overrides.user ?? context?["user"]?.string
        guard clusterName != nil || overrides.server != nil else {
            throw KubeconfigError("no configuration has been provided: no current context and no server")
        }
        let cluster = try Self.entry(clusters, clusterName, "cluster")
        let user = try Self.entry(users, userName, "user")
        let address = overrides.server ?? cluster?.value["server"]?.string ?? ""
        guard let server = HTTPURL(address.contains("://") ? address : "https://\(address)") else {
            throw KubeconfigError("cluster \"\(clusterName ?? "")\" has no usable server: \"\(address)\"")
        }
        if let proxy = cluster?.value["proxy-url"]?.string, !proxy.isEmpty {
            throw KubeconfigError(
                "cluster \"\(clusterName ?? "")\" wants the proxy \(proxy): proxies are not supported")
        }
        let name = cluster?.value["tls-server-name"]?.string
        return KubeconfigConnection(
            server: server, namespace: overrides.namespace ?? context?["namespace"]?.string,
            serverName: name?.isEmpty == false ? name : nil, trust: try Self.trust(cluster, overrides),
            identity: try Self.identity(user), credentials: try Self.credentials(user, overrides),
            impersonation: Self.impersonation(user))
    }

    private static func entry(_ entries: [Entry], _ name: String?, _ kind: String) throws -> Entry? {
        guard let name, !name.isEmpty else { return nil }
        guard let entry = entries.first(where: { $0.name == name }) else {
            throw KubeconfigError("\(kind) \"\(name)\" does not exist")
        }
        return entry
    }

    private static func trust(
        _ cluster: Entry?, _ overrides: KubeconfigOverrides
    ) throws -> TLSClientContext.Trust {
        if overrides.insecureSkipVerify || cluster?.value["insecure-skip-tls-verify"]?.bool == true {
            return .insecure
        }
        guard let pem = try cluster?.material("certificate-authority") else { return .system }
        return .authorities(pem)
    }

    private static func identity(_ user: Entry?) throws -> KeyPair? {
        guard let user else { return nil }
        if user.value["exec"]?.object != nil {
            throw KubeconfigError(
                "user \"\(user.name)\" logs in by running a program (exec), which is not supported; "
                    + "use a token or a client certificate"
            )
        }
        if user.value["auth-provider"]?.object != nil {
            throw KubeconfigError(
                "user \"\(user.name)\" uses an auth-provider, which is not supported; "
                    + "use a token or a client certificate"
            )
        }
        switch (try user.material("client-certificate"), try user.material("client-key")) {
        case (let certificate?, let key?): return KeyPair(certificate: certificate, privateKey: key)
        case (nil, nil): return nil
        default:
            throw KubeconfigError("user \"\(user.name)\" needs both a client certificate and its key")
        }
    }

    private static func credentials(_ user: Entry?, _ overrides: KubeconfigOverrides) throws
        -> HTTPCredentials
    {
        if let token = overrides.token, !token.isEmpty { return .bearer(token) }
        guard let user else { return .none }
        if let token = user.value["token"]?.string, !token.isEmpty { return .bearer(token) }
        if let file = user.value["tokenFile"]?.string, !file.isEmpty { return .bearerFile(user.path(file)) }
        if let name = user.value["username"]?.string, !name.isEmpty {
            return .basic(user: name, password: user.value["password"]?.string ?? "")
        }
        return .none
    }

    private static func impersonation(_ user: Entry?) -> HTTPHeaders {
        var headers = HTTPHeaders()
        guard let name = user?.value["as"]?.string, !name.isEmpty else { return headers }
        headers.add("Impersonate-User", name)
        for group in user?.value["as-groups"]?.strings ?? [] { headers.add("Impersonate-Group", group) }
        if let uid = user?.value["as-uid"]?.string, !uid.isEmpty { headers.add("Impersonate-Uid", uid) }
        return headers
    }
}

extension Kubeconfig.Entry {
    /// The text of `<member>-data`, which wins, or of the file that `<member>` names.
    fileprivate func material(_ member: String) throws -> String? {
        if let data = value["\(member)-data"]?.string, !data.isEmpty {
            guard let bytes = Base64.decode(data) else {
                throw KubeconfigError("\"\(name)\": \(member)-data is not Base64")
            }
            return String(decoding: bytes, as: UTF8.self)
        }
        guard let path = value[member]?.string, !path.isEmpty else { return nil }
        return try SmallFile.readText(self.path(path))
    }

    /// A path of the file, which may be relative to where the file lies.
    fileprivate func path(_ path: String) -> String {
        guard !path.hasPrefix("/"), let directory else { return path }
        return "\(directory)/\(path)"
    }
}
