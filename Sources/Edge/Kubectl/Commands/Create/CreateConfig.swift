internal import EdgeAPI
internal import EdgeJSON

/// Generators of ConfigMaps and Secrets.
enum CreateConfig {
    private static let sources: [FlagSpec] = [
        FlagSpec("from-file", nil, .strings, "File or directory, with `key=` before it for another key."),
        FlagSpec("from-literal", nil, .stringArray, "A key and its value: key=value."),
        FlagSpec("from-env-file", nil, .strings, "File with lines of key=value."),
        .refused("append-hash", nil, .bool, "give the object the name that you want"),
    ]

    static let configMap = Generator.spec(
        "configmap", aliases: ["cm"], "Create a config map from a local file, directory or literal value",
        usage: "NAME [--from-file=[key=]source] [--from-literal=key1=value1]",
        examples: [
            "kubectl create configmap my-config --from-file=key1=/path/to/file1.txt",
            "kubectl create configmap my-config --from-literal=key1=config1",
        ], flags: sources
    ) { call, name in
        var value = JSONValue.object("v1", "ConfigMap", name: name)
        var data: [String: String] = [:]
        var binary: [String: String] = [:]
        for (key, bytes) in try entries(call) {
            if let text = String(validating: bytes, as: UTF8.self) {
                data[key] = text
            } else {
                binary[key] = Base64.encode(bytes)
            }
        }
        if !binary.isEmpty { value["binaryData"] = .strings(binary) }
        if !data.isEmpty { value["data"] = .strings(data) }
        return value
    }

    static let secret = CommandSpec(
        "secret", "Create a secret using a specified subcommand", usage: "(docker-registry | generic | tls)",
        subcommands: [dockerRegistry, generic, tls])

    private static let generic = Generator.spec(
        "generic", "Create a secret from a local file, directory, or literal value",
        usage: "NAME [--type=string] [--from-file=[key=]source] [--from-literal=key1=value1]",
        examples: ["kubectl create secret generic my-secret --from-literal=key1=supersecret"],
        flags: sources + [FlagSpec("type", nil, .string, "Type of the secret.")]
    ) { call, name in
        var data: [String: String] = [:]
        for (key, bytes) in try entries(call) { data[key] = Base64.encode(bytes) }
        return secret(name, data, type: call.flags.string("type"))
    }

    private static let tls = Generator.spec(
        "tls", "Create a TLS secret", usage: "NAME --cert=path/to/cert/file --key=path/to/key/file",
        examples: ["kubectl create secret tls tls-secret --cert=path/to/tls.crt --key=path/to/tls.key"],
        flags: [
            FlagSpec("cert", nil, .string, "File with the certificate in PEM form."),
            FlagSpec("key", nil, .string, "File with the key in PEM form."),
        ]
    ) { call, name in
        let (certificate, key) = (call.flags.string("cert"), call.flags.string("key"))
        guard !certificate.isEmpty, !key.isEmpty else { throw KubectlError("key and cert must be specified") }
        var data: [String: String] = [:]
        for (name, path) in [("tls.crt", certificate), ("tls.key", key)] {
            do {
                data[name] = Base64.encode(try HostFiles.read(path))
            } catch {
                throw KubectlError("Cannot read file \(path), \(error)")
            }
        }
        return secret(name, data, type: "kubernetes.io/tls")
    }

    private static let dockerRegistry = Generator.spec(
        "docker-registry", "Create a secret for use with a Docker registry",
        usage: "NAME --docker-username=user --docker-password=password [--docker-server=string]",
        examples: [
            "kubectl create secret docker-registry my-secret --docker-server=registry.example.com "
                + "--docker-username=user --docker-password=password"
        ],
        flags: [
            FlagSpec("docker-server", nil, .string, default: "https://index.docker.io/v1/", "The registry."),
            FlagSpec("docker-username", nil, .string, "User name."),
            FlagSpec("docker-password", nil, .string, "Password."),
            FlagSpec("docker-email", nil, .string, "E-mail address."),
            FlagSpec("from-file", nil, .strings, "An existing .docker/config.json."),
        ]
    ) { call, name in
        let key = ".dockerconfigjson"
        let type = "kubernetes.io/dockerconfigjson"
        let files = call.flags.strings("from-file")
        if let file = files.first {
            let path = file.split(atFirst: "=")?.1 ?? file
            return secret(name, [key: Base64.encode(try HostFiles.read(path))], type: type)
        }
        let username = call.flags.string("docker-username")
        let password = call.flags.string("docker-password")
        guard !username.isEmpty, !password.isEmpty else {
            throw KubectlError(
                "either --from-file or the combination of --docker-username, --docker-password and "
                    + "--docker-server is required")
        }
        var entry: JSONObject = ["username": .string(username), "password": .string(password)]
        let email = call.flags.string("docker-email")
        if !email.isEmpty { entry["email"] = .string(email) }
        entry["auth"] = .string(Base64.encode(Array("\(username):\(password)".utf8)))
        let config: JSONObject = [
            "auths": .object(JSONObject([(call.flags.string("docker-server"), .object(entry))]))
        ]
        return secret(name, [key: Base64.encode(JSONValue.object(config).encoded)], type: type)
    }

