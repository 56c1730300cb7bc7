/// Limits how long something may take.
enum Deadline {
    /// Runs `body`; when it takes longer than `limit`, cancels it and throws `StreamError.timedOut`.
    static func run<Success: Sendable>(
        _ limit: Duration?, _ what: String, _ body: @escaping @Sendable () async throws -> Success
    ) async throws -> Success {
        guard let limit else { return try await body() }
        return try await withThrowingTaskGroup(of: Success.self) { group in
            group.addTask { try await body() }
            group.addTask {
                try await Task.sleep(for: limit)
                throw StreamError.timedOut(what)
            }
            defer { group.cancelAll() }
            guard let result = try await group.next() else { throw CancellationError() }
            return result
        }
    }
}
