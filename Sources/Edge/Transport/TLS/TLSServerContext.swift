public import EdgeBase
internal import NIOCore
internal import NIOSSL
internal import Synchronization
internal import X509

/// What a TLS server shows and trusts. It can be replaced while the server runs: connections that exist stay
/// as they are, new ones get the new certificate.
public final class TLSServerContext: Sendable {
    /// The material, in PEM.
    public struct Material: Sendable {
        /// The server's certificate and the intermediate ones that it was signed with.
        public var certificateChain: String
        public var privateKey: String
        /// Certificate authorities whose client certificates are accepted; empty for none.
        public var clientAuthorities: String

        public init(certificateChain: String, privateKey: String, clientAuthorities: String = "") {
            self.certificateChain = certificateChain
            self.privateKey = privateKey
            self.clientAuthorities = clientAuthorities
        }
    }

    private struct State {
        var context: NIOSSLContext
        var verifier: ClientCertificateVerifier?
    }

    private let state: Mutex<State>
    private let clock: any WallClock

    public init(_ material: Material, clock: any WallClock = SystemWallClock()) throws {
        self.clock = clock
        state = Mutex(try Self.state(material, clock))
    }

    /// Uses other material from the next connection on; on an error everything stays as it was.
    public func reload(_ material: Material) throws {
        let new = try Self.state(material, clock)
        state.withLock { $0 = new }
    }

    private static func state(_ material: Material, _ clock: any WallClock) throws -> State {
        let chain = try NIOSSLCertificate.fromPEMBytes(Array(material.certificateChain.utf8))
        let key = try NIOSSLPrivateKey(bytes: Array(material.privateKey.utf8), format: .pem)
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
        configuration.minimumTLSVersion = .tlsv12
        configuration.cipherSuites = TLSDefaults.cipherSuites
        configuration.applicationProtocols = ["h2", "http/1.1"]
        configuration.shutdownTimeout = .seconds(2)
        let authorities = try PEM.certificates(material.clientAuthorities)
        if !authorities.isEmpty {
            // Asked for, not demanded; what is shown is judged by our own verifier, so that a client with a
            // bad certificate gets a clear answer instead of a broken handshake.
            configuration.certificateVerification = .optionalVerification
            configuration.trustRoots = .certificates(
                try authorities.map { try NIOSSLCertificate(bytes: try $0.derBytes, format: .der) })
            configuration.sendCANameList = true
        }
        return State(
            context: try NIOSSLContext(configuration: configuration),
            verifier: authorities.isEmpty ? nil : ClientCertificateVerifier(roots: authorities, clock: clock))
    }

    /// A handler for one connection, which notes the client's identity in `connection`.
    func makeHandler(for connection: HTTPConnection) -> NIOSSLServerHandler {
        let (context, verifier) = state.withLock { ($0.context, $0.verifier) }
        var configuration = NIOSSLHandler.Configuration()
        configuration.maximumPreservedOutboundBufferCapacity = 64 * 1024
        guard let verifier else {
            return NIOSSLServerHandler(
                context: context, configuration: configuration,
                customVerificationCallbackWithMetadata: { _, promise in
                    promise.succeed(.certificateVerified(VerificationMetadata(nil)))
                })
        }
        return NIOSSLServerHandler(
            context: context, configuration: configuration,
            customVerificationCallbackWithMetadata: { presented, promise in
                let certificates = presented.map { (try? $0.toDERBytes()) ?? [] }
                Task {
                    connection.setIdentity(await verifier.verify(certificates))
                    promise.succeed(.certificateVerified(VerificationMetadata(nil)))
                }
            })
    }
}

enum TLSDefaults {
    /// For TLS 1.2; AES-128-GCM first, it is the cheapest with the CPU's help. TLS 1.3's are BoringSSL's own
    /// choice: AES-128-GCM with AES instructions, ChaCha20 without.
    static let cipherSuites = [
        "ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-ECDSA-CHACHA20-POLY1305",
        "ECDHE-RSA-CHACHA20-POLY1305", "ECDHE-ECDSA-AES256-GCM-SHA384", "ECDHE-RSA-AES256-GCM-SHA384",
    ].joined(separator: ":")
}
