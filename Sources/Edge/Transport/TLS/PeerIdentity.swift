public import EdgeBase

/// Who a verified client certificate says its holder is.
public struct PeerIdentity: Sendable, Hashable {
    /// The subject's common name: the user in Kubernetes.
    public let commonName: String
    /// The subject's organizations: the groups in Kubernetes.
    public let organizations: [String]
    /// When the certificate ends; a connection may live longer, so callers look at it on each request.
    public let notAfter: Timestamp
    /// The verified chain in DER, from the leaf to the trusted root.
    public let chain: [[UInt8]]

    public init(commonName: String, organizations: [String], notAfter: Timestamp, chain: [[UInt8]]) {
        self.commonName = commonName
        self.organizations = organizations
        self.notAfter = notAfter
        self.chain = chain
    }
}
