internal import EdgeSystem
internal import Synchronization

/// Reads a container's log, also while it is written and rotated. For one task at a time.
public final class LogReader: Sendable {
    private struct State {
        var formatter: LogFormatter
        var cursor: LogFiles.Cursor?
        var hasStarted = false
    }

    private let files: LogFiles
    private let options: LogOptions
    private let pool: BlockingPool
    // Locked only for the moments on the pool: one call of `next` at a time uses it.
    private let state: Mutex<State>
    private let watcher: FileWatcher?
    /// True once the container has ended, so that nothing more is written.
    private let hasEnded: @Sendable () -> Bool
    private let pokes: AsyncStream<Void>
    private let poke: AsyncStream<Void>.Continuation
    private let waiters = Mutex<[Task<Void, Never>]>([])

    init(
        path: String, options: LogOptions, reactor: Reactor, pool: BlockingPool,
        hasEnded: @escaping @Sendable () -> Bool, waitForEnd: @escaping @Sendable () async -> Void
    ) throws(SystemError) {
        files = LogFiles(path: path)
        self.options = options
        self.pool = pool
        self.hasEnded = hasEnded
        state = Mutex(State(formatter: LogFormatter(options)))
        (pokes, poke) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        guard options.follow else {
            watcher = nil
            return
        }
        let watcher = try FileWatcher(reactor: reactor)
        let directory = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        try watcher.watch(directory, for: [.modified, .created, .movedFrom])
        self.watcher = watcher
        let poke = poke
        let changes = watcher.changes
        waiters.withLock { tasks in
            tasks = [
                Task { for await _ in changes { poke.yield() } },
                Task {
                    await waitForEnd()
                    poke.yield()
                },
            ]
        }
    }

    deinit {
        for task in waiters.withLock({ $0 }) { task.cancel() }
        poke.finish()
    }

    /// The next piece of formatted text; nil at the end, which a followed log reaches with its container.
    public func next() async throws -> [UInt8]? {
        var iterator = pokes.makeAsyncIterator()
        while true {
            let ended = hasEnded()
            let text = try await pool.run { [self] in try read() }
            if let text, !text.isEmpty { return text }
            if text != nil { continue }
            let isFull = state.withLock { $0.formatter.isFull }
            guard options.follow, !ended, !isFull, !Task.isCancelled else { return nil }
            guard await iterator.next() != nil else { return nil }
        }
    }

    /// Nil at the present end of the log; empty when what was read gives no text.
    private func read() throws -> [UInt8]? {
        try state.withLock { state in
            if !state.hasStarted {
                state.cursor = try files.start(tailLines: options.tailLines)
                state.hasStarted = true
            }
            guard !state.formatter.isFull, let bytes = try files.read(&state.cursor) else { return nil }
            return state.formatter.append(bytes)
        }
    }
}

extension RuntimeService {
    /// The log of a container, running or not. A container that keeps no log, or has not started, has an empty one.
    public func logs(ofContainer id: String, _ options: LogOptions) throws -> LogReader {
        let path = try container(id).logPath
        guard !path.isEmpty else { throw RuntimeError(.failedPrecondition, "container \(id) keeps no log") }
        return try LogReader(
            path: path, options: options, reactor: reactor, pool: pool,
            hasEnded: { [weak self] in self?.table.withLock { $0.containers[id]?.isExited ?? true } ?? true },
            waitForEnd: { [weak self] in _ = await self?.waitForExit(id) })
    }
}
