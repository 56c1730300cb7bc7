internal import EdgeTransport

/// TLS settings of an endpoint with the content of the files that they name.
struct RegistryTLS: Hashable, Sendable {
    var isVerified = true
    /// PEM, as the files hold it; empty where none is named.
    var authorities: [UInt8] = []
    var certificate: [UInt8] = []
    var privateKey: [UInt8] = []

    func context() throws -> TLSClientContext {
        try TLSClientContext(
            besidesHost: authorities, isVerified: isVerified, certificate: certificate, privateKey: privateKey
        )
    }
}
