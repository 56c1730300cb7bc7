internal import ArgumentParser
internal import EdgeAPIServer
internal import EdgeStorage
internal import EdgeTransport

/// The audit log's flags: kube-apiserver's own, given directly or in k3s's way as `--kube-apiserver-arg`.
struct AuditOptions: ParsableArguments {
    @Option(help: "The audit policy; without one there is no audit log.")
    var auditPolicyFile: String?

    @Option(
        help:
            "The audit log, - for the standard output; server/logs/audit.log in the data directory when not given."
    )
    var auditLogPath: String?

    @Option(name: .customLong("audit-log-maxage"), help: "How many days old audit logs stay; 0 for ever.")
    var auditLogMaxAge: Int?

    @Option(name: .customLong("audit-log-maxbackup"), help: "How many old audit logs stay; 0 for all.")
    var auditLogMaxBackup: Int?

    @Option(name: .customLong("audit-log-maxsize"), help: "How many megabytes an audit log may have.")
    var auditLogMaxSize: Int?

    /// Together with the flags given in k3s's way, which win. A flag that edge does not have is refused: nobody should
    /// believe that it does something.
    func merged(with arguments: [String]) throws -> AuditOptions {
        var options = self
        for argument in arguments {
            let trimmed = argument.drop { $0 == "-" }
            guard let equals = trimmed.firstIndex(of: "=") else {
                throw ValidationError("--kube-apiserver-arg must be name=value, not \"\(argument)\"")
            }
            let value = String(trimmed[trimmed.index(after: equals)...])
            switch trimmed[..<equals] {
            case "audit-policy-file": options.auditPolicyFile = value
            case "audit-log-path": options.auditLogPath = value
            case "audit-log-maxage": options.auditLogMaxAge = try Self.number(argument, value)
            case "audit-log-maxbackup": options.auditLogMaxBackup = try Self.number(argument, value)
            case "audit-log-maxsize": options.auditLogMaxSize = try Self.number(argument, value)
            case "audit-log-format" where value == "json": break
            case let name:
                throw ValidationError(
                    "--kube-apiserver-arg \(name) is not supported by this version of edge, which knows audit-policy-file, audit-log-path, audit-log-maxage, audit-log-maxbackup, audit-log-maxsize and audit-log-format=json"
                )
            }
        }
        return options
    }

    private static func number(_ argument: String, _ value: String) throws -> Int {
        guard let number = Int(value), number >= 0 else {
            throw ValidationError("--kube-apiserver-arg \(argument): \"\(value)\" is not a number")
        }
        return number
    }

    /// Nil without a policy.
    func open(_ layout: DataLayout) throws -> Audit? {
        guard let file = auditPolicyFile else { return nil }
        let policy: AuditPolicy
        do { policy = try AuditPolicy(parsing: SmallFile.readText(file)) } catch {
            throw CommandFailure("read audit policy \(file): \(error)")
        }
        var limits = RotatingLog.Limits()
        limits.days = auditLogMaxAge ?? 0
        limits.backups = auditLogMaxBackup ?? 0
        if let megabytes = auditLogMaxSize, megabytes > 0 { limits.size = megabytes << 20 }
        return Audit(
            policy: policy, log: try RotatingLog(path: auditLogPath ?? layout.auditLog, limits: limits))
    }
}
