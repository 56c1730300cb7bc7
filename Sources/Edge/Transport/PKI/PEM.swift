internal import SwiftASN1
internal import X509

/// Reading PEM text (RFC 7468).
public enum PEM {
    /// The certificates of a text, in their order; other blocks are left out.
    static func certificates(_ text: String) throws -> [Certificate] {
        try documents(text).filter { $0.discriminator == "CERTIFICATE" }.map {
            try Certificate(derEncoded: $0.derBytes)
        }
    }

    static func documents(_ text: String) throws -> [PEMDocument] {
        guard text.utf8.contains(where: { !ASCIIText.isBlank($0) && $0 != 0x0a && $0 != 0x0d }) else {
            return []
        }
        return try PEMDocument.parseMultiple(pemString: text)
    }

    /// The DER of the certificates of a text.
    public static func certificateBytes(_ text: String) throws -> [[UInt8]] {
        try documents(text).filter { $0.discriminator == "CERTIFICATE" }.map(\.derBytes)
    }
}
