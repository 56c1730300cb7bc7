internal import EdgeBase
internal import SwiftASN1
@_spi(FixedExpiryValidationTime) internal import X509

/// Verifies the certificates that clients show against the trusted certificate authorities.
struct ClientCertificateVerifier: Sendable {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// No honest chain is longer.
    private static let maximumChain = 8

    private let roots: [Certificate]
    private let clock: any WallClock

    init(roots: [Certificate], clock: any WallClock) {
        self.roots = roots
        self.clock = clock
    }

    /// - Parameter presented: the certificates in DER, the client's own first.
    func verify(_ presented: [[UInt8]]) async -> Result<PeerIdentity, Failure> {
        guard presented.count <= Self.maximumChain else {
            return .failure(
                Failure(description: "client certificate chain is longer than \(Self.maximumChain)"))
        }
        do {
            let certificates = try presented.map { try Certificate(derEncoded: $0) }
            guard let leaf = certificates.first else {
                return .failure(Failure(description: "client sent no certificate"))
            }
            try Self.demandClientUsage(leaf)
            var verifier = Verifier(rootCertificates: CertificateStore(roots)) {
                RFC5280Policy(fixedExpiryValidationTime: VerificationTime.of(leaf, clock).date)
            }
            let result = await verifier.validate(
                leaf: leaf, intermediates: CertificateStore(certificates.dropFirst()))
            switch result {
            case .validCertificate(let chain): return .success(try Self.identity(leaf, Array(chain)))
            case .couldNotValidate(let failures):
                let reasons = failures.map { "\($0.policyFailureReason)" }
                let reason = reasons.first ?? "signed by unknown authority"
                return .failure(Failure(description: "client certificate is not valid: \(reason)"))
            }
        } catch let failure as Failure {
            return .failure(failure)
        } catch {
            return .failure(Failure(description: "client certificate cannot be read: \(error)"))
        }
    }

    /// A server's certificate must not serve as somebody's identity.
    private static func demandClientUsage(_ leaf: Certificate) throws {
        guard let usage = try leaf.extensions.extendedKeyUsage else { return }
        guard usage.contains(.clientAuth) || usage.contains(.any) else {
            throw Failure(description: "client certificate is not valid: not meant for client authentication")
        }
    }

    static func identity(_ leaf: Certificate, _ chain: [Certificate]) throws -> PeerIdentity {
        PeerIdentity(
            commonName: leaf.subject.attributes(.RDNAttributeType.commonName).first ?? "",
            organizations: leaf.subject.attributes(.RDNAttributeType.organizationName),
            notAfter: Timestamp(leaf.notValidAfter),
            chain: try chain.map { try $0.derBytes })
    }
}

extension DistinguishedName {
    /// The values of one attribute, in their order.
    func attributes(_ type: ASN1ObjectIdentifier) -> [String] {
        flatMap { Array($0) }.filter { $0.type == type }.compactMap { String($0.value) }
    }
}

extension Certificate {
    var derBytes: [UInt8] {
        get throws {
            var serializer = DER.Serializer()
            try serializer.serialize(self)
            return serializer.serializedBytes
        }
    }
}
