internal import EdgeJSON

/// `kubectl config set` and `kubectl config unset`: single values by their dotted paths.
enum ConfigValues {
    static let set = CommandSpec(
        "set", "Set an individual value in a kubeconfig file", usage: "PROPERTY_NAME PROPERTY_VALUE",
        examples: ["kubectl config set clusters.my-cluster.server https://1.2.3.4"],
        flags: [FlagSpec("set-raw-bytes", nil, .bool, "The value of a -data field is not base64 yet.")],
        run: { call in
            guard call.arguments.count == 2 else {
                throw KubectlError.arguments("Unexpected args: \(goList(call.arguments))")
            }
            let (property, text) = (call.arguments[0], call.arguments[1])
            try change(call, property) { path in
                let isData = path.last?.hasSuffix("-data") == true
                if isData, !call.flags.bool("set-raw-bytes"), Base64.decode(text) == nil {
                    throw KubectlError("the value of \(property) is not base64")
                }
                if isData, call.flags.bool("set-raw-bytes") {
                    return .string(Base64.encode(Array(text.utf8)))
                }
                if text == "true" || text == "false" { return .bool(text == "true") }
                return .string(text)
            }
            call.line("Property \(goQuoted(property)) set.")
        })

    static let unset = CommandSpec(
        "unset", "Unset an individual value in a kubeconfig file", usage: "PROPERTY_NAME",
        examples: ["kubectl config unset current-context"],
        run: { call in
            guard call.arguments.count == 1, let property = call.arguments.first else {
                throw KubectlError.arguments("Unexpected args: \(goList(call.arguments))")
            }
            try change(call, property) { _ in nil }
            call.line("Property \(goQuoted(property)) unset.")
        })

    /// Sets what a path like `users.admin.token` names; names of entries may have dots themselves, so the
    /// longest that fits counts.
    private static func change(
        _ call: Invocation, _ property: String, _ value: ([String]) throws -> JSONValue?
    ) throws {
        var config = try call.session.kubeconfig.load()
        let parts = property.split(separator: ".").map(String.init)
        guard let first = parts.first else { throw KubectlError("empty property name") }
        guard let section = KubeconfigFiles.Section(rawValue: first) else {
            guard parts.count == 1, first == "current-context" else {
                throw KubectlError("unable to parse path \(goQuoted(property)) at \(goQuoted(first))")
            }
            config.setCurrentContext(try value(parts)?.plainText ?? "")
            return try config.save()
        }
        let rest = Array(parts.dropFirst())
        if rest.isEmpty {
            guard try value(parts) == nil else { throw KubectlError("\(property) is no single value") }
            for name in config.names(section) { config.remove(section, name) }
            return try config.save()
        }
        let (name, path) = entry(rest, config.names(section))
        guard let field = path.first, path.count == 1 else {
            guard path.isEmpty, try value(parts) == nil else {
                throw KubectlError("\(property) is no single value")
            }
            guard config.remove(section, name) != nil else {
                throw KubectlError("current map key `\(name)` is invalid")
            }
            return try config.save()
        }
        var content = config.entry(section, name)?.value ?? [:]
        content[field] = try value(parts)
        config.set(section, name, content)
        try config.save()
    }

    private static func entry(_ parts: [String], _ names: [String]) -> (name: String, path: [String]) {
        for count in stride(from: parts.count, through: 1, by: -1) {
            let name = parts[..<count].joined(separator: ".")
            if names.contains(name) { return (name, Array(parts[count...])) }
        }
        return (parts.dropLast().joined(separator: "."), [parts[parts.count - 1]])
    }
}
