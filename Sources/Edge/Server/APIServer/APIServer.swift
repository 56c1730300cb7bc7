internal import EdgeAPI
public import EdgeBase
public import EdgeStorage
public import EdgeTransport
internal import Logging
internal import Synchronization

/// The API server: one registry behind two doors, HTTP and calls within the process. Both pass
/// authorization, admission and validation.
public final class APIServer: Sendable {
    public struct Configuration: Sendable {
        /// What `/version` says: `v1.36.0+edge.0.1.0`.
        public var gitVersion: String
        public var gitCommit = ""
        public var buildDate = ""
        public var platform: String
        public var serviceCIDRs: [CIDR]
        public var nodePorts: ClosedRange<Int>
        public var notReadyTolerationSeconds: Int64 = 300
        public var unreachableTolerationSeconds: Int64 = 300
        /// The `iss` of ServiceAccount tokens.
        public var issuer = "https://kubernetes.default.svc.cluster.local"
        /// How long a request may take that does not stay by its nature, such as a watch.
        public var requestTimeout: Duration = .seconds(60)
        /// What the store writes Secrets with, for `edge secrets-encrypt`.
        public var encryption: SecretsEncryption?
        /// Nil for no audit log.
        public var audit: Audit?
        /// What `/cacerts` gives to a host that wants to join: the server CA as PEM.
        public var serverCA: [UInt8] = []
        /// What this server shows to aggregated API servers, so that they believe whom it speaks for.
        public var frontProxy: KeyPair?
        /// Its common name.
        public var frontProxyName: String?
        /// Authorities, as PEM: of that certificate, and of clients' own.
        public var requestHeaderCA = ""
        public var clientCA = ""

        public init(
            gitVersion: String, platform: String, serviceCIDRs: [CIDR],
            nodePorts: ClosedRange<Int> = 30000...32767
        ) {
            self.gitVersion = gitVersion
            self.platform = platform
            self.serviceCIDRs = serviceCIDRs
            self.nodePorts = nodePorts
        }
    }

    public let configuration: Configuration
    public let registry: Registry
    let authenticator: Authenticator
    let authorizer: any Authorizer
    let rbac: RBACAuthorizer
    let tokens: ServiceAccountTokens
    /// What CustomResourceDefinitions add to the API.
    let customResources: CustomResourceTable
    /// How this server calls others.
    let outbound: OutboundClients
    /// The versions of groups that other servers serve.
    let aggregation: AggregatedServices
    let fairness: Fairness
    let audit: Audit?
    let timers: TimerQueue
    let clock: any WallClock
    let logger = Logger(label: "edge.apiserver")
    let metrics = RequestMetrics()
    let metricSources = Mutex<[@Sendable (inout MetricsText) -> Void]>([])
    private let state = Mutex(State())

    private struct State {
        /// What must be ready before `/readyz` says so.
        var pendingChecks: Set<String> = []
        var nodes: (any NodeProxy)?
    }

    public var store: ObjectStore { registry.store }

    public init(
        configuration: Configuration, store: ObjectStore, tokens: ServiceAccountTokens,
        authenticators: [any TokenAuthenticator], timers: TimerQueue, clock: any WallClock = SystemWallClock()
    ) throws {
        self.configuration = configuration
        self.timers = timers
        self.clock = clock
        self.tokens = tokens
        fairness = Fairness(store: store, timers: timers)
        audit = configuration.audit
        rbac = RBACAuthorizer(store: store)
        authorizer = AuthorizerChain([NodeAuthorizer(store: store), rbac])
        authenticator = Authenticator(tokens: [tokens] + authenticators, clock: clock)
        customResources = CustomResourceTable(store: store, version: configuration.gitVersion)
        var behaviors = try Self.behaviors(configuration, store, clock)
        behaviors[CustomResourceDefinition.resource] = CustomResourceDefinitionBehavior(
            table: customResources)
        let kinds: [PolicyBehavior.Kind] = [.validating, .validatingBinding, .mutating, .mutatingBinding]
        for (resource, kind) in zip(AdmissionPolicies.resources, kinds) {
            behaviors[resource] = PolicyBehavior(kind: kind, customResources: customResources)
        }
        outbound = OutboundClients(store: store, frontProxy: configuration.frontProxy)
        aggregation = AggregatedServices(store: store)
        let converter = ConversionWebhooks(clients: outbound)
        var registry = Registry(
            store: store, admission: Self.admission(configuration, store, clock, authorizer),
            behaviors: behaviors,
            clock: clock)
        registry.converter = converter
        registry.webhooks = AdmissionWebhooks(
            store: store, clients: outbound, converter: converter, authorizer: authorizer)
        registry.policies = AdmissionPolicies(
            store: store, authorizer: authorizer, customResources: customResources, converter: converter)
        self.registry = registry
        try customResources.load()
    }

