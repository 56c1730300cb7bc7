public import EdgeBase

/// The certificate authorities and the token key of a cluster, as files of one directory. Names are k3s's.
public struct ClusterPKI: Sendable {
    public let directory: String
    /// Signs what servers show: the API server, kubelets.
    public let server: CertificateAuthority
    /// Signs what clients show: users, nodes, controllers.
    public let client: CertificateAuthority
    /// Signs what the API server shows to aggregated API servers.
    public let requestHeader: CertificateAuthority
    /// Signs service account tokens.
    public let tokenKey: TokenSigningKey

    /// Loads what is there and makes what is missing; authorities that a user put there are taken as they
    /// are.
    public static func loadOrCreate(directory: String, clock: any WallClock) throws -> ClusterPKI {
        try SmallFile.makeDirectory(directory, mode: 0o700)
        func authority(_ name: String) throws -> CertificateAuthority {
            let store = KeyPairFiles(directory: directory, name: name)
            if let files = try store.load() { return try CertificateAuthority(files) }
            let now = clock.now
            let made = try CertificateAuthority.make(commonName: "edge-\(name)@\(now.seconds)", now: now)
            try store.save(made.files)
            return made.authority
        }
        return ClusterPKI(
            directory: directory, server: try authority("server-ca"), client: try authority("client-ca"),
            requestHeader: try authority("request-header-ca"),
            tokenKey: try TokenSigningKey.loadOrCreate(path: "\(directory)/service.key"))
    }

    /// The join token for a user (`server` or `node`) and secret.
    public func joinToken(user: String, secret: String) throws -> JoinToken {
        JoinToken(
            authorityHash: try CertificateHash.hash(authorityFile: server.certificate),
            credential: .password(user: user, secret: secret))
    }

    /// The pair `<name>.crt` and `<name>.key` of the directory when it fits the profile and is not in the
    /// last third of its life, else a new one, which is written there.
    public func ensureLeaf(
        _ name: String, _ profile: CertificateProfile, by authority: CertificateAuthority, now: Timestamp
    ) throws -> KeyPair {
        let store = KeyPairFiles(directory: directory, name: name)
        // A pair that cannot be read is replaced like an old one: the authority can always make another.
        if let files = try? store.load(), let info = try? CertificateInfo(pem: files.certificate),
            try info.commonName == profile.commonName && info.organizations == profile.organizations
                && info.covers(dnsNames: profile.dnsNames, addresses: profile.addresses)
                && info.issuer == authority.info.commonName && !info.needsRenewal(now: now)
        {
            return files
        }
        let files = try authority.issue(profile, now: now)
        try store.save(files)
        return files
    }
}

/// `<name>.crt` (0644) and `<name>.key` (0600) of a directory.
public struct KeyPairFiles: Sendable {
    public let certificatePath: String
    public let keyPath: String

    public init(directory: String, name: String) {
        certificatePath = "\(directory)/\(name).crt"
        keyPath = "\(directory)/\(name).key"
    }

    /// Nil when both files are missing; one without the other is an error.
    public func load() throws -> KeyPair? {
        let certificate = try SmallFile.readTextIfPresent(certificatePath)
        let key = try SmallFile.readTextIfPresent(keyPath)
        switch (certificate, key) {
        case (let certificate?, let key?): return KeyPair(certificate: certificate, privateKey: key)
        case (nil, nil): return nil
        // The key is written first: without its certificate it has never been used.
        case (nil, _?): return nil
        case (_?, nil): throw PKIError("load \(certificatePath)", "its key \(keyPath) is missing")
        }
    }

    public func save(_ files: KeyPair) throws {
        try SmallFile.write(files.privateKey, to: keyPath, mode: 0o600)
        try SmallFile.write(files.certificate, to: certificatePath, mode: 0o644)
    }
}
