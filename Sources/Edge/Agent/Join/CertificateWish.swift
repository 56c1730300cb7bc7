public import EdgeBase
internal import EdgeJSON

/// A certificate that a node asks for: what stands in the request, and which signer it is for.
public struct CertificateWish: Sendable, Equatable {
    static let nodePrefix = "system:node:"
    private static let networkPrefix = "system:edge-network:"

    var signer: String
    var commonName: String
    var organization: String
    var dnsNames: [String] = []
    var addresses: [IPAddress] = []
    /// As `spec.usages` has it. No key encipherment: the keys are elliptic.
    var usage: String

    public static func kubelet(_ node: String) -> Self {
        Self(
            signer: "kubernetes.io/kube-apiserver-client-kubelet", commonName: nodePrefix + node,
            organization: "system:nodes", usage: "client auth")
    }

    public static func network(_ node: String) -> Self {
        Self(
            signer: "edge.io/node-network-client", commonName: networkPrefix + node,
            organization: "system:edge-network", usage: "client auth")
    }

    /// Only the node itself may ask for this one.
    public static func serving(_ node: String, addresses: [IPAddress]) -> Self {
        Self(
            signer: "kubernetes.io/kubelet-serving", commonName: nodePrefix + node,
            organization: "system:nodes", dnsNames: [node], addresses: addresses, usage: "server auth")
    }

    /// The `spec` of the CertificateSigningRequest.
    func specification(request: String) -> JSONValue {
        [
            "request": .string(Base64.encode(Array(request.utf8))), "signerName": .string(signer),
            "usages": ["digital signature", .string(usage)],
        ]
    }
}
