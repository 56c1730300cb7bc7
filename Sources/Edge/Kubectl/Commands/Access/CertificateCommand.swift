internal import EdgeAPI
internal import EdgeBase
internal import EdgeClient
internal import EdgeJSON

/// `kubectl certificate`
enum CertificateCommand {
    static let spec = CommandSpec(
        "certificate", "Modify certificate resources", usage: "SUBCOMMAND",
        subcommands: [
            decision("approve", "Approved", done: "approved"), decision("deny", "Denied", done: "denied"),
        ])

    private static func decision(_ name: String, _ condition: String, done: String) -> CommandSpec {
        CommandSpec(
            name, "\(name == "approve" ? "Approve" : "Deny") a certificate signing request",
            usage: "(-f FILENAME | NAME)", examples: ["kubectl certificate \(name) csr-sqgzp"],
            flags: FlagSets.filename + FlagSets.output + [
                FlagSpec("force", nil, .bool, "Decide again on what is decided.")
            ], run: { try await decide($0, name, condition, done) })
    }

    private static func decide(
        _ call: Invocation, _ name: String, _ condition: String, _ done: String
    ) async throws {
        guard !call.arguments.isEmpty || call.flags.isSet("filename") else {
            throw KubectlError("one or more CSRs must be specified as <name> or -f <filename>")
        }
        var query = ResourceQuery(call)
        query.defaultType = "certificatesigningrequests.certificates.k8s.io"
        var printer = try ChangePrinter(call)
        let client = try call.session.resources()
        try await forEachCollectingErrors(try await query.fetchAll(call.session)) { info in
            var object = info.content
            var conditions = object[path: "status", "conditions"]?.array ?? []
            let opposite = condition == "Approved" ? "Denied" : "Approved"
            if conditions.contains(where: { $0["type"]?.string == opposite }) {
                throw KubectlError(
                    "certificate signing request \(goQuoted(info.name)) is already \(opposite)")
            }
            let isDecided = conditions.contains { $0["type"]?.string == condition }
            guard !isDecided || call.flags.bool("force") else { return try printer.show(info, done) }
            conditions.removeAll { $0["type"]?.string == condition }
            let now = JSONValue.string(call.environment.clock.now.rfc3339)
            conditions.append([
                "lastUpdateTime": now,
                "message": .string("This CSR was \(done) by kubectl certificate \(name)."),
                "reason": .string("Kubectl\(name == "approve" ? "Approve" : "Deny")"), "status": "True",
                "type": .string(condition),
            ])
            object[path: "status", "conditions"] = .array(conditions)
            let answer = try await client.replace(info, object.value, subresource: "approval")
            try printer.show(info.refreshed(answer), done)
        }
    }
}
