internal import EdgeBase
internal import EdgeControllers
internal import EdgeTransport

/// Signs certificate requests with the cluster's authorities.
struct ClusterSigner: CertificateSigner {
    let pki: ClusterPKI
    let clock: any WallClock

    func inspect(_ pem: String) throws -> RequestedCertificate {
        let request = try SigningRequest(pem: pem)
        return RequestedCertificate(
            commonName: request.commonName, organizations: request.organizations, dnsNames: request.dnsNames,
            addresses: request.addresses.map(\.description), hasOtherNames: request.hasOtherNames)
    }

    func sign(_ pem: String, signer: KubernetesSigner, validSeconds: Int64) throws -> String {
        let request = try SigningRequest(pem: pem)
        var profile = CertificateProfile.client(request.commonName, organizations: request.organizations)
        var authority = pki.client
        if signer == .kubeletServing {
            profile = .serving(
                request.commonName, dnsNames: request.dnsNames, addresses: request.addresses)
            profile.organizations = request.organizations
            authority = pki.server
        }
        profile.validity = .seconds(validSeconds)
        return try authority.sign(request, as: profile, now: clock.now)
    }
}
