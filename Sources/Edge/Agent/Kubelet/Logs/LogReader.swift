internal import EdgeRuntime
internal import EdgeSystem

/// Reads a container's log, and goes on reading while the container runs.
struct LogReader: Sendable {
    let path: String
    let options: LogOptions
    let pool: BlockingPool
    /// Nil: nothing tells of changes, so following ends with the file.
    var reactor: Reactor?
    /// Whether the container may still write.
    var isRunning: @Sendable () -> Bool = { false }
    /// Wakes up for the end of the container.
    var events: @Sendable () -> AsyncStream<RuntimeEvent> = { AsyncStream { $0.finish() } }

    private static let chunk = 64 << 10

    func run(_ write: @Sendable ([UInt8]) async throws -> Void) async throws {
        // Watched before it is read, so that nothing is missed in between.
        let watcher = options.follow ? try watch() : nil
        let path = path
        var file = try await pool.run { try LogFile(path) }
        var position = try await start(file)
        var formatter = LogFormatter(options)
        let wakeUps = watcher.map { merged($0) }
        defer { wakeUps?.task.cancel() }
        var iterator = wakeUps?.stream.makeAsyncIterator()
        while !formatter.isFull {
            // Asked before the read: what is written until the end is read after it.
            let mayGrow = iterator != nil && isRunning()
            let bytes = try await read(file, position)
            if !bytes.isEmpty {
                position += Int64(bytes.count)
                let text = formatter.format(bytes)
                if !text.isEmpty { try await write(text) }
                continue
            }
            if iterator != nil, let next = try await rotated(file) {
                (file, position) = (next, 0)
                continue
            }
            guard mayGrow else { return }
            guard await iterator?.next() != nil else { return }
            try Task.checkCancellation()
        }
    }

    private func start(_ file: LogFile) async throws -> Int64 {
        guard let lines = options.tailLines else { return 0 }
        return try await pool.run { try file.offset(ofLastLines: lines) }
    }

    private func read(_ file: LogFile, _ position: Int64) async throws -> [UInt8] {
        try await pool.run { try file.read(at: position, count: Self.chunk) }
    }

    /// The file that has taken the place of the one that was read to its end; nil while that is the present one.
    private func rotated(_ file: LogFile) async throws -> LogFile? {
        let path = path
        return try await pool.run {
            guard let present = try? FileStatus(of: path), present.inode != (try file.status().inode) else {
                return nil
            }
            return try LogFile(path)
        }
    }

    private func watch() throws -> FileWatcher? {
        guard let reactor, let slash = path.lastIndex(of: "/") else { return nil }
        let watcher = try FileWatcher(reactor: reactor)
        try watcher.watch(
            String(path[..<slash]), for: [.modified, .created, .movedTo, .movedFrom, .deleted, .selfDeleted])
        return watcher
    }

    /// Changes of the directory and events of the runtime as one stream of reasons to look again.
    private func merged(_ watcher: FileWatcher) -> (stream: AsyncStream<Void>, task: Task<Void, Never>) {
        let (stream, continuation) = AsyncStream.makeStream(
            of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let events = events()
        let task = Task {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { for await _ in watcher.changes { continuation.yield() } }
                group.addTask {
                    for await event in events {
                        switch event {
                        case .containerStarted: continue
                        default: continuation.yield()
                        }
                    }
                }
            }
            continuation.finish()
        }
        return (stream, task)
    }
}
