public import EdgeBase
internal import EdgeClient
internal import EdgeTransport
internal import Logging

/// Keeps the certificates of a joined host fresh: with the node's own certificate, and with the token where that one
/// has run out.
public struct IdentityRenewer: Sendable {
    /// The time of the host may change, and hosts sleep: looked at again at least this often.
    private static let longestWait = Duration.seconds(12 * 3600)

    private let connection: ServerConnection
    private let files: IdentityFiles
    private let node: String
    private let addresses: [IPAddress]
    private let joiner: Joiner?
    private let clock: any WallClock
    private let onChange: @Sendable (NodeIdentity) throws -> Void
    private let logger = Logger(label: "edge.join")

    /// - Parameters:
    ///   - joiner: joins once more where the node's own certificate has run out; nil without a token.
    ///   - onChange: called when the certificates have been replaced and stored.
    public init(
        connection: ServerConnection, files: IdentityFiles, node: String, addresses: [IPAddress],
        joiner: Joiner?, clock: any WallClock = SystemWallClock(),
        onChange: @escaping @Sendable (NodeIdentity) throws -> Void
    ) {
        self.connection = connection
        self.files = files
        self.node = node
        self.addresses = addresses
        self.joiner = joiner
        self.clock = clock
        self.onChange = onChange
    }

    /// Until the task is cancelled.
    public func run(_ identity: NodeIdentity) async {
        let backoff = EdgeClient.Backoff(initial: .seconds(10), maximum: .seconds(3600))
        var identity = identity
        var failures = 0
        while !Task.isCancelled {
            do {
                let renewed = try await renewed(identity)
                if renewed != identity {
                    try files.save(renewed)
                    try connection.use(renewed)
                    try onChange(renewed)
                    identity = renewed
                }
                failures = 0
                try await Task.sleep(for: wait(identity))
            } catch {
                guard !Task.isCancelled else { return }
                // The server may be away for a while; there is a quarter of the life for it.
                logger.log(
                    level: failures == 3 ? .warning : .debug, "certificates not renewed",
                    metadata: ["error": "\(error)"])
                try? await Task.sleep(for: backoff.delay(afterFailures: failures))
                failures += 1
            }
        }
    }

    private func wait(_ identity: NodeIdentity) throws -> Duration {
        let now = clock.now
        let waits = try [identity.kubelet, identity.network, identity.serving].map {
            RenewalSchedule.due(try CertificateInfo(pem: $0.certificate)) - now
        }
        return min(max(waits.min() ?? .zero, .seconds(60)), Self.longestWait)
    }

    /// The identity with what is due replaced.
    private func renewed(_ identity: NodeIdentity) async throws -> NodeIdentity {
        let now = clock.now
        guard try identity.isValid(at: now) else {
            guard let joiner else {
                throw JoinFailure.permanent("the node's certificate has expired: start edge with a token")
            }
            return try await joiner.join()
        }
        var identity = identity
        let requester = CertificateRequester(connection.node)
        if try isDue(identity.kubelet, now) { identity.kubelet = try await requester.request(.kubelet(node)) }
        if try isDue(identity.network, now) { identity.network = try await requester.request(.network(node)) }
        let serving = try CertificateInfo(pem: identity.serving.certificate)
        if RenewalSchedule.isDue(serving, now: now)
            || !serving.covers(dnsNames: [node], addresses: addresses)
        {
            identity.serving = try await requester.request(.serving(node, addresses: addresses))
        }
        return identity
    }

    private func isDue(_ pair: KeyPair, _ now: Timestamp) throws -> Bool {
        RenewalSchedule.isDue(try CertificateInfo(pem: pair.certificate), now: now)
    }
}
