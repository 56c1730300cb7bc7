internal import Dispatch
internal import EdgeTransport
internal import Glibc

/// The terminal that this process runs on.
struct ProcessTerminal: KubectlTerminal {
    var isInteractive: Bool { isatty(STDIN_FILENO) == 1 }
    var isOutputTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

    var size: TerminalSize? {
        var window = winsize()
        for descriptor in [STDOUT_FILENO, STDIN_FILENO]
        where ioctl(descriptor, UInt(TIOCGWINSZ), &window) == 0 {
            if window.ws_col > 0 { return TerminalSize(width: window.ws_col, height: window.ws_row) }
        }
        return nil
    }

    func resizes() -> AsyncStream<TerminalSize> {
        let (stream, continuation) = AsyncStream<TerminalSize>.makeStream(
            bufferingPolicy: .bufferingNewest(1))
        // Sources may be used from any thread; the type does not say so.
        nonisolated(unsafe) let source = DispatchSource.makeSignalSource(signal: SIGWINCH, queue: .global())
        source.setEventHandler {
            if let size { continuation.yield(size) }
        }
        continuation.onTermination = { _ in source.cancel() }
        source.activate()
        return stream
    }

    func makeRaw() throws -> @Sendable () -> Void {
        var saved = termios()
        guard tcgetattr(STDIN_FILENO, &saved) == 0 else {
            throw HostError(operation: "read terminal settings", path: "", cause: "error \(errno)")
        }
        var raw = saved
        cfmakeraw(&raw)
        guard tcsetattr(STDIN_FILENO, TCSANOW, &raw) == 0 else {
            throw HostError(operation: "set terminal to raw", path: "", cause: "error \(errno)")
        }
        let restored = saved
        return {
            var settings = restored
            tcsetattr(STDIN_FILENO, TCSANOW, &settings)
        }
    }
}
