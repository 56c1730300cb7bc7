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
    public var serverName: String?
    /// Paths of files with PEM.
    public var certificateAuthority: String?
    public var clientCertificate: String?
    public var clientKey: String?
    public var insecureSkipVerify: Bool?
    public var token: String?
    public var username: String?
    public var password: String?
    /// Whom to act as.
    public var impersonatedUser: String?
    public var impersonatedUID: String?
    public var impersonatedGroups: [String] = []

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
        let trust = try Self.trust(cluster, overrides)
        let identity = try Self.identity(user, overrides)
        guard let server = HTTPURL(Self.withScheme(address, trust, identity)) else {
            throw KubeconfigError("cluster \"\(clusterName ?? "")\" has no usable server: \"\(address)\"")
        }
        if let proxy = cluster?.value["proxy-url"]?.string, !proxy.isEmpty {
            throw KubeconfigError(
                "cluster \"\(clusterName ?? "")\" wants the proxy \(proxy): proxies are not supported")
        }
        let name = overrides.serverName ?? cluster?.value["tls-server-name"]?.string
        return KubeconfigConnection(
            server: server, namespace: overrides.namespace ?? context?["namespace"]?.string,
            serverName: name?.isEmpty == false ? name : nil, trust: trust, identity: identity,
            credentials: try Self.credentials(user, overrides),
            impersonation: Self.impersonation(user, overrides))
    }

    /// An address without a scheme is meant encrypted when there is anything that encryption needs (client-go's
    /// rule).
    private static func withScheme(
        _ address: String, _ trust: TLSClientContext.Trust, _ identity: KeyPair?
    ) -> String {
        if address.contains("://") { return address }
        if case .system = trust, identity == nil { return "http://\(address)" }
        return "https://\(address)"
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
        if overrides.insecureSkipVerify ?? cluster?.value["insecure-skip-tls-verify"]?.bool ?? false {
            return .insecure
        }
        if let path = overrides.certificateAuthority, !path.isEmpty {
            return .authorities(try SmallFile.readText(path))
        }
        guard let pem = try cluster?.material("certificate-authority") else { return .system }
        return .authorities(pem)
    }

    private static func identity(_ user: Entry?, _ overrides: KubeconfigOverrides) throws -> KeyPair? {
        let user = user ?? Entry(name: "", value: [:])
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
        func material(_ path: String?, _ member: String) throws -> String? {
            if let path, !path.isEmpty { return try SmallFile.readText(path) }
            return try user.material(member)
        }
        let pair = (
            try material(overrides.clientCertificate, "client-certificate"),
            try material(overrides.clientKey, "client-key")
        )
        switch pair {
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
        if let name = overrides.username, !name.isEmpty {
            return .basic(user: name, password: overrides.password ?? "")
        }
        guard let user else { return .none }
        if let token = user.value["token"]?.string, !token.isEmpty { return .bearer(token) }
        if let file = user.value["tokenFile"]?.string, !file.isEmpty { return .bearerFile(user.path(file)) }
        if let name = user.value["username"]?.string, !name.isEmpty {
            return .basic(user: name, password: overrides.password ?? user.value["password"]?.string ?? "")
        }
        return .none
    }

    private static func impersonation(_ user: Entry?, _ overrides: KubeconfigOverrides) -> HTTPHeaders {
        var headers = HTTPHeaders()
        let name = overrides.impersonatedUser ?? user?.value["as"]?.string ?? ""
        guard !name.isEmpty else { return headers }
        let uid = overrides.impersonatedUID ?? user?.value["as-uid"]?.string ?? ""
        let groups =
            overrides.impersonatedGroups.isEmpty
            ? user?.value["as-groups"]?.strings ?? [] : overrides.impersonatedGroups
        headers.add("Impersonate-User", name)
        for group in groups { headers.add("Impersonate-Group", group) }
        if !uid.isEmpty { headers.add("Impersonate-Uid", uid) }
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
