internal import EdgeBase
internal import SwiftASN1
@_spi(FixedExpiryValidationTime) internal import X509

/// Verifies what a server shows.
struct ServerCertificateVerifier: Sendable {
    private let roots: CertificateStore
    private let clock: any WallClock

    init(roots: CertificateStore, clock: any WallClock) {
        self.roots = roots
        self.clock = clock
    }

    /// Why the certificates are not accepted; nil when they are.
    func reject(_ presented: [[UInt8]], serverName: String) async -> String? {
        guard presented.count <= 8 else { return "the certificate chain is too long" }
        do {
            let certificates = try presented.map { try Certificate(derEncoded: $0) }
            guard let leaf = certificates.first else { return "the server sent no certificate" }
            if let usage = try leaf.extensions.extendedKeyUsage {
                guard usage.contains(.serverAuth) || usage.contains(.any) else {
                    return "the certificate is not meant for a server"
                }
            }
            let isAddress = IPAddress(serverName) != nil
            var verifier = Verifier(rootCertificates: roots) {
                RFC5280Policy(fixedExpiryValidationTime: VerificationTime.of(leaf, clock).date)
                ServerIdentityPolicy(
                    serverHostname: isAddress ? nil : serverName, serverIP: isAddress ? serverName : nil)
            }
            switch await verifier.validate(
                leaf: leaf, intermediates: CertificateStore(certificates.dropFirst()))
            {
            case .validCertificate: return nil
            case .couldNotValidate(let failures):
                return failures.first.map { "\($0.policyFailureReason)" } ?? "signed by unknown authority"
            }
        } catch {
            return "the certificate cannot be read: \(error)"
        }
    }
}
