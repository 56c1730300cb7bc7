internal import UnixSignals

/// Ends a service when the host asks for it.
enum Signals {
    /// Runs a service until it ends, SIGTERM or SIGINT comes; then it is cancelled and waited for. A failure of the
    /// service is thrown.
    static func untilAsked(_ service: @escaping @Sendable () async throws -> Void) async throws {
        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await service() }
            tasks.addTask {
                for await _ in signals { return }
            }
            defer { tasks.cancelAll() }
            do { try await tasks.next() } catch is CancellationError {}
            tasks.cancelAll()
            do { try await tasks.waitForAll() } catch is CancellationError {}
        }
    }
}
