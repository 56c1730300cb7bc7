/// An image's name, normalised as Docker and containerd do it (grammar of distribution/reference):
/// `nginx` is `docker.io/library/nginx`.
public struct ImageReference: Hashable, Sendable {
    /// The registry: `docker.io`, `registry.example.com:5000`.
    public let domain: String
    /// The repository within the registry: `library/nginx`.
    public let path: String
    public let tag: String?
    public let digest: ImageDigest?

    /// A name as users write it, without the default tag.
    public init(parsing text: String) throws(ImageReferenceError) {
        guard !text.isEmpty else { throw ImageReferenceError(text, "invalid reference format") }
        if text.utf8.count == 64, text.utf8.allSatisfy(ImageDigest.isLowerHex) {
            throw ImageReferenceError(
                text,
                "invalid repository name (\(text)), cannot specify 64-byte hexadecimal strings")
        }
        let (domain, remainder) = Self.splitDomain(text)
        let parts = try Self.splitRemainder(remainder, of: text)
        guard parts.path == parts.path.lowercased() else {
            throw ImageReferenceError(
                text,
                "invalid reference format: repository name (\(parts.path)) must be lowercase")
        }
        guard ReferenceGrammar.isDomain(domain), ReferenceGrammar.isPath(parts.path) else {
            throw ImageReferenceError(text, "invalid reference format")
        }
        guard parts.path.utf8.count <= 255 else {
            throw ImageReferenceError(text, "repository name must not be more than 255 characters")
        }
        self.init(domain: domain, path: parts.path, tag: parts.tag, digest: parts.digest)
    }

    init(domain: String, path: String, tag: String?, digest: ImageDigest?) {
        self.domain = domain
        self.path = path
        self.tag = tag
        self.digest = digest
    }

    /// A first component without a dot, a colon or an upper-case letter belongs to the path, not to the domain.
    private static func splitDomain(_ text: String) -> (domain: String, remainder: String) {
        var domain = ImageReference.defaultDomain
        var remainder = text
        if let slash = text.firstIndex(of: "/") {
            let first = text[..<slash]
            if first.contains(".") || first.contains(":") || first == "localhost"
                || first.lowercased() != first
            {
                domain = String(first)
                remainder = String(text[text.index(after: slash)...])
            }
        }
        if domain == "index.docker.io" { domain = defaultDomain }
        if domain == defaultDomain, !remainder.contains("/") { remainder = "library/" + remainder }
        return (domain, remainder)
    }

    private static func splitRemainder(
        _ remainder: String, of text: String
    ) throws(ImageReferenceError) -> (path: String, tag: String?, digest: ImageDigest?) {
        var name = remainder[...]
        var digest: ImageDigest?
        if let at = name.firstIndex(of: "@") {
            let written = name[name.index(after: at)...]
            digest = ImageDigest(written)
            guard digest != nil else {
                throw ImageReferenceError(text, "invalid reference format: unsupported digest \(written)")
            }
            name = name[..<at]
        }
        var tag: String?
        let lastComponent = name.lastIndex(of: "/").map { name.index(after: $0) } ?? name.startIndex
        if let colon = name[lastComponent...].firstIndex(of: ":") {
            let written = name[name.index(after: colon)...]
            guard ReferenceGrammar.isTag(written) else {
                throw ImageReferenceError(text, "invalid reference format")
            }
            tag = String(written)
            name = name[..<colon]
        }
        return (String(name), tag, digest)
    }

    static let defaultDomain = "docker.io"
}

/// Why a text is no image name. Kubernetes reports it as InvalidImageName.
public struct ImageReferenceError: Error, Equatable, CustomStringConvertible {
    public let text: String
    public let cause: String

    init(_ text: String, _ cause: String) {
        self.text = text
        self.cause = cause
    }

    public var description: String { "couldn't parse image name \"\(text)\": \(cause)" }
}
