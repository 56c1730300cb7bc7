public import EdgeBase
public import EdgeTransport

/// What a joined host has to show, and whom it trusts.
public struct NodeIdentity: Sendable, Equatable {
    /// The cluster's server CA in PEM, the bytes that the token's hash is of.
    public var authority: String
    /// `system:node:<name>` of `system:nodes`: the kubelet's own.
    public var kubelet: KeyPair
    /// `system:edge-network:<name>`: for the service proxy and DNS, which see more of the cluster and no secrets.
    public var network: KeyPair
    /// What the kubelet shows to the API server.
    public var serving: KeyPair

    public init(authority: String, kubelet: KeyPair, network: KeyPair, serving: KeyPair) {
        self.authority = authority
        self.kubelet = kubelet
        self.network = network
        self.serving = serving
    }

    /// Whether the kubelet's own certificate is still good; only with it can the others be renewed.
    public func isValid(at now: Timestamp) throws -> Bool {
        try CertificateInfo(pem: kubelet.certificate).notAfter > now
    }

    /// The name of the node that this is the identity of.
    public var nodeName: String {
        get throws {
            String(
                try CertificateInfo(pem: kubelet.certificate).commonName.dropFirst(
                    CertificateWish.nodePrefix.count))
        }
    }
}

/// An identity as files of one directory: `server-ca.crt`, and `client-kubelet`, `client-edge-network` and
/// `serving-kubelet`, each `.crt` (0644) and `.key` (0600).
public struct IdentityFiles: Sendable {
    public let directory: String

    public init(directory: String) {
        self.directory = directory
    }

    private var authorityPath: String { "\(directory)/server-ca.crt" }

    private func pair(_ name: String) -> KeyPairFiles { KeyPairFiles(directory: directory, name: name) }

    /// Nil when the host has not joined, or was interrupted while it did. The calls block for as long as the disk
    /// takes.
    public func load() throws -> NodeIdentity? {
        guard let authority = try SmallFile.readTextIfPresent(authorityPath),
            let kubelet = try pair("client-kubelet").load(),
            let network = try pair("client-edge-network").load(),
            let serving = try pair("serving-kubelet").load()
        else { return nil }
        return NodeIdentity(authority: authority, kubelet: kubelet, network: network, serving: serving)
    }

    /// The authority is written last: without it nothing of the rest counts.
    public func save(_ identity: NodeIdentity) throws {
        try SmallFile.makeDirectory(directory, mode: 0o700)
        try pair("client-kubelet").save(identity.kubelet)
        try pair("client-edge-network").save(identity.network)
        try pair("serving-kubelet").save(identity.serving)
        try SmallFile.write(identity.authority, to: authorityPath, mode: 0o644)
    }
}
