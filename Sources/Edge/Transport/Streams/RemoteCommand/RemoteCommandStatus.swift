internal import EdgeJSON

/// How an exec or attach ended.
public enum RemoteCommandStatus: Sendable, Equatable {
    case success
    /// The command ended with this code, which is not 0.
    case exit(code: Int)
    /// The command could not be run or its streams broke.
    case failure(reason: String, message: String)

    /// As `metav1.Status` in JSON, the form of the protocols v4 and v5.
    var status: JSONValue {
        switch self {
        case .success: return ["metadata": [:], "status": "Success"]
        case .exit(let code):
            return [
                "metadata": [:], "status": "Failure",
                "message": .string("command terminated with non-zero exit code: \(message)"),
                "reason": "NonZeroExitCode",
                "details": ["causes": [["reason": "ExitCode", "message": .string(String(code))]]],
            ]
        case .failure(let reason, let message):
            return [
                "metadata": [:], "status": "Failure", "message": .string(message), "reason": .string(reason),
                "code": 500,
            ]
        }
    }

    /// As plain text, the form of the protocols before v4; nil for success, which sends nothing.
    var text: String? { self == .success ? nil : message }

    public var message: String {
        switch self {
        case .success: ""
        case .exit(let code): "command terminated with exit code \(code)"
        case .failure(_, let message): message
        }
    }

    /// What the bytes of an error channel say.
    init(parsing bytes: [UInt8]) {
        guard !bytes.isEmpty else {
            self = .success
            return
        }
        guard let value = try? JSONValue(parsing: bytes), value.object != nil else {
            self = .failure(reason: "InternalError", message: String(decoding: bytes, as: UTF8.self))
            return
        }
        if value["status"]?.string == "Success" {
            self = .success
            return
        }
        let causes = value[path: "details", "causes"]?.array ?? []
        let code = causes.first { $0["reason"]?.string == "ExitCode" }?["message"]?.string.flatMap { Int($0) }
        if value["reason"]?.string == "NonZeroExitCode", let code {
            self = .exit(code: code)
        } else {
            self = .failure(
                reason: value["reason"]?.string ?? "InternalError", message: value["message"]?.string ?? "")
        }
    }
}
