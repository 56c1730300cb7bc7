internal import NIOSSL
internal import Synchronization

/// TLS settings by host, read from the files that registries.yaml names when a connection first needs them.
final class RegistryTrust: Sendable {
    private let configuration: RegistryConfiguration
    private let pool: ImageThreadPool
    private let cache = Mutex<[RegistryConfiguration.TLS: TLSConfiguration]>([:])

    init(_ configuration: RegistryConfiguration, pool: ImageThreadPool) {
        self.configuration = configuration
        self.pool = pool
    }

    /// The endpoint's own settings for its host, those of registries.yaml for others (redirects and token
    /// servers); nil for the system's.
    func configuration(
        for url: RegistryURL, endpoint: RegistryEndpoint
    ) async throws -> TLSConfiguration? {
        guard url.scheme == .https else { return nil }
        let tls =
            url.authority == endpoint.base.authority
            ? endpoint.tls : RegistryEndpoint.settings(for: url.authority, in: configuration)?.tls
        guard let tls else { return nil }
        if let cached = cache.withLock({ $0[tls] }) { return cached }
        let made = try await pool.run { try Self.make(tls) }
        return cache.withLock { cache in
            // The same value for the same settings: connections are shared by it.
            if let earlier = cache[tls] { return earlier }
            cache[tls] = made
            return made
        }
    }

    private static func make(_ tls: RegistryConfiguration.TLS) throws -> TLSConfiguration {
        var configuration = TLSConfiguration.makeClientConfiguration()
        if tls.skipsVerification { configuration.certificateVerification = .none }
        if !tls.caFile.isEmpty {
            let certificates = try read("ca_file", tls.caFile) { try NIOSSLCertificate.fromPEMBytes($0) }
            guard !certificates.isEmpty else {
                throw ImageError(.storage, "registries.yaml: ca_file \(tls.caFile) holds no certificate")
            }
            configuration.additionalTrustRoots = [.certificates(certificates)]
        }
        if !tls.certificateFile.isEmpty {
            configuration.certificateChain = try read("cert_file", tls.certificateFile) {
                try NIOSSLCertificate.fromPEMBytes($0).map { .certificate($0) }
            }
            configuration.privateKey = try read("key_file", tls.keyFile) {
                .privateKey(try NIOSSLPrivateKey(bytes: $0, format: .pem))
            }
        }
        return configuration
    }

    private static func read<Value>(
        _ key: String, _ path: String, _ parse: ([UInt8]) throws -> Value
    ) throws -> Value {
        do {
            return try parse(try ImageFile.read(path, limit: 4 << 20))
        } catch {
            throw ImageError(.storage, "registries.yaml: cannot use \(key) \(path): \(error)")
        }
    }
}
