internal import Glibc
internal import Synchronization

/// One line on standard error that is written over while something takes its time; on what is no terminal a new
/// line for each new text.
final class ProgressLine: Sendable {
    private let isTerminal = isatty(STDERR_FILENO) == 1
    private let last = Mutex("")

    func show(_ text: String, seconds: Int64) {
        if isTerminal {
            HostSetup.write(Array("\r\u{1b}[K\(text) (\(seconds) s)".utf8), to: STDERR_FILENO)
            last.withLock { $0 = text }
        } else if last.withLock({ last in
            defer { last = text }
            return last != text
        }) {
            HostSetup.write(Array("\(text)\n".utf8), to: STDERR_FILENO)
        }
    }

    /// Leaves no trace on a terminal.
    func end() {
        if isTerminal, last.withLock({ !$0.isEmpty }) {
            HostSetup.write(Array("\r\u{1b}[K".utf8), to: STDERR_FILENO)
        }
    }
}
