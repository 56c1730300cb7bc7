internal import EdgeBase
internal import EdgeClient
internal import EdgeJSON
internal import EdgeJoin
internal import EdgeKubelet
internal import EdgeTransport
internal import Logging
internal import NIOPosix
internal import Synchronization

/// `edge agent`: joins the host to a cluster where it has not joined yet, and runs its node.
struct JoinedHost: Sendable {
    private let options: NodeOptions
    private let server: HTTPURL
    private let name: String
    private let address: IPAddress
    private let token: JoinToken?
    private let files: IdentityFiles
    private let group: MultiThreadedEventLoopGroup
    private let clock = SystemWallClock()
    private let logger = Logger(label: "edge.agent")

    init(_ options: NodeOptions, server: HTTPURL, group: MultiThreadedEventLoopGroup) throws {
        self.options = options
        self.server = server
        self.group = group
        name = options.nodeName ?? HostName.current
        if let text = options.nodeIP {
            guard let address = IPAddress(text) else { throw CommandFailure("\"\(text)\" is not an address") }
            self.address = address
        } else {
            guard let address = try HostAddress.detect() else {
                throw CommandFailure("this host has no address: give one with --node-ip")
            }
            self.address = address
        }
        do { token = try options.readToken().map { try JoinToken(parsing: $0) } } catch let
            error as JoinToken.Malformed
        {
            throw CommandFailure("read token: \(error)")
        }
        files = IdentityFiles(directory: options.layout.agentTLS)
    }

    /// Works until the task is cancelled; pods run on. Until the host has joined, nothing is changed on it.
    func run() async throws {
        let joiner = token.map {
            Joiner(server: server, token: $0, node: name, addresses: addresses, group: group)
        }
        let (identity, isNew) = try await identity(joiner)
        let lock = try ProcessLock.take(options.layout.pidFile)
        defer { lock.release() }
        if isNew { try files.save(identity) }
        let connection = try ServerConnection(server: server, identity: identity, group: group)
        let facts = try await facts(connection)
        let clock = clock
        let agent = try await NodeAgent.make(
            options, name: name, address: address, cluster: facts, client: connection.node,
            source: connection.source, group: group, timers: TimerQueue()
        ) { request, _ in KubeletEndpoint.authorize(request, now: clock.now) }
        let endpoint = try await KubeletEndpoint.start(
            agent.handler, node: name, identity: identity, clientAuthority: facts.clientAuthority,
            connection: connection, group: group)
        let renewer = IdentityRenewer(
            connection: connection, files: files, node: name, addresses: addresses, joiner: joiner
        ) { try endpoint.use($0, clientAuthority: facts.clientAuthority) }
        await withTaskGroup(of: Void.self) { tasks in
            tasks.addTask { await agent.run() }
            tasks.addTask { await endpoint.run() }
            tasks.addTask { await renewer.run(identity) }
        }
    }

    private var addresses: [IPAddress] {
        [address] + [options.nodeExternalIP].compactMap { $0.flatMap { IPAddress($0) } }
    }

    // MARK: Identity

    /// The stored identity, or a new one by the token.
    private func identity(_ joiner: Joiner?) async throws -> (NodeIdentity, isNew: Bool) {
        if let stored = try files.load() {
            try check(stored)
            if try stored.isValid(at: clock.now) { return (stored, false) }
            guard joiner != nil else {
                throw CommandFailure("the certificate of this node has expired: give a token to join again")
            }
        }
        guard let joiner else {
            throw CommandFailure("this host has not joined yet: give a token with --token")
        }
        do {
            return (try await joiner.join(), true)
        } catch let failure as JoinFailure {
            throw CommandFailure("join \(server): \(failure)")
        }
    }

    /// A host belongs to one cluster, under one name.
    private func check(_ stored: NodeIdentity) throws {
        let leave = "remove \(files.directory) to join anew"
        if let hash = token?.authorityHash, try hash != CertificateHash.hash(authorityFile: stored.authority)
        {
            throw CommandFailure(
                "the token is of another cluster than the one that this host has joined, or its hash is altered; \(leave)"
            )
        }
        let known = try stored.nodeName
        guard known == name else {
            throw CommandFailure("this host has joined as node \(known), not as \(name); \(leave)")
        }
    }

    // MARK: The cluster

    /// Asks the server what the cluster is like. While it is away, what it said the last time counts.
    private func facts(_ connection: ServerConnection) async throws -> ClusterFacts {
        let backoff = EdgeClient.Backoff(initial: .milliseconds(500), maximum: .seconds(5))
        var failures = 0
        while true {
            do {
                let stored = try await connection.node.get(ClusterFacts.key)
                let data = try JSONParser.parse(stored.bytes)["data"]
                let facts = try ClusterFacts(data)
                try SmallFile.write(
                    JSONValue.object(facts.data).encoded, to: options.layout.clusterFacts, mode: 0o644)
                return facts
            } catch {
                try Task.checkCancellation()
                if let text = try SmallFile.readTextIfPresent(options.layout.clusterFacts) {
                    logger.notice(
                        "the server is away: the node goes on as it was",
                        metadata: ["server": "\(server)", "cause": "\(error)"])
                    return try ClusterFacts(try JSONValue(parsing: text))
                }
                logger.log(
                    level: failures == 0 ? .notice : .debug, "waiting for the server",
                    metadata: ["server": "\(server)", "cause": "\(error)"])
            }
            try await Task.sleep(for: backoff.delay(afterFailures: failures))
            failures += 1
        }
    }
}
