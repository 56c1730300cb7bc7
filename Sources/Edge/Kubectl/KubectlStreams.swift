public import EdgeTransport

/// Where text goes. Writes are in order and complete when they return.
public protocol KubectlOutput: Sendable {
    func write(_ bytes: [UInt8])
}

/// Where standard input comes from.
public protocol KubectlInput: Sendable {
    /// The next piece; nil at the end.
    func read() async throws -> [UInt8]?
}

/// The terminal that kubectl runs on, for `exec -t` and prompts.
public protocol KubectlTerminal: Sendable {
    /// Whether standard input is a terminal.
    var isInteractive: Bool { get }
    /// Whether standard output is a terminal.
    var isOutputTerminal: Bool { get }
    var size: TerminalSize? { get }
    /// Sizes after each change of the window.
    func resizes() -> AsyncStream<TerminalSize>
    /// Passes every key on as it is; the returned closure undoes it.
    func makeRaw() throws -> @Sendable () -> Void
}
