public import EdgeSystem

/// A process run in a container, seen from outside. Reading what it writes is the caller's duty: its pipes hold
/// 64 KiB.
public final class ExecSession: Sendable {
    /// Where to write its standard input; nil if it was not asked for. Close it to end the input.
    public let input: AsyncDescriptor?
    /// Standard output, or all of a terminal's.
    public let output: AsyncDescriptor?
    /// Nil with a terminal.
    public let errorOutput: AsyncDescriptor?
    public let hasTerminal: Bool

    let id: String
    private let service: RuntimeService

    init(
        id: String, service: RuntimeService, input: AsyncDescriptor?, output: AsyncDescriptor?,
        errorOutput: AsyncDescriptor?, hasTerminal: Bool
    ) {
        self.id = id
        self.service = service
        self.input = input
        self.output = output
        self.errorOutput = errorOutput
        self.hasTerminal = hasTerminal
    }

    /// How the process ends. Nil if the task was cancelled before. A process whose container goes away under it
    /// ends by SIGKILL.
    public func wait() async -> ExitStatus? {
        await service.waitForExec(id)
    }

    public func resize(columns: UInt16, rows: UInt16) throws(SystemError) {
        if hasTerminal { try output?.setWindowSize(columns: columns, rows: rows) }
    }

    /// Sends a signal to the process itself, not to its children.
    public func signal(_ number: Int32) async throws {
        try await service.signalExec(id, number)
    }

    /// Closes the streams. The process goes on unless that ends it; a terminal's gets SIGHUP.
    public func close() {
        input?.close()
        output?.close()
        errorOutput?.close()
    }

    /// Lets readers take what is in the pipes, but not wait for writers that the process has left behind.
    func closeAfterExit() {
        output?.endWhenEmpty()
        errorOutput?.endWhenEmpty()
    }

    deinit {
        close()
        service.forgetExec(id)
    }
}

/// What to run in a container, and which of its streams are wanted.
public struct ExecRequest: Sendable {
    public var arguments: [String]
    public var wantsInput = false
    public var wantsOutput = true
    public var wantsErrorOutput = true
    public var hasTerminal = false
    /// The terminal's size in characters; 0 leaves it open.
    public var columns: UInt16 = 0
    public var rows: UInt16 = 0

    public init(_ arguments: [String]) {
        self.arguments = arguments
    }
}

/// What a command printed, and how it ended.
public struct ExecResult: Sendable, Equatable {
    public let output: [UInt8]
    public let errorOutput: [UInt8]
    public let status: ExitStatus
}
