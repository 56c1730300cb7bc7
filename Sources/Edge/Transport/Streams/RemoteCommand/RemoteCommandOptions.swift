/// Which streams an exec or attach has.
public struct RemoteCommandOptions: Sendable, Equatable {
    public var stdin: Bool
    public var stdout: Bool
    public var stderr: Bool
    public var tty: Bool

    public init(stdin: Bool = false, stdout: Bool = true, stderr: Bool = true, tty: Bool = false) {
        self.stdin = stdin
        self.stdout = stdout
        // A terminal has one output.
        self.stderr = stderr && !tty
        self.tty = tty
    }

    /// From the query of an exec or attach request, in the API server's spelling (`stdin=true`) or the
    /// kubelet's (`input=1`). Nil when none of the three streams is asked for.
    public init?(_ target: HTTPTarget) {
        func isSet(_ names: String...) -> Bool {
            names.contains { ["true", "1"].contains(target.value($0)) }
        }
        self.init(
            stdin: isSet("stdin", "input"), stdout: isSet("stdout", "output"),
            stderr: isSet("stderr", "error"),
            tty: isSet("tty"))
        guard stdin || stdout || stderr else { return nil }
    }

    /// The query items in the API server's spelling.
    public var queryItems: [HTTPTarget.QueryItem] {
        [("stdin", stdin), ("stdout", stdout), ("stderr", stderr), ("tty", tty)]
            .filter(\.1).map { HTTPTarget.QueryItem($0.0, "true") }
    }
}

public struct TerminalSize: Sendable, Equatable {
    public let width: UInt16
    public let height: UInt16

    public init(width: UInt16, height: UInt16) {
        self.width = width
        self.height = height
    }
}
