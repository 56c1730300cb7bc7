internal import CEdgeLinux
internal import Glibc
internal import Logging

/// What a process of edge does before anything else, and its plain output.
enum HostSetup {
    static func prepareProcess() {
        // A write to a closed pipe or socket is an error to handle, not the end of the process.
        signal(SIGPIPE, SIG_IGN)
        edge_tune_allocator()
    }

    /// How long after the start a daemon is at rest.
    private static let restAfter: Duration = .seconds(30)

    /// Gives memory back that only the start of a daemon needed, once that is over.
    static func trimMemoryAtRest() {
        Task {
            try await Task.sleep(for: restAfter)
            edge_forget_program_pages()
        }
    }

    /// Logs to standard error: warnings and errors, and the few notices of start and stop.
    static func startLogging(debug: Bool) {
        LoggingSystem.bootstrap { label in
            var handler = StreamLogHandler.standardError(label: label)
            handler.logLevel = debug ? .debug : .notice
            return handler
        }
    }

    static func writeLine(_ text: String) {
        write(Array((text + "\n").utf8), to: STDOUT_FILENO)
    }

    /// Keeps the calling thread out of the way until the process ends.
    static func parkThread() -> Never {
        while true { pause() }
    }

    static func exit(_ code: Int32) -> Never { Glibc.exit(code) }

    static func exit(withError message: String) -> Never {
        write(Array("error: \(message)\n".utf8), to: STDERR_FILENO)
        Glibc.exit(1)
    }

    /// Writes all bytes, as far as the other side takes them.
    static func write(_ bytes: [UInt8], to descriptor: Int32) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}
