/// How far a command goes.
enum DryRun: Sendable {
    case none, client, server

    init(_ call: Invocation) throws {
        switch call.flags.string("dry-run") {
        case "none", "": self = .none
        case "client": self = .client
        case "server": self = .server
        case "unchanged", "true":
            call.errorLine(
                "W: --dry-run is deprecated and can be replaced with --dry-run=client.")
            self = .client
        case "false": self = .none
        case let other:
            throw KubectlError(
                "Invalid dry-run value (\(other)). Must be \"none\", \"server\", or \"client\".")
        }
    }

    /// What is added to `created` and the like.
    var suffix: String {
        switch self {
        case .none: ""
        case .client: " (dry run)"
        case .server: " (server dry run)"
        }
    }
}
