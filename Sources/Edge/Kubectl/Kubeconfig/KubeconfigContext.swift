internal import EdgeClient
internal import EdgeJSON

/// The context that a command works in, with the flags that override its parts.
struct KubeconfigContext: Sendable {
    let name: String
    let clusterName: String
    let userName: String
    let namespace: String
    private let cluster: (value: JSONValue, directory: String)?
    private let user: (value: JSONValue, directory: String)?
    private let isEmpty: Bool

    init(_ config: Kubeconfig, globals: ParsedFlags) throws {
        if config.files.isEmpty, let path = globals.given("kubeconfig"), !path.isEmpty {
            throw KubectlError("error loading config file \(goQuoted(path)): the file does not exist")
        }
        name = globals.given("context") ?? config.currentContext
        let context = config.entry(.contexts, name)?.value
        if context == nil, globals.isSet("context") {
            throw KubectlError("context \(goQuoted(name)) does not exist")
        }
        if context == nil, !name.isEmpty {
            throw KubectlError.verbatim(
                "Error in configuration: context was not found for specified context: \(name)")
        }
        clusterName = globals.given("cluster") ?? context?["cluster"]?.string ?? ""
        userName = globals.given("user") ?? context?["user"]?.string ?? ""
        namespace = context?["namespace"]?.string ?? ""
        cluster = config.entry(.clusters, clusterName)
        user = config.entry(.users, userName)
        isEmpty = context == nil
        if cluster == nil, globals.isSet("cluster") {
            throw KubectlError("cluster \(goQuoted(clusterName)) does not exist")
        }
        if user == nil, globals.isSet("user") {
            throw KubectlError("auth info \(goQuoted(userName)) does not exist")
        }
    }

    func restConfig(globals: ParsedFlags) throws -> RESTConfig {
        var config = RESTConfig(server: cluster?.value["server"]?.string ?? "")
        if let cluster { try Self.read(cluster: cluster, into: &config) }
        if let user { try Self.read(user: user, into: &config) }
        try Self.apply(globals, to: &config)
        if config.server.isEmpty { config.server = "http://localhost:8080" }
        if !config.server.contains("://") { config.server = "http://" + config.server }
        while config.server.hasSuffix("/") { config.server.removeLast() }
        return config
    }

    private static func read(
        cluster: (value: JSONValue, directory: String), into config: inout RESTConfig
    ) throws {
        config.certificateAuthority = try data(cluster, "certificate-authority")
        config.skipsTLSVerification = cluster.value["insecure-skip-tls-verify"]?.bool ?? false
        config.tlsServerName = cluster.value["tls-server-name"]?.string
        if let proxy = cluster.value["proxy-url"]?.string, !proxy.isEmpty {
            throw KubectlError.unsupported("the kubeconfig's proxy-url (\(proxy))")
        }
    }

    private static func read(user: (value: JSONValue, directory: String), into config: inout RESTConfig)
        throws
    {
        for unsupported in ["exec", "auth-provider"] where user.value[unsupported] != nil {
            throw KubectlError.unsupported("the kubeconfig's \(unsupported) credential plugin")
        }
        config.clientCertificate = try data(user, "client-certificate")
        config.clientKey = try data(user, "client-key")
        config.token = user.value["token"]?.string
        if let file = user.value["tokenFile"]?.string, !file.isEmpty {
            config.tokenFile = absolute(file, user.directory)
        }
        config.username = user.value["username"]?.string
        config.password = user.value["password"]?.string
        if let name = user.value["as"]?.string, !name.isEmpty {
            config.headers.append(.init("Impersonate-User", name))
        }
        if let uid = user.value["as-uid"]?.string, !uid.isEmpty {
            config.headers.append(.init("Impersonate-Uid", uid))
        }
        for group in user.value["as-groups"]?.strings ?? [] {
            config.headers.append(.init("Impersonate-Group", group))
        }
    }

    /// What stands inline under `<name>-data`, else the file that `name` names.
    private static func data(_ entry: (value: JSONValue, directory: String), _ name: String) throws
        -> [UInt8]?
    {
        if let text = entry.value["\(name)-data"]?.string, !text.isEmpty {
            guard let bytes = Base64.decode(text) else {
                throw KubectlError("the kubeconfig's \(name)-data is not base64")
            }
            return bytes
        }
        guard let path = entry.value[name]?.string, !path.isEmpty else { return nil }
        do {
            return try HostFiles.read(absolute(path, entry.directory))
        } catch {
            throw KubectlError("unable to read \(name) \(path): \(error)")
        }
    }

    private static func absolute(_ path: String, _ directory: String) -> String {
        path.hasPrefix("/") ? path : "\(directory)/\(path)"
    }

    private static func apply(_ globals: ParsedFlags, to config: inout RESTConfig) throws {
        if let server = globals.given("server"), !server.isEmpty { config.server = server }
        if let path = globals.given("certificate-authority") {
            config.certificateAuthority = try HostFiles.read(path)
        }
        if let path = globals.given("client-certificate") {
            config.clientCertificate = try HostFiles.read(path)
        }
        if let path = globals.given("client-key") { config.clientKey = try HostFiles.read(path) }
        if let token = globals.given("token") {
            config.token = token
            config.tokenFile = nil
        }
        if let username = globals.given("username") { config.username = username }
        if let password = globals.given("password") { config.password = password }
        if let name = globals.given("tls-server-name") { config.tlsServerName = name }
        if globals.isSet("insecure-skip-tls-verify") {
            config.skipsTLSVerification = globals.bool("insecure-skip-tls-verify")
        }
        if config.skipsTLSVerification { config.certificateAuthority = nil }
        let timeout = globals.string("request-timeout")
        if let seconds = Int(timeout), seconds > 0 {
            config.requestTimeout = .seconds(seconds)
        } else if let duration = GoDuration.parse(timeout), duration > .zero {
            config.requestTimeout = duration
        } else if timeout != "0", GoDuration.parse(timeout) == nil {
            throw KubectlError(
                "Invalid timeout value. Timeout must be a single integer in seconds, or an integer followed by "
                    + "a corresponding time unit (e.g. 1s | 2m | 3h)")
        }
        let hasImpersonationDetail = globals.isSet("as-group") || globals.isSet("as-uid")
        if hasImpersonationDetail, !globals.isSet("as") {
            throw KubectlError("requesting uid, groups or user-extra without impersonating a user")
        }
        if let name = globals.given("as") { config.headers.append(.init("Impersonate-User", name)) }
        if let uid = globals.given("as-uid") { config.headers.append(.init("Impersonate-Uid", uid)) }
        for group in globals.strings("as-group") {
            config.headers.append(.init("Impersonate-Group", group))
        }
    }
}
