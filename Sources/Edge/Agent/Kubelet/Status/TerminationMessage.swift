internal import EdgeAPI

/// What a container leaves as its last words (kubelet's limits: 4096 bytes of the file, else 80 lines or 2048 bytes
/// of the log).
enum TerminationMessage {
    static let maximumFileBytes = 4096
    static let maximumLogBytes = 2048
    static let maximumLogLines = 80

    /// - Parameters:
    ///   - file: what the container has written into its message file.
    ///   - logTail: reads the end of its log; asked for only when it counts.
    static func text(_ container: Container, exitCode: Int, file: [UInt8], logTail: () -> String) -> String {
        if !file.isEmpty {
            return String(decoding: file.prefix(maximumFileBytes), as: UTF8.self)
        }
        guard container.terminationMessagePolicy == "FallbackToLogsOnError", exitCode != 0 else { return "" }
        return logTail()
    }
}
