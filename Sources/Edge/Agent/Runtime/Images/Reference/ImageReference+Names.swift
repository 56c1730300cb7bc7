extension ImageReference: CustomStringConvertible {
    /// `docker.io/library/nginx`.
    public var repository: String { "\(domain)/\(path)" }

    /// The reference with `:latest` where neither tag nor digest is given, and without the tag where a digest
    /// is given: the form under which an image is stored.
    public var normalized: ImageReference {
        if digest != nil { return ImageReference(domain: domain, path: path, tag: nil, digest: digest) }
        return ImageReference(domain: domain, path: path, tag: tag ?? "latest", digest: nil)
    }

    /// The same repository with a digest, as CRI's repo digests show it.
    public func pinned(to digest: ImageDigest) -> ImageReference {
        ImageReference(domain: domain, path: path, tag: nil, digest: digest)
    }

    /// All that was written, with the domain: `docker.io/library/nginx:1.25@sha256:...`.
    public var description: String { repository + suffix }

    /// The short form that Docker shows: `nginx:1.25`, `user/app`, `registry.example.com/app`.
    public var familiar: String {
        guard domain == Self.defaultDomain else { return description }
        let official = "library/"
        guard path.hasPrefix(official), !path.dropFirst(official.count).contains("/") else {
            return path + suffix
        }
        return path.dropFirst(official.count) + suffix
    }

    private var suffix: String {
        (tag.map { ":\($0)" } ?? "") + (digest.map { "@\($0)" } ?? "")
    }

    /// What names the manifest in the registry's API: the digest, else the tag, else `latest`.
    var manifestSelector: String { digest?.description ?? tag ?? "latest" }
}
