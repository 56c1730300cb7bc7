internal import EdgeAPI

/// Signs certificate requests; the composition gives the controllers one that holds the cluster's CAs.
public protocol CertificateSigner: Sendable {
    /// What a request asks for.
    func inspect(_ pem: String) throws -> RequestedCertificate
    /// The certificate in PEM for a request that has been approved.
    func sign(_ pem: String, signer: KubernetesSigner, validSeconds: Int64) throws -> String
}

/// The subject and names in a certificate request.
public struct RequestedCertificate: Sendable, Equatable {
    public var commonName: String
    public var organizations: [String]
    public var dnsNames: [String]
    public var addresses: [String]
    /// Whether it asks for e-mail addresses or URIs as well.
    public var hasOtherNames: Bool

    public init(
        commonName: String, organizations: [String], dnsNames: [String] = [], addresses: [String] = [],
        hasOtherNames: Bool = false
    ) {
        self.commonName = commonName
        self.organizations = organizations
        self.dnsNames = dnsNames
        self.addresses = addresses
        self.hasOtherNames = hasOtherNames
    }
}

/// The signers that edge serves, by their names in `spec.signerName`.
public enum KubernetesSigner: String, Sendable, CaseIterable {
    /// Any client of the API; only an administrator approves these.
    case client = "kubernetes.io/kube-apiserver-client"
    /// A node's own identity.
    case kubeletClient = "kubernetes.io/kube-apiserver-client-kubelet"
    /// The certificate of a kubelet's own server.
    case kubeletServing = "kubernetes.io/kubelet-serving"
    /// The identity of a node's proxy, policy and DNS.
    case nodeNetwork = "edge.io/node-network-client"
}
