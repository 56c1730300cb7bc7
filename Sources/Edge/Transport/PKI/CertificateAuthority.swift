internal import Crypto
public import EdgeBase
internal import SwiftASN1
internal import X509

/// A certificate authority: makes leaf certificates and signs requests.
public struct CertificateAuthority: Sendable {
    /// Ten years, as k3s's.
    public static let defaultValidity = Duration.seconds(3650 * 86400)

    /// The authority's own certificate in PEM, with the ones above it when it is an intermediate one. The
    /// very bytes of the file, which a join token's hash is taken over.
    public let certificate: String
    let leaf: Certificate
    /// The certificates between a leaf of ours and a root, which leaves are handed out with; empty for a
    /// root.
    let intermediates: String
    private let key: Certificate.PrivateKey

    /// A new self-signed authority with a P-256 key.
    public static func make(
        commonName: String, now: Timestamp, validity: Duration = defaultValidity
    ) throws -> (authority: CertificateAuthority, files: KeyPair) {
        let key = P256.Signing.PrivateKey()
        let subject = DistinguishedName(commonName, [])
        let dates = CertificateDates.range(now: now, validity: validity)
        let publicKey = Certificate.PublicKey(key.publicKey)
        let certificate = try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: publicKey,
            notValidBefore: dates.begin.date, notValidAfter: dates.end.date, issuer: subject,
            subject: subject,
            extensions: Certificate.Extensions([
                Certificate.Extension(
                    KeyUsage(digitalSignature: true, keyEncipherment: true, keyCertSign: true), critical: true
                ),
                Certificate.Extension(
                    BasicConstraints.isCertificateAuthority(maxPathLength: nil), critical: true),
                Certificate.Extension(SubjectKeyIdentifier(hash: publicKey), critical: false),
            ]),
            issuerPrivateKey: Certificate.PrivateKey(key))
        let files = KeyPair(
            certificate: try certificate.serializeAsPEM().pemString + "\n",
            privateKey: key.pemRepresentation + "\n")
        return (try CertificateAuthority(files), files)
    }

    /// From PEM. Refuses a certificate that is no authority, and a key that is not its.
    public init(_ files: KeyPair) throws {
        let certificates = try PEM.certificates(files.certificate)
        guard let first = certificates.first else {
            throw PKIError("load certificate authority", "no certificate in the file")
        }
        guard case .isCertificateAuthority = try first.extensions.basicConstraints else {
            throw PKIError("load certificate authority", "the certificate is not one of an authority")
        }
        key = try Certificate.PrivateKey(pemEncoded: files.privateKey)
        guard key.publicKey == first.publicKey else {
            throw PKIError("load certificate authority", "the key does not belong to the certificate")
        }
        leaf = first
        certificate = files.certificate
        intermediates =
            first.issuer == first.subject
            ? "" : try certificates.map { try $0.serializeAsPEM().pemString + "\n" }.joined()
    }

    public var info: CertificateInfo {
        get throws { try CertificateInfo(leaf) }
    }

    /// A new P-256 key and a certificate for it.
    public func issue(_ profile: CertificateProfile, now: Timestamp) throws -> KeyPair {
        let key = P256.Signing.PrivateKey()
        let certificate = try sign(Certificate.PublicKey(key.publicKey), profile, now)
        return KeyPair(certificate: certificate, privateKey: key.pemRepresentation + "\n")
    }

    /// A certificate for the key of a request. Only the key is taken from the request: what the certificate
    /// says is the caller's decision.
    public func sign(_ request: SigningRequest, as profile: CertificateProfile, now: Timestamp) throws
        -> String
    {
        try sign(request.publicKey, profile, now)
    }

    private func sign(
        _ publicKey: Certificate.PublicKey, _ profile: CertificateProfile, _ now: Timestamp
    ) throws -> String {
        let dates = CertificateDates.range(now: now, validity: profile.validity)
        let end = min(dates.end, Timestamp(leaf.notValidAfter))
        guard dates.begin < end else { throw PKIError("issue certificate", "the authority has expired") }
        var extensions = try Certificate.Extensions([
            Certificate.Extension(KeyUsage(digitalSignature: true, keyEncipherment: true), critical: true),
            Certificate.Extension(
                try ExtendedKeyUsage(profile.usages.map { $0 == .serverAuth ? .serverAuth : .clientAuth }),
                critical: false),
            Certificate.Extension(BasicConstraints.notCertificateAuthority, critical: true),
            Certificate.Extension(
                AuthorityKeyIdentifier(
                    keyIdentifier: try leaf.extensions.subjectKeyIdentifier?.keyIdentifier
                        ?? SubjectKeyIdentifier(hash: leaf.publicKey).keyIdentifier), critical: false),
        ])
        if !profile.dnsNames.isEmpty || !profile.addresses.isEmpty {
            let names = SubjectAlternativeNames(dnsNames: profile.dnsNames, addresses: profile.addresses)
            try extensions.append(Certificate.Extension(names, critical: false))
        }
        let certificate = try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: publicKey,
            notValidBefore: dates.begin.date, notValidAfter: end.date, issuer: leaf.subject,
            subject: DistinguishedName(profile.commonName, profile.organizations),
            extensions: extensions, issuerPrivateKey: key)
        return try certificate.serializeAsPEM().pemString + "\n" + intermediates
    }
}
