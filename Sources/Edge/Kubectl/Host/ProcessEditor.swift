internal import Glibc

/// Runs an editor on this process's terminal and waits for its end.
enum ProcessEditor {
    /// The command goes through the shell, so that it may have arguments of its own.
    static func run(_ command: String, _ path: String) async throws -> Int32 {
        try await HostThread.run {
            let words = ["/bin/sh", "-c", "\(command) \"$0\"", path]
            var arguments = words.map { strdup($0) } + [nil]
            defer { for argument in arguments { free(argument) } }
            var process = pid_t()
            let code = posix_spawn(&process, "/bin/sh", nil, nil, &arguments, environ)
            guard code == 0 else {
                throw HostError(operation: "start editor", path: command, cause: "error \(code)")
            }
            var status: Int32 = 0
            while waitpid(process, &status, 0) < 0 {
                guard errno == EINTR else {
                    throw HostError(operation: "wait for editor", path: command, cause: "error \(errno)")
                }
            }
            return status & 0x7f == 0 ? (status >> 8) & 0xff : 128 + (status & 0x7f)
        }
    }
}