    var discovery: Discovery {
        Discovery(resources: customResources.served, aggregated: aggregation.discovery)
    }
    var openAPI: OpenAPIDocuments { customResources.openAPI }

    /// Where the streams and logs of pods are fetched from; until it is set they answer 503.
    public func attach(nodes: any NodeProxy) {
        state.withLock { $0.nodes = nodes }
    }

    var nodes: (any NodeProxy)? { state.withLock(\.nodes) }

    // MARK: Readiness

    /// Names something that `/readyz` waits for.
    public func requireForReadiness(_ check: String) {
        _ = state.withLock { $0.pendingChecks.insert(check) }
    }

    public func markReady(_ check: String) {
        _ = state.withLock { $0.pendingChecks.remove(check) }
    }

    var pendingChecks: [String] { state.withLock { $0.pendingChecks.sorted() } }

    // MARK: Parts

    private static func admission(
        _ configuration: Configuration, _ store: ObjectStore, _ clock: any WallClock,
        _ authorizer: any Authorizer
    ) -> AdmissionChain {
        AdmissionChain(
            [
                NamespaceLifecycle(store: store),
                ServiceAccountAdmission(store: store),
                NodeRestriction(store: store),
                PriorityAdmission(store: store),
                DefaultTolerationSeconds(
                    notReadySeconds: configuration.notReadyTolerationSeconds,
                    unreachableSeconds: configuration.unreachableTolerationSeconds),
                LimitRanger(store: store),
                RuntimeClassAdmission(store: store),
                DefaultStorageClass(store: store),
                DefaultIngressClass(store: store),
                StorageObjectInUseProtection(),
                PersistentVolumeClaimResize(store: store),
                PodSecurityAdmission(store: store),
                CertificateAdmission(authorizer: authorizer),
                SupportGate(),
                CustomResourceLifecycle(),
            ], last: [ResourceQuotaAdmission(store: store, clock: clock)])
    }

    private static func behaviors(
        _ configuration: Configuration, _ store: ObjectStore, _ clock: any WallClock
    ) throws -> [String: any Behavior] {
        let events = EventBehavior()
        let webhooks = WebhookConfigurationBehavior()
        return [
            AggregatedServices.resource: APIServiceBehavior(clock: clock),
            AdmissionWebhookTable.mutating: webhooks, AdmissionWebhookTable.validating: webhooks,
            "pods": PodBehavior(),
            "services": try ServiceBehavior(
                addresses: configuration.serviceCIDRs, ports: configuration.nodePorts, store: store),
            "namespaces": NamespaceBehavior(),
            "nodes": NodeBehavior(clock: clock),
            "events": events,
            "leases.coordination.k8s.io": LeaseBehavior(),
            "certificatesigningrequests.certificates.k8s.io": CertificateSigningRequestBehavior(),
        ]
    }

    // MARK: Access

    /// Throws 403 in Kubernetes' words unless the user may do this.
    func authorize(_ user: UserInfo, _ info: RequestInfo, _ record: AuditRecord? = nil) throws(APIStatus) {
        switch authorizer.authorize(AccessRequest(user: user, info: info)) {
        case .allowed(let reason):
            guard let record else { return }
            record.annotate("authorization.k8s.io/decision", "allow")
            record.annotate("authorization.k8s.io/reason", reason)
        case .denied(let reason):
            record?.annotate("authorization.k8s.io/decision", "forbid")
            record?.annotate("authorization.k8s.io/reason", reason)
            throw Self.forbidden(user, info, reason)
        }
    }

    private static func forbidden(_ user: UserInfo, _ info: RequestInfo, _ reason: String) -> APIStatus {
        let suffix = reason.isEmpty ? "" : ": \(reason)"
        guard info.isResourceRequest else {
            return .forbidden(
                "", "", "User \"\(user.name)\" cannot \(info.verb) path \"\(info.path)\"\(suffix)")
        }
        let place =
            info.namespace.isEmpty ? "at the cluster scope" : "in the namespace \"\(info.namespace)\""
        return .forbidden(
            info.qualifiedResource, info.name,
            "User \"\(user.name)\" cannot \(info.verb) resource \"\(info.resourceAndSubresource)\" in API group \"\(info.group)\" \(place)\(suffix)"
        )
    }
}
