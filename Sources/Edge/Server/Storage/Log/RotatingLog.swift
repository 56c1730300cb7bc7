public import EdgeBase
internal import Synchronization

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#endif

/// A log file of lines, written by a thread of its own from a bounded queue: who logs never waits for a disk. When the
/// disk is too slow lines are dropped, and a count of them is written once there is room.
public final class RotatingLog: Sendable {
    public struct Limits: Sendable, Equatable {
        /// In bytes; a file that would grow beyond is renamed and a new one begun.
        public var size = 100 << 20
        /// How many renamed files stay; 0 for all.
        public var backups = 0
        /// How long renamed files stay, in days; 0 for ever.
        public var days = 0

        public init() {}
    }

    private struct State {
        var lines: [[UInt8]] = []
        var bytes = 0
        var dropped = 0
        var isClosed = false
    }

    private static let maximumQueued = 16 << 20

    private let path: String
    private let limits: Limits
    private let clock: any WallClock
    private let state = Mutex(State())
    private let signal = ThreadSignal()

    /// Opens the file, or makes it. `-` is the standard output.
    public init(path: String, limits: Limits = Limits(), clock: any WallClock = SystemWallClock())
        throws(StorageError)
    {
        self.path = path
        self.limits = limits
        self.clock = clock
        let file = try LogFile(path: path)
        try DedicatedThread.start(name: "edge-audit") { [self] in write(to: file) }
    }

    /// Queues a line, which brings its own line end.
    public func append(_ line: [UInt8]) {
        let isFirst = state.withLock { state in
            guard !state.isClosed else { return false }
            guard state.bytes + line.count <= Self.maximumQueued else {
                state.dropped += 1
                return false
            }
            state.lines.append(line)
            state.bytes += line.count
            return state.lines.count == 1
        }
        if isFirst { signal.post() }
    }

    /// Writes what is queued and ends the thread.
    public func close() {
        state.withLock { $0.isClosed = true }
        signal.post()
    }

    /// How many lines were dropped since the file last took some.
    public var dropped: Int { state.withLock(\.dropped) }

    private func write(to first: LogFile) {
        var file = first
        while true {
            signal.wait()
            let (lines, dropped, isClosed) = state.withLock { state in
                defer {
                    state.lines = []
                    state.bytes = 0
                    state.dropped = 0
                }
                return (state.lines, state.dropped, state.isClosed)
            }
            for line in lines {
                if file.size > 0, file.size + line.count > limits.size { rotate(&file) }
                file.write(line)
            }
            if dropped > 0 { file.write(Array("{\"edge\":\"\(dropped) audit events were dropped\"}\n".utf8)) }
            if isClosed {
                file.close()
                return
            }
        }
    }

    private func rotate(_ file: inout LogFile) {
        guard path != "-" else { return }
        file.close()
        rename(path, LogFile.backupName(of: path, at: clock.now))
        if let next = try? LogFile(path: path) { file = next }
        LogFile.prune(path, limits, now: clock.now)
    }
}
