internal import EdgeAPI
internal import EdgeJSON

/// Which requests are approved without an administrator: a node's own, asked for by the node itself or by
/// somebody who holds a join token. Everything else waits.
struct CertificatePolicy {
    enum Verdict: Equatable {
        case approve(String)
        case wait
        case deny(String)
    }

    private static let nodeGroup = "system:nodes"
    private static let nodePrefix = "system:node:"
    private static let networkGroup = "system:edge-network"
    private static let networkPrefix = "system:edge-network:"
    private static let bootstrapGroup = "system:bootstrappers"

    static func judge(
        _ request: CertificateSigningRequest, _ wanted: RequestedCertificate, signer: KubernetesSigner
    ) -> Verdict {
        let user = request.object[path: "spec", "username"]?.string ?? ""
        let groups = request.object[path: "spec", "groups"]?.strings ?? []
        let usages = Set(request.object[path: "spec", "usages"]?.strings ?? [])
        switch signer {
        case .client: return .wait
        case .kubeletClient:
            return identity(wanted, nodeGroup, nodePrefix, user, groups, usages, "client auth")
        case .nodeNetwork:
            return identity(wanted, networkGroup, networkPrefix, user, groups, usages, "client auth")
        case .kubeletServing:
            return serving(wanted, user, groups, usages)
        }
    }

    /// A client certificate for a node: without any names but the subject, asked for by the node or a joiner.
    private static func identity(
        _ wanted: RequestedCertificate, _ group: String, _ prefix: String, _ user: String, _ groups: [String],
        _ usages: Set<String>, _ usage: String
    ) -> Verdict {
        guard wanted.organizations == [group], wanted.commonName.hasPrefix(prefix),
            wanted.commonName.count > prefix.count, wanted.dnsNames.isEmpty, wanted.addresses.isEmpty,
            !wanted.hasOtherNames
        else { return .deny("the subject must be O=\(group), CN=\(prefix)<node> without other names") }
        guard usages.contains(usage), usages.isSubset(of: [usage, "digital signature", "key encipherment"])
        else {
            return .deny("the usages must be those of a client certificate")
        }
        let node = wanted.commonName.dropFirst(prefix.count)
        if groups.contains(bootstrapGroup) || user == "\(nodePrefix)\(node)" {
            return .approve("Auto approving the certificate of node \(node)")
        }
        return .wait
    }

    private static func serving(
        _ wanted: RequestedCertificate, _ user: String, _ groups: [String], _ usages: Set<String>
    ) -> Verdict {
        guard wanted.organizations == [nodeGroup], wanted.commonName == user, user.hasPrefix(nodePrefix),
            groups.contains(nodeGroup), !wanted.hasOtherNames
        else { return .deny("a serving certificate is for the node that asks for it") }
        guard !wanted.dnsNames.isEmpty || !wanted.addresses.isEmpty else {
            return .deny("a serving certificate needs a name or an address")
        }
        guard usages.contains("server auth"),
            usages.isSubset(of: ["server auth", "digital signature", "key encipherment"])
        else { return .deny("the usages must be those of a serving certificate") }
        return .approve("Auto approving the serving certificate of \(user)")
    }
}
