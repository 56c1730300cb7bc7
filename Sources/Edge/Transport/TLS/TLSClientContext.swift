public import EdgeBase
internal import NIOCore
internal import NIOSSL
internal import Synchronization
internal import X509

/// What a TLS client trusts and shows.
public final class TLSClientContext: Sendable {
    public enum Trust: Sendable {
        /// The authorities of the host's own store.
        case system
        /// These authorities and no others, in PEM.
        case authorities(String)
        /// Anybody: only to fetch an authority whose hash is known from a join token, and where a user asks
        /// for it.
        case insecure
    }

    private let context: NIOSSLContext
    private let verifier: ServerCertificateVerifier?

    /// - Parameter identity: the client certificate to show; nil for none.
    public init(
        trust: Trust, identity: KeyPair? = nil, clock: any WallClock = SystemWallClock()
    ) throws {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        configuration.cipherSuites = TLSDefaults.cipherSuites
        configuration.applicationProtocols = ["http/1.1"]
        configuration.shutdownTimeout = .seconds(2)
        // Names are compared by our own verifier, which also knows names that differ from the dialled
        // address.
        configuration.certificateVerification = .noHostnameVerification
        // The verifier has its own; the engine must not load the host's.
        configuration.trustRoots = .certificates([])
        switch trust {
        case .system:
            verifier = ServerCertificateVerifier(roots: .systemTrustRoots, clock: clock)
        case .authorities(let pem):
            let roots = try PEM.certificates(pem)
            guard !roots.isEmpty else {
                throw PKIError("read certificate authorities", "no certificate in the text")
            }
            verifier = ServerCertificateVerifier(roots: CertificateStore(roots), clock: clock)
        case .insecure:
            verifier = nil
            configuration.certificateVerification = .none
        }
        if let identity {
            configuration.certificateChain = try NIOSSLCertificate.fromPEMBytes(
                Array(identity.certificate.utf8)
            )
            .map { .certificate($0) }
            configuration.privateKey = .privateKey(
                try NIOSSLPrivateKey(bytes: Array(identity.privateKey.utf8), format: .pem))
        }
        context = try NIOSSLContext(configuration: configuration)
    }

    /// For servers of the world outside: trusts what the host trusts and `authorities` (PEM) besides, as the TLS
    /// engine itself verifies it.
    public init(
        besidesHost authorities: [UInt8], isVerified: Bool, certificate: [UInt8] = [],
        privateKey: [UInt8] = []
    ) throws {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.applicationProtocols = ["http/1.1"]
        configuration.shutdownTimeout = .seconds(2)
        if !isVerified { configuration.certificateVerification = .none }
        if !authorities.isEmpty {
            let certificates = try NIOSSLCertificate.fromPEMBytes(authorities)
            guard !certificates.isEmpty else {
                throw PKIError("read certificate authorities", "no certificate in the text")
            }
            configuration.additionalTrustRoots = [.certificates(certificates)]
        }
        if !certificate.isEmpty {
            configuration.certificateChain = try NIOSSLCertificate.fromPEMBytes(certificate).map {
                .certificate($0)
            }
            configuration.privateKey = .privateKey(try NIOSSLPrivateKey(bytes: privateKey, format: .pem))
        }
        verifier = nil
        context = try NIOSSLContext(configuration: configuration)
    }

    /// Handlers for one connection to a server of that name or address. `outcome` learns why a certificate is
    /// refused.
    func makeHandler(serverName: String, outcome: TLSHandshakeOutcome) throws -> NIOSSLClientHandler {
        // Server name indication is for names; addresses must not be sent (RFC 6066 section 3).
        let indication = IPAddress(serverName) == nil && !serverName.isEmpty ? serverName : nil
        guard let verifier else {
            return try NIOSSLClientHandler(context: context, serverHostname: indication)
        }
        return try NIOSSLClientHandler(context: context, serverHostname: indication) { presented, promise in
            let certificates = presented.map { (try? $0.toDERBytes()) ?? [] }
            Task {
                if let cause = await verifier.reject(certificates, serverName: serverName) {
                    outcome.refusal = cause
                    promise.succeed(.failed)
                } else {
                    promise.succeed(.certificateVerified)
                }
            }
        }
    }
}

/// Why the certificate of a server was refused.
final class TLSHandshakeOutcome: Sendable {
    private let cause = Mutex<String?>(nil)

    var refusal: String? {
        get { cause.withLock { $0 } }
        set { cause.withLock { $0 = newValue } }
    }
}
