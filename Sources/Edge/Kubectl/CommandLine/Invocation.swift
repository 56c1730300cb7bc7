internal import EdgeBase
internal import EdgeClient

/// One command as the user called it: its flags and arguments, and the session it runs in.
struct Invocation: Sendable {
    let spec: CommandSpec
    /// `kubectl create deployment`
    let path: String
    var flags: ParsedFlags
    var arguments: [String]
    /// How many arguments stood before `--`; nil when there was none.
    let dashIndex: Int?
    let session: Session

    var environment: KubectlEnvironment { session.environment }

    func write(_ text: String) { environment.output.write(Array(text.utf8)) }
    func write(_ bytes: [UInt8]) { environment.output.write(bytes) }
    func line(_ text: String) { write(text + "\n") }
    func errorLine(_ text: String) { environment.errors.write(Array((text + "\n").utf8)) }
    func warn(_ text: String) { errorLine("Warning: " + text) }

    /// The arguments before `--`.
    var argumentsBeforeDash: [String] { dashIndex.map { Array(arguments[..<$0]) } ?? arguments }
    var argumentsAfterDash: [String] { dashIndex.map { Array(arguments[$0...]) } ?? [] }

    func noArguments() throws(KubectlError) {
        guard arguments.isEmpty else { throw .arguments("unexpected arguments: \(goList(arguments))") }
    }
}
