internal import EdgeAPI
internal import EdgeClient
internal import EdgeJSON

/// The flags of a deletion, and what they come down to.
struct Deletion: Sendable {
    var gracePeriod: Int?
    var propagation: DeleteOptions.Propagation = .background
    var isServerDryRun = false

    static let flags: [FlagSpec] = [
        FlagSpec(
            "cascade", nil, .string, default: "background", bare: "background",
            "How dependents go: background, foreground or orphan."),
        FlagSpec("force", nil, .bool, "Delete at once, with --grace-period=0."),
        FlagSpec(
            "grace-period", nil, .int, default: "-1", "Seconds that the object has to end; -1: its own."),
        FlagSpec("timeout", nil, .duration, default: "0s", "How long to wait for the end; 0: for ever."),
        FlagSpec("wait", nil, .bool, default: "false", "Wait until the object is gone."),
    ]

    init(_ call: Invocation) throws {
        propagation = try Self.propagation(call.flags.string("cascade"), call)
        let grace = call.flags.int("grace-period")
        gracePeriod = grace < 0 ? nil : grace
    }

    private static func propagation(_ text: String, _ call: Invocation) throws -> DeleteOptions.Propagation {
        switch text {
        case "background", "": return .background
        case "foreground": return .foreground
        case "orphan": return .orphan
        case "true", "false":
            let new = text == "true" ? "background" : "orphan"
            call.warn(
                "--cascade=\(text) is deprecated (boolean value) and can be replaced with --cascade=\(new).")
            return text == "true" ? .background : .orphan
        default:
            throw KubectlError(
                "invalid cascade value (\(text)). Must be \"background\", \"foreground\", or \"orphan\"")
        }
    }

    var body: JSONValue {
        DeleteOptions(gracePeriodSeconds: gracePeriod.map(Int64.init), propagation: propagation).value
    }

    /// Deletes an object; returns the uid that it has or had, empty when the server does not say.
    func delete(_ info: ResourceInfo, _ client: ResourceClient) async throws -> String {
        let answer = try await client.delete(info, body, isServerDryRun: isServerDryRun)
        if answer["kind"]?.string == "Status" { return answer.at("details", "uid")?.string ?? "" }
        return answer.at("metadata", "uid")?.string ?? ""
    }

    /// Waits until the object with this uid is gone.
    static func waitUntilGone(
        _ info: ResourceInfo, uid: String, timeout: Duration?, _ session: Session
    ) async throws {
        let client = try session.resources()
        try await withTimeout(timeout, sleep: session.environment.sleep) {
            KubectlError(
                "timed out waiting for the condition on \(info.resource.qualifiedName)/\(info.name)")
        } _: {
            do {
                try await client.follow(info) { object in
                    guard let object else { return true }
                    return !uid.isEmpty && object.uid != uid
                }
            } catch let status as APIStatus
                where status.reason == .forbidden || status.reason == .methodNotAllowed
            {
                // Who may delete but not look cannot wait.
            }
        }
    }
}
