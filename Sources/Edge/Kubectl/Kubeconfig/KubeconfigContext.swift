internal import EdgeClient
internal import EdgeJSON
internal import EdgeTransport

/// The context that a command works in, with the flags that override its parts.
struct KubeconfigContext: Sendable {
    let name: String
    let clusterName: String
    let userName: String
    let namespace: String
    private let config: Kubeconfig
    private let hasCluster: Bool

    init(_ files: KubeconfigFiles, globals: ParsedFlags) throws {
        if files.files.isEmpty, let path = globals.given("kubeconfig"), !path.isEmpty {
            throw KubectlError("error loading config file \(goQuoted(path)): the file does not exist")
        }
        let config = files.config
        name = globals.given("context") ?? config.currentContext
        let context = config.contexts.first { [name] in $0.name == name }?.value
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
        hasCluster = config.clusters.contains { [clusterName] in $0.name == clusterName }
        self.config = config
        if !hasCluster, globals.isSet("cluster") {
            throw KubectlError("cluster \(goQuoted(clusterName)) does not exist")
        }
        if globals.isSet("user"), !config.users.contains(where: { [userName] in $0.name == userName }) {
            throw KubectlError("auth info \(goQuoted(userName)) does not exist")
        }
    }

    func restConfig(globals: ParsedFlags) throws -> RESTConfig {
        let hasImpersonationDetail = globals.isSet("as-group") || globals.isSet("as-uid")
        if hasImpersonationDetail, !globals.isSet("as") {
            throw KubectlError("requesting uid, groups or user-extra without impersonating a user")
        }
        var overrides = Self.overrides(globals)
        overrides.context = name
        if !hasCluster, overrides.server == nil { overrides.server = "http://localhost:8080" }
        do {
            var rest = RESTConfig(try config.connection(overrides))
            rest.requestTimeout = try Self.timeout(globals)
            return rest
        } catch let error as KubeconfigError {
            throw KubectlError(error.description)
        } catch let error as FileError {
            throw KubectlError("unable to read the configuration: \(error)")
        }
    }

    private static func overrides(_ globals: ParsedFlags) -> KubeconfigOverrides {
        func given(_ name: String) -> String? { globals.given(name).flatMap { $0.isEmpty ? nil : $0 } }
        var overrides = KubeconfigOverrides()
        overrides.cluster = given("cluster")
        overrides.user = given("user")
        overrides.server = given("server")
        overrides.serverName = given("tls-server-name")
        overrides.certificateAuthority = given("certificate-authority")
        overrides.clientCertificate = given("client-certificate")
        overrides.clientKey = given("client-key")
        if globals.isSet("insecure-skip-tls-verify") {
            overrides.insecureSkipVerify = globals.bool("insecure-skip-tls-verify")
        }
        overrides.token = given("token")
        overrides.username = given("username")
        overrides.password = given("password")
        overrides.impersonatedUser = given("as")
        overrides.impersonatedUID = given("as-uid")
        overrides.impersonatedGroups = globals.strings("as-group")
        return overrides
    }

    /// Nil for no limit.
    private static func timeout(_ globals: ParsedFlags) throws -> Duration? {
        let text = globals.string("request-timeout")
        if let seconds = Int(text) { return seconds > 0 ? .seconds(seconds) : nil }
        guard let duration = GoDuration.parse(text) else {
            throw KubectlError(
                "Invalid timeout value. Timeout must be a single integer in seconds, or an integer followed by "
                    + "a corresponding time unit (e.g. 1s | 2m | 3h)")
        }
        return duration > .zero ? duration : nil
    }
}
