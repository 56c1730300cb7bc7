public import EdgeBase

/// What a leaf certificate says.
public struct CertificateProfile: Sendable, Equatable {
    public enum Usage: Sendable, Hashable {
        case serverAuth, clientAuth
    }

    /// One year, as k3s's.
    public static let defaultValidity = Duration.seconds(365 * 86400)

    public var commonName: String
    public var organizations: [String]
    public var usages: [Usage]
    public var dnsNames: [String]
    public var addresses: [IPAddress]
    public var validity: Duration

    public init(
        commonName: String, organizations: [String] = [], usages: [Usage], dnsNames: [String] = [],
        addresses: [IPAddress] = [], validity: Duration = defaultValidity
    ) {
        self.commonName = commonName
        self.organizations = organizations
        self.usages = usages
        self.dnsNames = dnsNames
        self.addresses = addresses
        self.validity = validity
    }

    /// A server's certificate with the names and addresses that clients reach it by.
    public static func serving(
        _ commonName: String, organizations: [String] = [], dnsNames: [String], addresses: [IPAddress]
    ) -> Self {
        Self(
            commonName: commonName, organizations: organizations, usages: [.serverAuth], dnsNames: dnsNames,
            addresses: addresses)
    }

    /// A client's certificate: the common name is the user, the organizations are the groups.
    public static func client(_ commonName: String, organizations: [String] = []) -> Self {
        Self(commonName: commonName, organizations: organizations, usages: [.clientAuth])
    }
}

/// A certificate (with the intermediate ones, if any) and its private key, in PEM.
public struct KeyPair: Sendable, Equatable {
    public let certificate: String
    public let privateKey: String

    public init(certificate: String, privateKey: String) {
        self.certificate = certificate
        self.privateKey = privateKey
    }
}
