internal import EdgeBase
internal import EdgeClient
internal import EdgeJSON
internal import Synchronization

/// What the commands of one run share: the configuration, the connection and what the server has. Made
/// lazily, so that `kubectl config` or `--help` need no cluster.
final class Session: Sendable {
    let environment: KubectlEnvironment
    private let globals: ParsedFlags
    private let state = Mutex(State())
    private let warnings: WarningPrinter

    private struct State {
        var rest: RESTClient?
        var mapper: ResourceMapper?
    }

    init(environment: KubectlEnvironment, globals: ParsedFlags) {
        self.environment = environment
        self.globals = globals
        warnings = WarningPrinter(environment)
    }

    // MARK: Configuration

    var kubeconfig: KubeconfigLoader {
        KubeconfigLoader(
            explicitPath: globals.given("kubeconfig") ?? "", environment: environment)
    }

    func context() throws -> KubeconfigContext {
        try KubeconfigContext(try kubeconfig.load(), globals: globals)
    }

    func restConfig() throws -> RESTConfig {
        try context().restConfig(globals: globals)
    }

    /// The namespace of the request: the flag's, else the context's, else `default`.
    func namespace() throws -> String {
        if let given = globals.given("namespace"), !given.isEmpty { return given }
        let configured = try context().namespace
        return configured.isEmpty ? "default" : configured
    }

    var isNamespaceExplicit: Bool { !(globals.given("namespace") ?? "").isEmpty }

    // MARK: Connection

    func rest() throws -> RESTClient {
        if let rest = state.withLock(\.rest) { return rest }
        let config = try restConfig()
        let tokenFile = config.tokenFile
        let client = RESTClient(
            transport: try environment.connect(config), headers: Self.headers(config),
            authorization: {
                guard let tokenFile else { return [] }
                let token = String(decoding: try HostFiles.read(tokenFile), as: UTF8.self).trimmed
                return [.init("Authorization", "Bearer \(token)")]
            }, onWarning: { [warnings] in warnings.show($0) }, sleep: environment.sleep)
        state.withLock { $0.rest = client }
        return client
    }

    func mapper() throws -> ResourceMapper {
        if let mapper = state.withLock(\.mapper) { return mapper }
        let mapper = ResourceMapper(try rest())
        state.withLock { $0.mapper = mapper }
        return mapper
    }

    func resources() throws -> ResourceClient {
        ResourceClient(rest: try rest())
    }

    func streams() throws -> any StreamTransport {
        guard let open = environment.openStreams else {
            throw KubectlError.unsupported("streaming to a pod")
        }
        let rest = try rest()
        return try open(try restConfig(), { try await rest.requestHeaders() })
    }

    private static func headers(_ config: RESTConfig) -> [RESTRequest.Field] {
        var headers = config.headers
        headers.append(.init("User-Agent", "kubectl/edge"))
        if let token = config.token, config.tokenFile == nil {
            headers.append(.init("Authorization", "Bearer \(token)"))
        } else if let username = config.username {
            let credentials = Base64.encode(Array("\(username):\(config.password ?? "")".utf8))
            headers.append(.init("Authorization", "Basic \(credentials)"))
        }
        return headers
    }

    // MARK: Warnings

    /// With `--warnings-as-errors`, throws when the server has warned of anything.
    func checkWarnings() throws(KubectlError) {
        guard globals.bool("warnings-as-errors") else { return }
        let count = warnings.count
        if count > 0 { throw KubectlError("\(count) warning\(count == 1 ? "" : "s") received") }
    }
}

/// Shows what the server warns of, each text once.
private final class WarningPrinter: Sendable {
    private let environment: KubectlEnvironment
    private let shown = Mutex<Set<String>>([])

    init(_ environment: KubectlEnvironment) {
        self.environment = environment
    }

    var count: Int { shown.withLock { $0.count } }

    func show(_ warning: String) {
        guard shown.withLock({ $0.insert(warning).inserted }) else { return }
        environment.errors.write(Array("Warning: \(warning)\n".utf8))
    }
}
