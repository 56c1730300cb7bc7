internal import EdgeJSON

/// `kubectl config view`
enum ConfigView {
    static let spec = CommandSpec(
        "view", "Display merged kubeconfig settings or a specified kubeconfig file",
        examples: ["kubectl config view", "kubectl config view --minify --raw"],
        flags: FlagSets.output.filter { $0.name != "output" } + [
            FlagSpec("flatten", nil, .bool, "Put the content of files inline."),
            FlagSpec("merge", nil, .bool, default: "true", "Show all files as one."),
            FlagSpec("minify", nil, .bool, "Only what the current context uses."),
            FlagSpec("output", "o", .string, default: "yaml", "yaml, json, jsonpath=..."),
            FlagSpec("raw", nil, .bool, "Show secrets and certificates too."),
        ],
        run: { call in
            try call.noArguments()
            let config = try call.session.kubeconfig.load()
            var value = config.merged
            if call.flags.bool("minify") { try minify(&value, call, config) }
            if call.flags.bool("flatten") { try flatten(&value, config) }
            if !call.flags.bool("raw") { redact(&value) }
            guard let printer = try ObjectPrinter(call.flags) else {
                throw KubectlError("unable to match a printer suitable for the output format \"wide\"")
            }
            if case .json = printer.format {
                return call.write(GoJSON.indented(ordered(value), keepsOrder: true))
            }
            call.write(try printer.text(value))
        })

    /// The members in the order of kubectl's own type, which shows in JSON only.
    private static func ordered(_ value: JSONValue) -> JSONValue {
        func sorted(_ value: JSONValue, _ order: [String]) -> JSONValue {
            guard let members = value.object?.members else { return value }
            let ranked = members.enumerated().sorted { left, right in
                let rank = { (key: String) in order.firstIndex(of: key) ?? order.count }
                return (rank(left.element.key), left.offset) < (rank(right.element.key), right.offset)
            }
            return .object(JSONObject(ranked.map { ($0.element.key, $0.element.value) }))
        }
        var value = sorted(
            value, ["kind", "apiVersion", "preferences", "clusters", "users", "contexts", "current-context"])
        let contents: [(KubeconfigFiles.Section, [String])] = [
            (
                .clusters,
                [
                    "server", "tls-server-name", "insecure-skip-tls-verify", "certificate-authority",
                    "certificate-authority-data", "proxy-url",
                ]
            ),
            (
                .users,
                [
                    "client-certificate", "client-certificate-data", "client-key", "client-key-data", "token",
                    "tokenFile", "as", "as-uid", "as-groups", "username", "password",
                ]
            ), (.contexts, ["cluster", "user", "namespace"]),
        ]
        for (section, order) in contents {
            guard let entries = value[section.rawValue]?.array else { continue }
            value[section.rawValue] = .array(
                entries.map { entry in
                    var entry = sorted(entry, ["name", section.member])
                    entry[section.member] = entry[section.member].map { sorted($0, order) }
                    return entry
                })
        }
        return value
    }

    private static func minify(_ value: inout JSONValue, _ call: Invocation, _ config: KubeconfigFiles) throws
    {
        let name = call.flags.given("context") ?? config.currentContext
        guard let context = config.entry(.contexts, name)?.value else {
            throw KubectlError("cannot locate context \(name)")
        }
        let kept: [(KubeconfigFiles.Section, String)] = [
            (.contexts, name), (.clusters, context["cluster"]?.string ?? ""),
            (.users, context["user"]?.string ?? ""),
        ]
        for (section, name) in kept {
            let entries = (value[section.rawValue]?.array ?? []).filter { $0["name"]?.string == name }
            value[section.rawValue] = entries.isEmpty ? .null : .array(entries)
        }
        value["current-context"] = .string(name)
    }

    private static func update(
        _ value: inout JSONValue, _ section: KubeconfigFiles.Section,
        _ change: (String, inout JSONValue) throws -> Void
    ) rethrows {
        guard var entries = value[section.rawValue]?.array else { return }
        for index in entries.indices {
            var content = entries[index][section.member] ?? [:]
            try change(entries[index]["name"]?.string ?? "", &content)
            entries[index][section.member] = content
        }
        value[section.rawValue] = .array(entries)
    }

    private static func flatten(_ value: inout JSONValue, _ config: KubeconfigFiles) throws {
        let fields: [(KubeconfigFiles.Section, [String])] = [
            (.clusters, ["certificate-authority"]), (.users, ["client-certificate", "client-key"]),
        ]
        for (section, names) in fields {
            try update(&value, section) { entry, content in
                for name in names {
                    guard let path = content[name]?.string, !path.isEmpty else { continue }
                    let directory = config.entry(section, entry)?.directory ?? "."
                    let bytes = try HostFiles.read(path.hasPrefix("/") ? path : "\(directory)/\(path)")
                    content[name] = nil
                    content["\(name)-data"] = .string(Base64.encode(bytes))
                }
            }
        }
    }

    private static func redact(_ value: inout JSONValue) {
        func hide(_ content: inout JSONValue, _ field: String, _ text: String) {
            if !(content[field]?.string ?? "").isEmpty { content[field] = .string(text) }
        }
        update(&value, .clusters) { _, content in
            hide(&content, "certificate-authority-data", "DATA+OMITTED")
        }
        update(&value, .users) { _, content in
            hide(&content, "client-certificate-data", "DATA+OMITTED")
            hide(&content, "client-key-data", "DATA+OMITTED")
            hide(&content, "token", "REDACTED")
            hide(&content, "password", "REDACTED")
        }
    }
}
