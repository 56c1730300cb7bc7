internal import EdgeAPI
internal import EdgeClient

/// Puts failures into the words that kubectl uses for them.
enum ErrorMessage {
    /// What is printed for an error, without a newline at the end; nil for nothing.
    static func text(_ error: any Error, command: String) -> String? {
        switch error {
        case let error as KubectlErrors:
            return error.errors.map { inner($0) }.joined(separator: "\n")
        case let error as KubectlError:
            switch error.form {
            case .silent: return nil
            case .verbatim: return error.message
            case .plain: return "error: \(error.message)"
            case .arguments:
                return "error: \(error.message)\nSee '\(command) -h' for help and examples"
            case .usage: return "error: \(error.message)\nSee '\(command) --help' for usage."
            }
        case let status as APIStatus where status.reason == .invalid && status.code == 422:
            return invalid(status)
        default:
            return inner(error, prefix: "error: ")
        }
    }

    static func exitCode(_ error: any Error) -> Int32 {
        (error as? KubectlError)?.exitCode ?? 1
    }

    /// One error as a line within others.
    static func inner(_ error: any Error, prefix: String = "") -> String {
        switch error {
        case let status as APIStatus:
            if status.reason == .unauthorized {
                return "error: You must be logged in to the server (\(status.message))"
            }
            let reason = status.reason.rawValue
            return reason.isEmpty
                ? "Error from server: \(status.message)"
                : "Error from server (\(reason)): \(status.message)"
        case let failure as ConnectionFailure: return failure.description
        case let error as KubectlError where error.form == .verbatim: return error.message
        default: return "\(prefix)\(error)"
        }
    }

    /// `The Deployment "web" is invalid: spec.replicas: ...`, one line for each cause when there are several.
    private static func invalid(_ status: APIStatus) -> String {
        guard let details = status.details else {
            return "The request is invalid" + (status.message.isEmpty ? "" : ": " + status.message)
        }
        var text = "The request is invalid"
        if !details.kind.isEmpty || !details.name.isEmpty {
            text = "The \(details.kind) \(goQuoted(details.name)) is invalid"
        } else if !status.message.isEmpty, details.causes.isEmpty {
            text += ": " + status.message
        }
        var lines: [String] = []
        for cause in details.causes {
            let line = "\(cause.field): \(cause.message)"
            if !lines.contains(line) { lines.append(line) }
        }
        switch lines.count {
        case 0: return text
        case 1: return "\(text): \(lines[0])"
        default: return "\(text): \n" + lines.map { "* \($0)" }.joined(separator: "\n")
        }
    }
}
