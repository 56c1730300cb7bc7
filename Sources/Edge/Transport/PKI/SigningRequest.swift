internal import Crypto
public import EdgeBase
internal import SwiftASN1
internal import X509

/// A certificate signing request (PKCS #10, RFC 2986) whose signature has been verified: whoever made it
/// holds the key.
public struct SigningRequest: Sendable {
    public let commonName: String
    public let organizations: [String]
    public let dnsNames: [String]
    public let addresses: [IPAddress]
    /// Whether other kinds of alternative names are asked for (mail addresses, URIs).
    public let hasOtherNames: Bool
    let publicKey: Certificate.PublicKey

    /// Larger texts are not looked at.
    public static let maximumBytes = 64 * 1024

    public init(pem: String) throws {
        guard pem.utf8.count <= Self.maximumBytes else {
            throw PKIError("read signing request", "longer than \(Self.maximumBytes) bytes")
        }
        let request = try CertificateSigningRequest(pemEncoded: pem)
        guard request.publicKey.isValidSignature(request.signature, for: request) else {
            throw PKIError("read signing request", "its signature does not fit its key")
        }
        commonName = request.subject.attributes(.RDNAttributeType.commonName).first ?? ""
        organizations = request.subject.attributes(.RDNAttributeType.organizationName)
        publicKey = request.publicKey
        var names = SubjectAlternativeNames()
        for attribute in request.attributes where attribute.oid == .CSRAttributes.extensionRequest {
            names = try ExtensionRequest(attribute).extensions.subjectAlternativeNames ?? names
        }
        dnsNames = names.dnsNames
        addresses = names.addresses
        hasOtherNames = names.count > dnsNames.count + addresses.count
    }

    /// A new P-256 key and a request for it, both in PEM.
    public static func make(
        commonName: String, organizations: [String] = [], dnsNames: [String] = [], addresses: [IPAddress] = []
    ) throws -> (request: String, privateKey: String) {
        let key = P256.Signing.PrivateKey()
        let request = try make(
            key: Certificate.PrivateKey(key), commonName: commonName, organizations: organizations,
            dnsNames: dnsNames, addresses: addresses)
        return (request, key.pemRepresentation + "\n")
    }

    /// A request for a key that exists already.
    public static func make(
        privateKey: String, commonName: String, organizations: [String] = [], dnsNames: [String] = [],
        addresses: [IPAddress] = []
    ) throws -> String {
        try make(
            key: try Certificate.PrivateKey(pemEncoded: privateKey), commonName: commonName,
            organizations: organizations, dnsNames: dnsNames, addresses: addresses)
    }

    private static func make(
        key: Certificate.PrivateKey, commonName: String, organizations: [String], dnsNames: [String],
        addresses: [IPAddress]
    ) throws -> String {
        var attributes = CertificateSigningRequest.Attributes()
        if !dnsNames.isEmpty || !addresses.isEmpty {
            let names = SubjectAlternativeNames(dnsNames: dnsNames, addresses: addresses)
            let extensions = try Certificate.Extensions([Certificate.Extension(names, critical: false)])
            attributes = try CertificateSigningRequest.Attributes([
                .init(ExtensionRequest(extensions: extensions))
            ])
        }
        let request = try CertificateSigningRequest(
            version: .v1, subject: DistinguishedName(commonName, organizations), privateKey: key,
            attributes: attributes)
        return try request.serializeAsPEM().pemString + "\n"
    }
}

extension DistinguishedName {
    /// Organizations first, then the common name: the order in which Kubernetes' tools write them.
    init(_ commonName: String, _ organizations: [String]) {
        var names = organizations.map {
            RelativeDistinguishedName(.init(type: .RDNAttributeType.organizationName, utf8String: $0))
        }
        names.append(
            RelativeDistinguishedName(.init(type: .RDNAttributeType.commonName, utf8String: commonName)))
        self.init(names)
    }
}
