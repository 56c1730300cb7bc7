internal import EdgeClient
internal import EdgeJSON

/// Connects a running command with standard input and output, for exec and attach.
struct RemoteCommand {
    let call: Invocation
    let hasInput: Bool
    let isTerminal: Bool
    /// Where the command's output goes; kubectl's own by default.
    var output: (@Sendable ([UInt8]) async throws -> Void)?
    /// Where its errors go; kubectl's own by default.
    var errors: (@Sendable ([UInt8]) -> Void)?
    /// Where its input comes from; kubectl's own by default.
    var input: (any KubectlInput)?

    /// Runs until the command ends. Throws with its exit code when that is not zero.
    func run(_ stream: any CommandStream) async throws {
        let terminal = isTerminal ? call.environment.terminal : nil
        let restore = try hasInput ? terminal?.makeRaw() : nil
        defer { restore?() }
        try await withThrowingTaskGroup(of: Void.self) { group in
            if hasInput {
                let input = input ?? call.environment.input
                group.addTask {
                    while let bytes = try await input.read() { try await stream.send(bytes) }
                    try await stream.endInput()
                }
            }
            if let terminal {
                group.addTask {
                    if let size = terminal.size { try await stream.resize(size) }
                    for await size in terminal.resizes() { try await stream.resize(size) }
                }
            }
            defer { group.cancelAll() }
            try await receive(stream)
        }
        await stream.close()
    }

    private func receive(_ stream: any CommandStream) async throws {
        while let event = try await stream.next() {
            switch event {
            case .output(let bytes):
                if let output { try await output(bytes) } else { call.write(bytes) }
            case .error(let bytes):
                if let errors { errors(bytes) } else { call.environment.errors.write(bytes) }
            case .status(let status): return try Self.check(status)
            }
        }
        // Servers of the first protocol versions close without telling.
    }

    /// Throws what the status of an ended command tells.
    static func check(_ status: JSONValue) throws {
        guard status["status"]?.string != "Success" else { return }
        let causes = status.at("details", "causes")?.array ?? []
        if status["reason"]?.string == "NonZeroExitCode",
            let code = causes.first(where: { $0["reason"]?.string == "ExitCode" })?["message"]?.string
                .flatMap({ Int32($0) })
        {
            throw KubectlError("command terminated with exit code \(code)", form: .verbatim, exitCode: code)
        }
        throw KubectlError(status["message"]?.string ?? "the command failed without a reason")
    }
}
