internal import Crypto
internal import X509

/// The fingerprint of a cluster's certificate authority in a join token, by k3s's rule.
public enum CertificateHash {
    /// Of a file with one certificate: the SHA-256 of the whole file. Of a bundle: the SHA-256 of the DER of
    /// the root that the first certificate leads to. As 64 hexadecimal digits.
    public static func hash(authorityFile text: String) throws -> String {
        let certificates = try PEM.certificates(text)
        guard let first = certificates.first else {
            throw PKIError("hash certificate authority", "the file has no certificate")
        }
        guard certificates.count > 1, let root = root(of: first, among: certificates) else {
            return sha256(Array(text.utf8))
        }
        return sha256(try root.derBytes)
    }

    /// Hexadecimal SHA-256.
    public static func sha256(_ bytes: [UInt8]) -> String {
        ASCIIText.hex(SHA256.hash(data: bytes))
    }

    private static func root(of first: Certificate, among certificates: [Certificate]) -> Certificate? {
        var tip = first
        // Each step goes to another certificate, so there are no more steps than certificates.
        for _ in certificates {
            if tip.issuer == tip.subject { return tip }
            let issuer = certificates.first {
                $0.subject == tip.issuer && $0.publicKey.isValidSignature(tip.signature, for: tip)
            }
            guard let issuer else { return nil }
            tip = issuer
        }
        return nil
    }
}
