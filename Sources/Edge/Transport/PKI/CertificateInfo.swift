public import EdgeBase
internal import SwiftASN1
internal import X509

/// What stands in a certificate, as far as edge looks at it.
public struct CertificateInfo: Sendable, Equatable {
    public let commonName: String
    public let organizations: [String]
    public let issuer: String
    public let notBefore: Timestamp
    public let notAfter: Timestamp
    public let dnsNames: [String]
    public let addresses: [IPAddress]
    public let isAuthority: Bool

    /// Of the first certificate of a PEM text.
    public init(pem: String) throws {
        guard let certificate = try PEM.certificates(pem).first else {
            throw PKIError("read certificate", "no certificate in the file")
        }
        try self.init(certificate)
    }

    init(_ certificate: Certificate) throws {
        commonName = certificate.subject.attributes(.RDNAttributeType.commonName).first ?? ""
        organizations = certificate.subject.attributes(.RDNAttributeType.organizationName)
        issuer = certificate.issuer.attributes(.RDNAttributeType.commonName).first ?? ""
        notBefore = Timestamp(certificate.notValidBefore)
        notAfter = Timestamp(certificate.notValidAfter)
        let names = try certificate.extensions.subjectAlternativeNames
        dnsNames = names?.dnsNames ?? []
        addresses = names?.addresses ?? []
        isAuthority =
            switch try certificate.extensions.basicConstraints {
            case .isCertificateAuthority: true
            default: false
            }
    }

    /// Whether it is time to replace it, see `CertificateDates`.
    public func needsRenewal(now: Timestamp) -> Bool {
        CertificateDates.needsRenewal(begin: notBefore, end: notAfter, now: now)
    }

    /// Whether all these names and addresses are in it.
    public func covers(dnsNames: [String], addresses: [IPAddress]) -> Bool {
        Set(self.dnsNames).isSuperset(of: dnsNames) && Set(self.addresses).isSuperset(of: addresses)
    }
}

extension SubjectAlternativeNames {
    var dnsNames: [String] {
        compactMap { if case .dnsName(let name) = $0 { name } else { nil } }
    }

    var addresses: [IPAddress] {
        compactMap { if case .ipAddress(let bytes) = $0 { IPAddress(bytes: bytes.bytes) } else { nil } }
    }

    init(dnsNames: [String], addresses: [IPAddress]) {
        self.init(
            dnsNames.map { .dnsName($0) }
                + addresses.map { .ipAddress(ASN1OctetString(contentBytes: $0.bytes[...])) })
    }
}
