internal import EdgeClient
internal import EdgeJSON

/// `kubectl version`
enum VersionCommand {
    static let spec = CommandSpec(
        "version", "Print the client and server version information",
        flags: [
            FlagSpec("client", nil, .bool, "Only the client's version."),
            FlagSpec("output", "o", .string, "json or yaml."),
        ], run: run)

    private static func run(_ call: Invocation) async throws {
        guard call.arguments.isEmpty else {
            throw KubectlError.arguments("extra arguments: \(goList(call.arguments))")
        }
        let output = call.flags.string("output")
        guard ["", "json", "yaml"].contains(output) else {
            throw KubectlError("--output must be 'yaml' or 'json'")
        }
        var version: JSONValue = ["clientVersion": client(call.environment.clientVersion)]
        var failure: (any Error)?
        if !call.flags.bool("client") {
            do {
                version["serverVersion"] = try await call.session.rest()
                    .json(RESTRequest("GET", "/version"))
            } catch {
                failure = error
            }
        }
        switch output {
        case "json": call.write(GoJSON.indented2(version))
        case "yaml": call.write(YAML.write(version.sortedByKeys))
        default:
            call.line("Client Version: \(call.environment.clientVersion)")
            if let server = version["serverVersion"] {
                call.line("Server Version: \(server["gitVersion"]?.string ?? "")")
                warnOfSkew(call, server)
            }
        }
        if let failure { throw failure }
    }

    private static func client(_ version: String) -> JSONValue {
        let parts = version.drop { !$0.isNumber }.split(separator: ".")
        return [
            "gitVersion": .string(version), "major": .string(parts.first.map(String.init) ?? ""),
            "minor": .string(parts.count > 1 ? String(parts[1]) : ""), "platform": .string(platform),
        ]
    }

    private static var platform: String {
        #if arch(arm64)
        "linux/arm64"
        #else
        "linux/amd64"
        #endif
    }

    /// A client works with servers one minor version away.
    private static func warnOfSkew(_ call: Invocation, _ server: JSONValue) {
        let parts = call.environment.clientVersion.drop { !$0.isNumber }.split(separator: ".")
        let digits = (server["minor"]?.string ?? "").prefix { $0.isNumber }
        guard parts.count > 1, let client = Int(parts[1]), let minor = Int(digits),
            abs(client - minor) > 1
        else { return }
        call.errorLine(
            "WARNING: version difference between client (\(parts[0]).\(client)) and server "
                + "(\(server["major"]?.string ?? "1").\(minor)) exceeds the supported minor version skew of +/-1"
        )
    }
}
