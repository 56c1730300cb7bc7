public import EdgeJSON

/// `registries.yaml` in k3s's format: mirrors, and credentials and TLS settings by registry host.
public struct RegistryConfiguration: Sendable {
    public struct Mirror: Sendable {
        /// As written: addresses with or without scheme and path.
        public var endpoints: [String] = []
        var rewrites: [RepositoryRewrite] = []
    }

    public struct TLS: Sendable, Hashable {
        public var caFile = ""
        public var certificateFile = ""
        public var keyFile = ""
        public var skipsVerification = false
    }

    public struct Host: Sendable {
        public var credential: RegistryCredential?
        public var tls: TLS?
    }

    public var mirrors: [String: Mirror] = [:]
    public var hosts: [String: Host] = [:]
    /// Keys that edge does not know, for a warning.
    public private(set) var unknownKeys: [String] = []

    public init() {}

    /// From the file's only YAML document. Throws for values of a wrong type, invalid addresses and patterns.
    public init(_ document: JSONValue) throws(ImageError) {
        if document.isNull { return }
        guard let root = document.object else { throw Self.failure("the document", "a mapping") }
        for member in root {
            switch member.key {
            case "mirrors": try parseMirrors(member.value)
            case "configs": try parseHosts(member.value)
            default: unknownKeys.append(member.key)
            }
        }
    }

    private static func failure(_ place: String, _ expected: String) -> ImageError {
        ImageError(.invalidContent, "registries.yaml: \(place) is not \(expected)")
    }

    private static func members(_ value: JSONValue, _ place: String) throws(ImageError) -> JSONObject {
        if value.isNull { return JSONObject() }
        guard let object = value.object else { throw failure(place, "a mapping") }
        return object
    }

    private mutating func parseMirrors(_ value: JSONValue) throws(ImageError) {
        for member in try Self.members(value, "mirrors") {
            let place = "mirrors.\(member.key)"
            var mirror = Mirror()
            for setting in try Self.members(member.value, place) {
                switch setting.key {
                case "endpoint", "endpoints":
                    guard let elements = setting.value.array else {
                        throw Self.failure("\(place).\(setting.key)", "a list")
                    }
                    for element in elements {
                        guard let text = element.string, RegistryEndpoint.parse(text) != nil else {
                            throw Self.failure(
                                "\(place).\(setting.key) entry \(element)", "an http or https address")
                        }
                        mirror.endpoints.append(text)
                    }
                case "rewrite", "rewrites":
                    mirror.rewrites = try Self.rewrites(setting.value, "\(place).\(setting.key)")
                default: unknownKeys.append("\(place).\(setting.key)")
                }
            }
            mirrors[member.key] = mirror
        }
    }

    private static func rewrites(
        _ value: JSONValue, _ place: String
    ) throws(ImageError) -> [RepositoryRewrite] {
        var rewrites: [RepositoryRewrite] = []
        for member in try members(value, place) {
            guard let replacement = member.value.string else {
                throw failure("\(place).\(member.key)", "a string")
            }
            do {
                rewrites.append(try RepositoryRewrite(pattern: member.key, replacement: replacement))
            } catch {
                throw ImageError(.invalidContent, "registries.yaml: \(place): \(error.cause)")
            }
        }
        return rewrites
    }

    private mutating func parseHosts(_ value: JSONValue) throws(ImageError) {
        for member in try Self.members(value, "configs") {
            let place = "configs.\(member.key)"
            var host = Host()
            for setting in try Self.members(member.value, place) {
                switch setting.key {
                case "auth": host.credential = try parseAuth(setting.value, "\(place).auth")
                case "tls": host.tls = try parseTLS(setting.value, "\(place).tls")
                default: unknownKeys.append("\(place).\(setting.key)")
                }
            }
            hosts[member.key] = host
        }
    }

    private mutating func parseAuth(
        _ value: JSONValue, _ place: String
    ) throws(ImageError) -> RegistryCredential? {
        var texts: [String: String] = [:]
        for member in try Self.members(value, place) {
            switch member.key {
            case "username", "password", "auth", "identity_token", "token":
                if !member.value.isNull {
                    texts[member.key] = try Self.text(member.value, "\(place).\(member.key)")
                }
            default: unknownKeys.append("\(place).\(member.key)")
            }
        }
        texts = texts.filter { !$0.value.isEmpty }
        if let token = texts["identity_token"] { return RegistryCredential(.identityToken(token)) }
        if let token = texts["token"] { return RegistryCredential(.registryToken(token)) }
        if let auth = texts["auth"] {
            guard let credential = RegistryCredential(basic: auth) else {
                throw Self.failure("\(place).auth", "base64 of username:password")
            }
            return credential
        }
        guard texts["username"] != nil || texts["password"] != nil else { return nil }
        return RegistryCredential(username: texts["username"] ?? "", password: texts["password"] ?? "")
    }

    private mutating func parseTLS(_ value: JSONValue, _ place: String) throws(ImageError) -> TLS {
        var tls = TLS()
        for member in try Self.members(value, place) where !member.value.isNull {
            let key = "\(place).\(member.key)"
            switch member.key {
            case "ca_file": tls.caFile = try Self.text(member.value, key)
            case "cert_file": tls.certificateFile = try Self.text(member.value, key)
            case "key_file": tls.keyFile = try Self.text(member.value, key)
            case "insecure_skip_verify":
                guard let skips = member.value.bool else { throw Self.failure(key, "true or false") }
                tls.skipsVerification = skips
            default: unknownKeys.append(key)
            }
        }
        guard tls.certificateFile.isEmpty == tls.keyFile.isEmpty else {
            throw ImageError(
                .invalidContent, "registries.yaml: \(place) needs both cert_file and key_file, or neither")
        }
        return tls
    }

    /// A password of digits only is a number in YAML.
    private static func text(_ value: JSONValue, _ place: String) throws(ImageError) -> String {
        switch value {
        case .string(let text): return text
        case .int(let number): return String(number)
        default: throw failure(place, "a string")
        }
    }
}