    private static func secret(_ name: String, _ data: [String: String], type: String) -> JSONValue {
        var value = JSONValue.object("v1", "Secret", name: name)
        if !data.isEmpty { value["data"] = .strings(data) }
        if !type.isEmpty { value["type"] = .string(type) }
        return value
    }

    // MARK: Sources

    /// Keys with their contents from all sources; a key that comes twice is an error.
    private static func entries(_ call: Invocation) throws -> [(String, [UInt8])] {
        let hasEnvironmentFile = !call.flags.strings("from-env-file").isEmpty
        if hasEnvironmentFile,
            !call.flags.strings("from-file").isEmpty || !call.flags.strings("from-literal").isEmpty
        {
            throw KubectlError("from-env-file cannot be combined with from-file or from-literal")
        }
        var entries: [(String, [UInt8])] = []
        for literal in call.flags.strings("from-literal") {
            guard let (key, value) = literal.split(atFirst: "="), !key.isEmpty else {
                throw KubectlError("invalid literal source \(literal), expected key=value")
            }
            entries.append((key, Array(unquoted(value).utf8)))
        }
        for source in call.flags.strings("from-file") { entries += try files(source) }
        for path in call.flags.strings("from-env-file") {
            for (key, value) in try environment(path) { entries.append((key, Array(value.utf8))) }
        }
        var seen = Set<String>()
        for (key, _) in entries {
            guard !key.isEmpty, key.utf8.allSatisfy(isKeyByte), key != ".", key != ".." else {
                throw KubectlError(
                    "\(goQuoted(key)) is not a valid key name: a valid config key must consist of alphanumeric "
                        + "characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', "
                        + "regex used for validation is '[-._a-zA-Z0-9]+')")
            }
            guard seen.insert(key).inserted else {
                throw KubectlError(
                    "cannot add key \(goQuoted(key)), another key by that name already exists in Data")
            }
        }
        return entries
    }

    private static func isKeyByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
            true
        default: false
        }
    }

    private static func unquoted(_ text: String) -> String {
        guard text.count >= 2, let first = text.first, first == text.last, first == "\"" || first == "'"
        else {
            return text
        }
        return String(text.dropFirst().dropLast())
    }

    private static func files(_ source: String) throws -> [(String, [UInt8])] {
        let pair = source.split(atFirst: "=")
        if let pair, pair.0.isEmpty {
            throw KubectlError("key name for file path \(pair.1) missing")
        }
        let path = pair?.1 ?? source
        guard !path.isEmpty else { throw KubectlError("file path for key name \(pair?.0 ?? "") missing") }
        if HostFiles.isDirectory(path) {
            if let pair {
                throw KubectlError(
                    "cannot give a key name for a directory path: \(pair.0)")
            }
            return try HostFiles.list(path, recursive: false).map { (baseName($0), try HostFiles.read($0)) }
        }
        do {
            return [(pair?.0 ?? baseName(path), try HostFiles.read(path))]
        } catch {
            throw KubectlError("error reading \(path): \(error)")
        }
    }

    private static func baseName(_ path: String) -> String {
        path.split(separator: "/").last.map(String.init) ?? path
    }

    /// Lines of key=value; a key alone takes its value from kubectl's environment there, which is not done
    /// here.
    static func environment(_ path: String) throws -> [(String, String)] {
        let text = String(decoding: try HostFiles.read(path), as: UTF8.self)
        var entries: [(String, String)] = []
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let line = String(line.drop { $0 == " " || $0 == "\t" })
            if line.isEmpty || line.hasPrefix("#") || line == "\r" { continue }
            guard let (key, value) = line.split(atFirst: "=") else {
                throw KubectlError("\(path): line \(index + 1): expected key=value")
            }
            entries.append((key, value.hasSuffix("\r") ? String(value.dropLast()) : value))
        }
        return entries
    }
}
