internal import EdgeJSON

/// Credentials of `kubernetes.io/dockerconfigjson` and `kubernetes.io/dockercfg` Secrets, looked up as the
/// kubelet does it (pkg/credentialprovider): the most specific key first, globs within each part of the host
/// name, the key's path as a prefix of the image's.
public struct PullSecrets: Sendable {
    private struct Entry: Sendable {
        let pattern: String
        var credentials: [RegistryCredential]
    }

    private static let defaultRegistry = "index.docker.io"
    private var entries: [Entry] = []

    public init() {}

    public var isEmpty: Bool { entries.isEmpty }

    /// Adds what a Secret's `.dockerconfigjson` (with an `auths` object) or `.dockercfg` (without) holds.
    /// Throws for text that is no such document; entries without credentials are left out.
    public mutating func add(dockerConfig bytes: [UInt8]) throws(ImageError) {
        let value: JSONValue
        do {
            value = try JSONParser.parse(bytes)
        } catch {
            throw ImageError(.invalidContent, "docker config is not JSON: \(error)")
        }
        guard let document = value.object else {
            throw ImageError(.invalidContent, "docker config is no JSON object")
        }
        let auths = document["auths"].map { $0.object ?? JSONObject() } ?? document
        for member in auths {
            guard let credential = try Self.credential(member.value, of: member.key) else { continue }
            add(key: member.key, credential)
        }
    }

    private static func credential(
        _ value: JSONValue, of key: String
    ) throws(ImageError) -> RegistryCredential? {
        if let token = value["identitytoken"]?.string, !token.isEmpty {
            return RegistryCredential(.identityToken(token))
        }
        if let auth = value["auth"]?.string, !auth.isEmpty {
            guard let credential = RegistryCredential(basic: auth) else {
                throw ImageError(.invalidContent, "docker config has an invalid auth field for \(key)")
            }
            return credential
        }
        let username = value["username"]?.string ?? ""
        let password = value["password"]?.string ?? ""
        if username.isEmpty, password.isEmpty { return nil }
        return RegistryCredential(username: username, password: password)
    }

    /// Adds a credential under a key such as `https://index.docker.io/v1/`, `registry.io/team` or `*.azurecr.io`.
    public mutating func add(key: String, _ credential: RegistryCredential) {
        let pattern = Self.pattern(key)
        if let index = entries.firstIndex(where: { $0.pattern == pattern }) {
            entries[index].credentials.append(credential)
        } else {
            entries.append(Entry(pattern: pattern, credentials: [credential]))
            // Longer names sort behind their prefixes: reversed, the specific ones come first.
            entries.sort { Array($0.pattern.utf8).lexicographicallyPrecedes(Array($1.pattern.utf8)) }
            entries.reverse()
        }
    }

    /// Host and path of a key, without scheme and API version.
    private static func pattern(_ key: String) -> String {
        var rest = key[...]
        for scheme in ["https://", "http://"] where rest.hasPrefix(scheme) {
            rest = rest.dropFirst(scheme.count)
        }
        let host = rest.prefix { $0 != "/" }
        var path = rest.dropFirst(host.count)
        for version in ["/v1/", "/v2/"] where path.hasPrefix(version) {
            path = path.dropFirst(version.count - 1)
        }
        return path == "/" ? String(host) : String(host + path)
    }

    /// The credentials to try for an image, in order.
    public func credentials(for reference: ImageReference) -> [RegistryCredential] {
        let image = reference.repository
        let matching = entries.filter { Self.matches($0.pattern, image) }.flatMap(\.credentials)
        if !matching.isEmpty || reference.domain != ImageReference.defaultDomain { return matching }
        return entries.first { $0.pattern == Self.defaultRegistry }?.credentials ?? []
    }

    /// Whether a key's host matches part by part and its path is a prefix of the image's.
    static func matches(_ pattern: String, _ image: String) -> Bool {
        let (patternHost, patternPort, patternPath) = split(pattern)
        let (host, port, path) = split(image)
        guard patternPort == port, path.hasPrefix(patternPath), patternHost.count == host.count else {
            return false
        }
        return zip(patternHost, host).allSatisfy { Glob.matches(Array($0.utf8)[...], Array($1.utf8)[...]) }
    }

    private static func split(_ text: String) -> (host: [Substring], port: Substring, path: Substring) {
        let authority = text.prefix { $0 != "/" }
        let path = text.dropFirst(authority.count)
        let colon = authority.lastIndex(of: ":") ?? authority.endIndex
        let host = authority[..<colon].split(separator: ".", omittingEmptySubsequences: false)
        return (host, authority[colon...].dropFirst(), path)
    }
}

/// Shell patterns as Go's `path.Match` reads them: `*`, `?`, `[a-z]`, `[^a]`, `\`; a malformed one matches nothing.
enum Glob {
    static func matches(_ pattern: ArraySlice<UInt8>, _ text: ArraySlice<UInt8>) -> Bool {
        var pattern = pattern
        var text = text
        // Where to go on after a mismatch: behind the last star, one byte later in the text.
        var retry: (pattern: ArraySlice<UInt8>, text: ArraySlice<UInt8>)?
        while true {
            if pattern.first == UInt8(ascii: "*") {
                pattern.removeFirst()
                retry = (pattern, text)
            } else if let byte = text.first, let length = element(pattern, matching: byte) {
                pattern.removeFirst(length)
                text.removeFirst()
            } else if pattern.isEmpty, text.isEmpty {
                return true
            } else if let (star, rest) = retry, !rest.isEmpty {
                retry = (star, rest.dropFirst())
                (pattern, text) = (star, rest.dropFirst())
            } else {
                return false
            }
        }
    }

    /// The length of the pattern's first element when it matches a byte.
    private static func element(_ pattern: ArraySlice<UInt8>, matching byte: UInt8) -> Int? {
        switch pattern.first {
        case nil: return nil
        case UInt8(ascii: "?"): return 1
        case UInt8(ascii: "["): return set(pattern.dropFirst(), matching: byte)
        case UInt8(ascii: "\\"):
            return pattern.dropFirst().first == byte ? 2 : nil
        case let literal: return literal == byte ? 1 : nil
        }
    }

    private static func set(_ pattern: ArraySlice<UInt8>, matching byte: UInt8) -> Int? {
        var rest = pattern
        let isNegated = rest.first == UInt8(ascii: "^")
        if isNegated { rest.removeFirst() }
        var isMember = false
        var isFirst = true
        while let low = rest.first, low != UInt8(ascii: "]") || isFirst {
            isFirst = false
            rest.removeFirst()
            var high = low
            if rest.first == UInt8(ascii: "-"), let end = rest.dropFirst().first, end != UInt8(ascii: "]") {
                high = end
                rest.removeFirst(2)
            }
            if low <= byte, byte <= high { isMember = true }
        }
        guard rest.first == UInt8(ascii: "]"), isMember != isNegated else { return nil }
        return 1 + pattern.count - rest.count + 1
    }
}
