internal import Synchronization

/// TLS settings by host, read from the files that registries.yaml names when a connection first needs them.
final class RegistryTrust: Sendable {
    private let configuration: RegistryConfiguration
    private let pool: ImageThreadPool
    private let cache = Mutex<[RegistryConfiguration.TLS: RegistryTLS]>([:])

    init(_ configuration: RegistryConfiguration, pool: ImageThreadPool) {
        self.configuration = configuration
        self.pool = pool
    }

    /// The endpoint's own settings for its host, those of registries.yaml for others (redirects and token
    /// servers); nil for the system's.
    func settings(for url: RegistryURL, endpoint: RegistryEndpoint) async throws -> RegistryTLS? {
        guard url.scheme == .https else { return nil }
        let tls =
            url.authority == endpoint.base.authority
            ? endpoint.tls : RegistryEndpoint.settings(for: url.authority, in: configuration)?.tls
        guard let tls else { return nil }
        if let cached = cache.withLock({ $0[tls] }) { return cached }
        let made = try await pool.run { try Self.make(tls) }
        cache.withLock { $0[tls] = made }
        return made
    }

    private static func make(_ tls: RegistryConfiguration.TLS) throws -> RegistryTLS {
        var settings = RegistryTLS(isVerified: !tls.skipsVerification)
        settings.authorities = try read("ca_file", tls.caFile) { RegistryTLS(authorities: $0) }
        settings.certificate = try read("cert_file", tls.certificateFile)
        settings.privateKey = try read("key_file", tls.keyFile) {
            RegistryTLS(certificate: settings.certificate, privateKey: $0)
        }
        return settings
    }

    /// The content of a file; nothing where none is named. Content that TLS cannot use is refused here, where the
    /// file is known.
    private static func read(
        _ key: String, _ path: String, tried: ([UInt8]) -> RegistryTLS? = { _ in nil }
    ) throws -> [UInt8] {
        if path.isEmpty { return [] }
        do {
            let bytes = try ImageFile.read(path, limit: 4 << 20)
            _ = try tried(bytes)?.context()
            return bytes
        } catch {
            throw ImageError(.storage, "registries.yaml: cannot use \(key) \(path): \(error)")
        }
    }
}
